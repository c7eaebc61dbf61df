import { z } from "zod";
import { Complete, Download, Presign, SessionStep, Written } from "./grammar/answer.ts";
import { Collection } from "./grammar/collection.ts";
import { Graphql } from "./grammar/graphql.ts";
import { Credentials, Oauth, Session } from "./grammar/identity.ts";
import { List } from "./grammar/list.ts";
import { Servers, Storage } from "./grammar/servers.ts";
import { ErrorBody, Fields } from "./grammar/values.ts";
import { Create, Delete, Get, Update, Upsert } from "./grammar/write.ts";

/** The key that tells of which kind an operation is. */
export const KINDS: ReadonlySet<unknown> = new Set(
  "list get create update upsert delete file presign complete session answer".split(" "),
);

/** What an operation does. */
const Operation = z.union([
  List,
  Get,
  Create,
  Update,
  Upsert,
  Delete,
  Download,
  Presign,
  Complete,
  SessionStep,
  Written,
]);

/** The grammar of `sandbox.yaml`: what an OpenAPI description cannot say about how a vendor behaves. */
export const SandboxFile = z.strictObject({
  title: z.string(),
  spec: z.string().describe("The description, relative to this file."),
  written: z.iso.datetime().describe("The moment the examples were written; dates are moved as if that were now."),
  environment: z
    .record(z.string(), z.string())
    .describe("What the server sees instead of the real environment; {servers.auth} is a server's address."),
  servers: Servers.default({ api: { serves: "rest" } }).describe("By the names of tools.yaml; default: one, `api`."),
  credentials: Credentials.describe("Any of these opens."),
  oauth: Oauth.optional(),
  session: Session.optional(),
  graphql: Graphql.optional(),
  storage: Storage.optional(),
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
    forbidden: ErrorBody.optional().describe("A scope is missing; default: a bare 403."),
    notFound: ErrorBody,
    rateLimited: ErrorBody,
    methodNotAllowed: ErrorBody,
  }),
  failures: z.record(z.string(), ErrorBody).default({}).describe("Other errors, by names that `refuse` uses."),
  paging: z
    .strictObject({ page: z.string(), size: z.string(), default: z.int() })
    .describe("Parameters with the number and the size of a page, and the size without."),
  stamps: z
    .strictObject({ created: z.string(), updated: z.string(), zone: z.boolean().default(true) })
    .optional()
    .describe("Fields with the times of writes; zone: false leaves out the Z."),
  files: Fields.optional().describe(
    "What is shown of an upload; {number}, {name}, {contentType}, {bytes}, {base64}, {origin}, {now}.",
  ),
  language: z
    .strictObject({ quote: z.string(), maxLength: z.int() })
    .optional()
    .describe("The query language: field:value, :> and :<, AND, OR, ( ), 'texts', ~[a|b]:'start'."),
  collections: z.record(z.string(), Collection),
  operations: z.record(z.string(), Operation),
});

/** A sandbox as its file describes it. */
export type SandboxFile = z.infer<typeof SandboxFile>;
export type Operation = SandboxFile["operations"][string];

/** The sandbox file does not say what a sandbox needs, or does not fit its description. */
export class SandboxFileError extends Error {
  override readonly name = "SandboxFileError";
}
