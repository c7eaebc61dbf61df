import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** A value with `{path.id}`, `{body.email}`, `{now}` and the like in it; a string that is one token keeps the type. */
const Pattern = z.json();
const Fields = z.record(z.string(), Pattern);

/** How one parameter narrows a list. */
const Where = z.strictObject({
  in: z.enum(["query", "path"]).default("query").describe("Where the parameter stands."),
  field: z.string().optional().describe("Field of the row that it is compared with."),
  op: z.enum(["=", ">=", "contains", "language", "search"]).default("="),
  fields: z.array(z.string()).optional().describe("For search: the fields that are looked through."),
  default: z.json().optional().describe("Value when the parameter is absent."),
  any: z.json().optional().describe("The value that stands for all."),
  through: z
    .strictObject({ collection: z.string(), match: z.string(), give: z.string() })
    .optional()
    .describe("Looks a value up in another collection first: an address becomes an id."),
  cases: z.record(z.string(), z.string()).optional().describe("Named conditions, in the query language."),
});

/** An object that is added when `include` asks for it. */
const Include = z.strictObject({
  one: z.string().optional().describe("Collection of the one object that the row points at."),
  by: z.string().optional().describe("Field of the row that holds its key."),
  many: z.string().optional().describe("Collection of objects that point at the row."),
  where: z.string().optional().describe("Their field that holds the row's key."),
  most: z.int().optional(),
  pick: Fields.optional().describe("What of the object is shown; default everything."),
  value: Pattern.optional().describe("A value made from the row instead."),
});

const Shape = {
  as: z.string().describe("Envelope key of the answer."),
  include: z.record(z.string(), Include).optional(),
  shown: z.array(z.string()).default([]).describe("Includes that are there without being asked for."),
  hide: z.array(z.string()).optional().describe("Fields that this operation does not show."),
};
const Needs = z.array(z.strictObject({ collection: z.string(), key: Pattern, as: z.string() })).optional();

const List = z.strictObject({
  list: z.string(),
  ...Shape,
  page: z.union([
    z.literal("none"),
    z.strictObject({ by: z.literal("link"), size: z.int().default(30) }),
    z.strictObject({ by: z.literal("total"), size: z.int(), total: z.string() }),
    z.strictObject({ by: z.literal("meta"), size: z.int().default(30), meta: Fields }),
  ]),
  fixed: z
    .array(z.strictObject({ when: z.string(), size: z.int(), pages: z.int() }))
    .optional()
    .describe("With this parameter pages have a fixed size, and there are at most so many."),
  needs: Needs,
  where: z.record(z.string(), Where).optional(),
  only: Fields.optional().describe("Rows must have these values."),
  sort: z
    .strictObject({ by: z.string(), parameter: z.string().optional(), direction: z.enum(["asc", "desc"]) })
    .optional(),
  window: z.strictObject({ field: z.string(), days: z.number(), unless: z.array(z.string()) }).optional(),
});
const Get = z.strictObject({ get: z.string(), by: z.string().describe("Path parameter with the key."), ...Shape });
const Required = z
  .strictObject({ of: z.string(), name: z.string(), flag: z.string(), in: z.string() })
  .optional()
  .describe("A form: the fields that the body must hold.");
const Create = z.strictObject({
  create: z.string(),
  ...Shape,
  status: z.int().default(201),
  needs: Needs,
  form: z.string().optional().describe("Operation whose example is the form, spoken of as {form}."),
  required: Required,
  lookup: z
    .record(z.string(), z.strictObject({ value: Pattern, collection: z.string(), match: z.string(), give: z.string() }))
    .optional(),
  set: Fields.optional().describe("Fields that the vendor fills in."),
  defaults: Fields.optional().describe("Values spoken of as {defaults.x}."),
  location: z.string().optional(),
});
const Update = z.strictObject({ update: z.string(), by: z.string(), ...Shape, merge: z.array(z.string()).default([]) });
const Answer = z.strictObject({ answer: z.literal("example") });

const ErrorBody = z.strictObject({
  status: z.int(),
  body: z.json().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  each: z
    .strictObject({ at: z.string(), item: Fields })
    .optional()
    .describe("A list of complaints about single fields."),
  codes: z
    .record(z.string(), z.string())
    .optional()
    .describe("JSON Schema keyword → the vendor's code; `*` for the rest."),
});

/** The grammar of `sandbox.yaml`: what an OpenAPI description cannot say about how a vendor behaves. */
export const SandboxFile = z.strictObject({
  title: z.string(),
  spec: z.string().describe("The description, relative to this file."),
  written: z.iso.datetime().describe("The moment the examples were written; dates are moved as if that were now."),
  environment: z.record(z.string(), z.string()).describe("What the server sees instead of the real environment."),
  credentials: z.strictObject({
    basic: z.strictObject({ username: z.string() }).optional(),
    bearer: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  rate: z.strictObject({
    perMinute: z.int(),
    headers: z.record(z.string(), z.string()),
    include: z
      .strictObject({ get: z.int(), list: z.int() })
      .default({ get: 0, list: 0 })
      .describe("Cost of each include, in requests."),
  }),
  errors: z.strictObject({
    invalid: ErrorBody,
    unauthorized: ErrorBody,
    notFound: ErrorBody,
    rateLimited: ErrorBody,
    methodNotAllowed: ErrorBody,
  }),
  language: z
    .strictObject({ quote: z.string(), maxLength: z.int(), aliases: z.record(z.string(), z.string()).default({}) })
    .optional()
    .describe("The query language: field:value, :> and :<, AND, OR, ( ), 'texts', ~[a|b]:'start'."),
  collections: z.record(
    z.string(),
    z.strictObject({
      key: z.string().default("id"),
      seed: z.string().describe("Operation whose example holds the first objects."),
      at: z.string().describe("Envelope key in that example."),
      set: Fields.optional(),
      unique: z.array(z.string()).default([]).describe("Other fields that count upwards with the key."),
    }),
  ),
  operations: z.record(z.string(), z.union([List, Get, Create, Update, Answer])),
});

/** A sandbox as its file describes it. */
export type SandboxFile = z.infer<typeof SandboxFile>;
export type ListOperation = z.infer<typeof List>;
export type GetOperation = z.infer<typeof Get>;
export type CreateOperation = z.infer<typeof Create>;
export type UpdateOperation = z.infer<typeof Update>;
export type IncludeRule = z.infer<typeof Include>;
export type WhereRule = z.infer<typeof Where>;
export type ErrorRule = z.infer<typeof ErrorBody>;

/** The sandbox file does not say what a sandbox needs. */
export class SandboxFileError extends Error {
  override readonly name = "SandboxFileError";
}

/**
 * Reads `specs/<api>/sandbox.yaml`.
 *
 * @returns the file, and the path of the description that it names.
 * @throws {SandboxFileError} naming every key that is wrong.
 */
export function readSandboxFile(path: string): { readonly file: SandboxFile; readonly spec: string } {
  const parsed = SandboxFile.safeParse(parse(readFileSync(path, "utf8"), { merge: true }));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new SandboxFileError(`${path} is no sandbox:\n${lines.join("\n")}`);
  }
  return { file: parsed.data, spec: join(dirname(path), parsed.data.spec) };
}
