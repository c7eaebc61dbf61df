import { z } from "zod";

/** A value with `{path.id}`, `{body.email}`, `{now}` and the like in it; a string that is one token keeps the type. */
const Pattern = z.json();
const Fields = z.record(z.string(), Pattern);
const Names = z.array(z.string());

/** Looks an object up by the value of a field. */
const Through = z.strictObject({
  collection: z.string(),
  match: z.string().describe("Field that is compared."),
  give: z.string().describe("Field that is the outcome."),
});

/** How one parameter narrows a list. */
const Where = z.strictObject({
  in: z.enum(["query", "path"]).default("query").describe("Where the parameter stands."),
  field: z.string().optional().describe("Field of the row that it is compared with; default: the parameter's name."),
  op: z.enum(["=", ">=", "language", "search"]).default("="),
  fields: Names.optional().describe("For search: what is looked through. For language: names that a query may use."),
  custom: z.string().optional().describe("For language: field whose members a query may name too."),
  default: z.json().optional().describe("Value when the parameter is absent."),
  any: z.json().optional().describe("The value that stands for all."),
  through: Through.optional().describe("Looks the value up in another collection first: an address becomes an id."),
  cases: z.record(z.string(), z.string()).optional().describe("Named conditions, in the query language."),
});

/** An object that is added when `include` asks for it. With nothing said, it is the field itself. */
const Include = z.strictObject({
  one: z.string().optional().describe("Collection of the one object that the row points at."),
  by: z.string().optional().describe("Field of the row that holds its key."),
  many: z.string().optional().describe("Collection of objects that point at the row."),
  where: z.string().optional().describe("Their field that holds the row's key."),
  most: z.int().optional(),
  pick: Fields.optional().describe("What of the object is shown; default everything."),
  value: Pattern.optional().describe("What stands there when the row has nothing."),
});

const Shape = {
  as: z.string().describe("Envelope key of the answer."),
  include: z.record(z.string(), Include).optional().describe("Fields that are only there when asked for."),
  shown: Names.default([]).describe("Of these, the ones that are there without being asked for."),
  hide: Names.optional().describe("Fields that this operation never shows."),
};
const Needs = z
  .array(z.strictObject({ collection: z.string(), key: Pattern, as: z.string() }))
  .optional()
  .describe("Objects that must exist. Named in the path: 404 without them; in the body: 400.");

const List = z.strictObject({
  list: z.string(),
  ...Shape,
  page: z.union([
    z.enum(["none", "link"]),
    z.strictObject({ total: z.string().describe("Where the count of all rows stands."), size: z.int() }),
    z.strictObject({ meta: Fields.describe("Members beside the list; {total}, {pages} and {page} are known.") }),
  ]),
  fixed: z
    .strictObject({ when: Names, size: z.int(), pages: z.int() })
    .optional()
    .describe("With one of these parameters pages have a fixed size, and there are at most so many."),
  needs: Needs,
  where: z.record(z.string(), Where).optional(),
  only: Fields.optional().describe("Rows must have these values."),
  sort: z
    .strictObject({ by: z.string(), parameter: z.string().optional(), direction: z.enum(["asc", "desc"]) })
    .optional(),
  window: z
    .strictObject({ field: z.string(), days: z.number(), unless: Names })
    .optional()
    .describe("Older rows are left out, unless one of these parameters is given."),
});
const Get = z.strictObject({ get: z.string(), by: z.string().describe("Path parameter with the key."), ...Shape });
const Create = z.strictObject({
  create: z.string(),
  ...Shape,
  needs: Needs,
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
});
const Update = z.strictObject({
  update: z.string(),
  by: z.string(),
  ...Shape,
  merge: Names.default([]).describe("Maps that keep the entries which the body does not name."),
});
const Example = z.strictObject({ answer: z.literal("example"), needs: Needs });

const ErrorBody = z.strictObject({
  status: z.int(),
  body: z.json().optional(),
  headers: z.record(z.string(), z.string()).optional(),
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

const Collection = z.strictObject({
  key: z.string().default("id"),
  unique: Names.default([]).describe("Other fields that count upwards with the key."),
  seed: z.string().describe("Operation whose example holds the first objects."),
  at: z.string().describe("Envelope key in that example."),
  also: z
    .strictObject({ seed: z.string(), at: z.string(), fields: Names })
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

/** The grammar of `sandbox.yaml`: what an OpenAPI description cannot say about how a vendor behaves. */
export const SandboxFile = z.strictObject({
  title: z.string(),
  spec: z.string().describe("The description, relative to this file."),
  written: z.iso.datetime().describe("The moment the examples were written; dates are moved as if that were now."),
  environment: z.record(z.string(), z.string()).describe("What the server sees instead of the real environment."),
  credentials: z
    .strictObject({
      basic: z.strictObject({ username: z.string() }).optional(),
      bearer: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional().describe("All of these together."),
    })
    .describe("Any of these opens."),
  rate: z.strictObject({
    perMinute: z.int(),
    operations: z.record(z.string(), z.int()).default({}).describe("Requests a minute of single operations."),
    headers: z.record(z.string(), z.string()),
    include: z
      .strictObject({ get: z.int(), list: z.int() })
      .default({ get: 0, list: 0 })
      .describe("Cost of each include."),
  }),
  errors: z.strictObject({
    invalid: ErrorBody,
    unauthorized: ErrorBody,
    notFound: ErrorBody,
    rateLimited: ErrorBody,
    methodNotAllowed: ErrorBody,
  }),
  paging: z
    .strictObject({ page: z.string(), size: z.string(), default: z.int() })
    .describe("Parameters with the number and the size of a page, and the size without."),
  stamps: z
    .strictObject({ created: z.string(), updated: z.string() })
    .optional()
    .describe("Fields with the times of writes."),
  files: Fields.optional().describe(
    "What is shown of an upload; {number}, {name}, {contentType}, {bytes}, {origin}, {now}.",
  ),
  language: z
    .strictObject({ quote: z.string(), maxLength: z.int() })
    .optional()
    .describe("The query language: field:value, :> and :<, AND, OR, ( ), 'texts', ~[a|b]:'start'."),
  collections: z.record(z.string(), Collection),
  operations: z.record(z.string(), z.union([List, Get, Create, Update, Example])),
});

/** A sandbox as its file describes it. */
export type SandboxFile = z.infer<typeof SandboxFile>;
export type Operation = SandboxFile["operations"][string];
export type ListOperation = z.infer<typeof List>;
export type GetOperation = z.infer<typeof Get>;
export type CreateOperation = z.infer<typeof Create>;
export type UpdateOperation = z.infer<typeof Update>;
export type CollectionRule = z.infer<typeof Collection>;
export type IncludeRule = z.infer<typeof Include>;
export type NeedRule = NonNullable<z.infer<typeof Needs>>[number];
export type WhereRule = z.infer<typeof Where>;
export type ErrorRule = z.infer<typeof ErrorBody>;

/** The sandbox file does not say what a sandbox needs, or does not fit its description. */
export class SandboxFileError extends Error {
  override readonly name = "SandboxFileError";
}
