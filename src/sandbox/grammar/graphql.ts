import { z } from "zod";
import { Common } from "./common.ts";
import { Where } from "./list.ts";
import { ErrorBody, Fields, Names, Pattern } from "./values.ts";

const { needs, refuse, effects } = Common;
const Acting = { needs, refuse, effects };
const Match = {
  by: Pattern.describe("The key: {args.id}."),
  match: z.string().optional().describe("Field; default the key."),
};

const Listed = z.strictObject({
  list: z.string(),
  as: z.string().optional().describe("Field of the type that holds the list; without it the list is the value."),
  where: z.record(z.string(), Where).optional().describe("By argument: `in: args` is what is meant here."),
  only: Fields.optional().describe("Rows must have these values: patterns with {args.x}, {parent.x}, {user.x}."),
  sort: z.strictObject({ by: z.string(), direction: z.enum(["asc", "desc"]) }).optional(),
  page: z
    .strictObject({ page: z.string(), size: z.string(), default: z.int() })
    .optional()
    .describe("Arguments with the number and the size of a page, and the size without."),
  beside: Fields.optional().describe("With `as`: other fields; {total}, {args.x}."),
  ...Acting,
});
const Got = z.strictObject({ get: z.string(), ...Match, ...Acting });
const Created = z.strictObject({
  create: z.string(),
  from: Pattern.optional().describe("The fields that the caller gives: '{args.input}'; default {args}."),
  set: Fields.optional(),
  defaults: Fields.optional(),
  ...Acting,
});
const Updated = z.strictObject({
  update: z.string(),
  ...Match,
  from: Pattern.optional(),
  set: Fields.optional(),
  ...Acting,
});
const Valued = z.strictObject({ value: Pattern, ...Acting });

/** How one field of a type gets its value. A field without a resolver is the member of its name. */
const Resolver = z.union([Listed, Got, Created, Updated, Valued]);

/** A GraphQL endpoint over the collections. */
export const Graphql = z.strictObject({
  schema: z.string().describe("The schema in SDL, relative to this file."),
  resolvers: z
    .record(z.string(), z.record(z.string(), Resolver))
    .describe("By type and field: { Query: { classes: … }, Class: { students: … } }."),
  unauthorized: ErrorBody.optional().describe("Instead of `errors.unauthorized`: errors inside a 200."),
  invalid: z.int().default(200).describe("Status when the document or its variables are not valid."),
  operations: Names.optional().describe("Operation names that callers may use; default any."),
});

export type GraphqlRule = z.infer<typeof Graphql>;
export type ResolverRule = z.infer<typeof Resolver>;
export type ListResolver = z.infer<typeof Listed>;
