import { z } from "zod";

/** A value with `{path.id}`, `{body.email}`, `{now}` and the like in it; a string that is one token keeps the type. */
export const Pattern = z.json();
/** Fields of an object, each a pattern; one whose token names nothing is left out. */
export const Fields = z.record(z.string(), Pattern);
export const Names = z.array(z.string());

/** Judges a value: whether it is given at all, equals something, or is one of several. */
export const Condition = z.strictObject({
  value: Pattern,
  given: z.boolean().optional().describe("Whether it must be there, neither null nor empty; false: it must not."),
  equals: z.json().optional(),
  oneOf: z.array(z.json()).optional(),
});
/** All of several conditions, or one. */
export const Conditions = z.union([Condition, z.array(Condition)]);

/** An answer to something that went wrong, in the vendor's words. */
export const ErrorBody = z.strictObject({
  status: z.int(),
  body: z.json().optional().describe("{field}, {code} and {message} are those of the first complaint."),
  headers: z.record(z.string(), z.string()).optional(),
  contentType: z.string().optional().describe("For a body that is a text and no JSON: text/plain, application/xml."),
  each: z
    .strictObject({ at: z.string(), item: Fields })
    .optional()
    .describe("A list of complaints about single fields; {field}, {code} and {message} are known."),
  codes: z
    .record(z.string(), z.string())
    .optional()
    .describe("JSON Schema keyword → the vendor's code; `*`: the rest."),
  messages: z
    .record(z.string(), z.string())
    .optional()
    .describe("JSON Schema keyword → the vendor's wording, with what Ajv knows of it: {allowedValues}, {limit}."),
});

/** Of `failures`, by name, or written where it is used. */
export const ErrorChoice = z.union([z.string(), ErrorBody]);

export type ConditionRule = z.infer<typeof Condition>;
export type ConditionsRule = z.infer<typeof Conditions>;
export type ErrorRule = z.infer<typeof ErrorBody>;
export type ErrorChoice = z.infer<typeof ErrorChoice>;
