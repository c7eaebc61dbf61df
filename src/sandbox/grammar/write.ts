import { z } from "zod";
import { Common, Shape, Through } from "./common.ts";
import { Fields, Names, Pattern } from "./values.ts";

const Filling = {
  form: z.string().optional().describe("Operation whose example is the form, spoken of as {form}."),
  required: z
    .strictObject({ of: z.string(), name: z.string(), flag: z.string(), in: z.string() })
    .optional()
    .describe("The list of a form's fields, and the map of the body that must hold those with the flag."),
  lookup: z
    .array(Through.extend({ field: z.string(), value: Pattern, add: Fields.optional() }))
    .optional()
    .describe("Fields that are found by something else; `add` creates what is not found."),
  set: Fields.optional().describe("Fields that the vendor fills in, whatever the body says."),
  defaults: Fields.optional().describe(
    "Fields that the vendor fills in when the body does not; {defaults.x} in patterns.",
  ),
  location: z.string().optional().describe("The Location header, from the fields of the new object."),
};
const Merge = { merge: Names.default([]).describe("Maps that keep the entries which the body does not name.") };
const By = z
  .string()
  .describe("Path parameter with the key, or a pattern that is the key: {user.id}, {query.ticket_id}.");

/** Answers one object. */
export const Get = z.strictObject({ get: z.string(), by: By, ...Shape, ...Common });
/** Writes a new object. */
export const Create = z.strictObject({ create: z.string(), ...Shape, ...Common, ...Filling });
/** Changes what the body names of one object. */
export const Update = z.strictObject({
  update: z.string(),
  by: By,
  set: Fields.optional().describe("Fields that the vendor fills in."),
  ...Shape,
  ...Common,
  ...Merge,
});
/** Takes an array, or one object: changes the elements that have a key, creates the others. One in: the object out. */
export const Upsert = z.strictObject({
  upsert: z.string(),
  ...Shape,
  ...Common,
  ...Filling,
  ...Merge,
  onCreate: Fields.optional().describe("Fields that the vendor fills in for new ones only."),
  onUpdate: Fields.optional().describe("Fields that the vendor fills in for changed ones only."),
  unwrap: z.boolean().default(true).describe("An array of one is answered with the object, not with an array."),
});
/** Removes one object, and answers it as it was. */
export const Delete = z.strictObject({
  delete: z.string(),
  by: By,
  soft: Fields.optional().describe("Sets these fields instead of removing it: { deleted: true }."),
  ...Shape,
  ...Common,
});

export type GetOperation = z.infer<typeof Get>;
export type CreateOperation = z.infer<typeof Create>;
export type UpdateOperation = z.infer<typeof Update>;
export type UpsertOperation = z.infer<typeof Upsert>;
export type DeleteOperation = z.infer<typeof Delete>;
