import { z } from "zod";
import { Condition, Conditions, ErrorBody, ErrorChoice, Fields, Names, Pattern } from "./values.ts";

/** Looks an object up by the value of a field. */
export const Through = z.strictObject({
  collection: z.string(),
  match: z.string().describe("Field that is compared."),
  give: z.string().describe("Field that is the outcome."),
});

const Need = z.strictObject({ collection: z.string(), key: Pattern, as: z.string() });

const Always = {
  when: Conditions.optional(),
  each: Pattern.optional().describe("A list: done for every {item} of it."),
};
const Effect = z.union([
  z.strictObject({
    add: z.string().describe("Collection that gets an object."),
    fields: Fields,
    ...Always,
  }),
  z.strictObject({
    change: z.string().describe("Collection of the object that changes."),
    by: Pattern.describe("Its key."),
    set: Fields,
    ...Always,
  }),
]);

const Refusal = z.strictObject({ when: Conditions, error: ErrorChoice });

/** What every operation may say. */
export const Common = {
  open: z.boolean().optional().describe("Needs no credential."),
  scopes: Names.optional().describe("Any one of these opens it; else `errors.forbidden`."),
  needs: z
    .array(Need)
    .optional()
    .describe("Objects that must exist. Named in the path: 404 without them; in the body: 400."),
  refuse: z.array(Refusal).optional().describe("What the vendor refuses although the description allows it."),
  effects: z.array(Effect).optional().describe("What else is written; {row} is what the operation wrote."),
  errors: z.record(z.string(), ErrorBody).optional().describe("Errors of the file that look different here."),
};

/** An object that is added to a row. With nothing said, it is the field itself. */
const Include = z.strictObject({
  one: z.string().optional().describe("Collection of the one object that the row points at."),
  by: z.string().optional().describe("Field of the row that holds its key."),
  many: z.string().optional().describe("Collection of objects that point at the row."),
  where: z.string().optional().describe("Their field that holds the row's key."),
  all: z.string().optional().describe("Collection of which all objects are shown."),
  only: z.array(Condition).optional().describe("For many and all: {row} is one of them, {parent} the row."),
  sort: z.strictObject({ by: z.string(), direction: z.enum(["asc", "desc"]) }).optional(),
  most: z.int().optional(),
  pick: Fields.optional().describe("What of the object is shown; default everything."),
  wrap: Pattern.optional().describe("What the list stands in: { loaded: true, rows: '{rows}' }."),
  value: Pattern.optional().describe("What stands there when the row has nothing."),
  when: z.string().optional().describe("Parameter that asks for it by being true, beside `include`."),
  if: Fields.optional().describe("Fields that the row must have for this rule to count."),
});

/** How an operation shows an object. */
export const Shape = {
  as: z.string().optional().describe("Envelope key of the answer; without it the object or the list stands bare."),
  include: z
    .record(z.string(), z.union([Include, z.array(Include)]))
    .optional()
    .describe("Fields that are only there when asked for. Of several rules, the first whose `if` fits."),
  shown: Names.default([]).describe("Of these, the ones that are there without being asked for."),
  hide: Names.optional().describe("Fields that this operation never shows."),
  fields: Names.optional().describe("Fields that this operation shows; default all."),
  detail: z
    .strictObject({ when: z.string(), fields: Names })
    .optional()
    .describe("Fields that are only there when this parameter is true."),
};

export type NeedRule = z.infer<typeof Need>;
export type EffectRule = z.infer<typeof Effect>;
export type RefusalRule = z.infer<typeof Refusal>;
export type IncludeRule = z.infer<typeof Include>;
