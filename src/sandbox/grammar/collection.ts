import { z } from "zod";
import { Fields, Names } from "./values.ts";

/** A field of generated objects: a constant or pattern ({n} counts from 0), a number, a moment, or one of several. */
const Generated = z.union([
  z.strictObject({ from: z.number(), step: z.number().default(1) }).describe("from, from + step, …"),
  z.strictObject({
    date: z.iso.datetime(),
    every: z.number().describe("Minutes from one to the next; negative: back in time."),
    zone: z.boolean().default(true).describe("false: without the Z."),
  }),
  z.strictObject({ of: z.array(z.json()).min(1) }).describe("One of these, always the same for the same object."),
  z.json(),
]);

const Generate = z.strictObject({
  count: z.int(),
  fields: z.record(z.string(), Generated).describe("In this order; patterns know the fields above them."),
  rows: z
    .record(z.string(), Fields)
    .default({})
    .describe("Objects that differ, by their number from 0: { 1712: { client: Acorn } }."),
});

/** Objects that are kept. */
export const Collection = z.strictObject({
  key: z.string().default("id"),
  ids: z.enum(["number", "uuid"]).default("number").describe("What the keys of new objects are."),
  unique: Names.default([]).describe("Other fields that count upwards with the key."),
  seed: z.string().optional().describe("Operation whose example holds the first objects."),
  at: z.string().optional().describe("Envelope key in that example; without it the example is the list."),
  rows: z.array(Fields).optional().describe("The first objects, written here."),
  generate: Generate.optional().describe("First objects made by a rule."),
  also: z
    .strictObject({ seed: z.string(), at: z.string().optional(), fields: Names })
    .optional()
    .describe("Operation whose example knows more fields of one of them."),
  set: Fields.optional().describe("Fields that the examples lack."),
  text: z.record(z.string(), z.string()).optional().describe("Field with the plain text of an HTML field."),
  dates: z.record(z.string(), z.string()).optional().describe("Dates written into a field come back so: DD-MM-YYYY."),
  named: z
    .record(z.string(), z.union([z.string(), z.strictObject({ one: z.string(), by: z.string(), value: z.string() })]))
    .optional()
    .describe("Names of the query language that differ from the fields."),
});

export type CollectionRule = z.infer<typeof Collection>;
export type GenerateRule = z.infer<typeof Generate>;
