import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type Document, OpenAPIRouter, OpenAPIValidator, type Operation, ValidationContext } from "openapi-backend";
import { dereference } from "openapi-backend/refparser.js";
import { isRow, type Row } from "./row.ts";

/** An OpenAPI description, ready to be asked. */
export interface Description {
  readonly router: OpenAPIRouter;
  readonly validator: OpenAPIValidator;
  /** Path of the first server's URL: `/api/v2`. */
  readonly basePath: string;
}

/**
 * Reads a description with every reference followed. Nothing is read from a network.
 *
 * The library's router and validator are used without its `OpenAPIBackend`: that one reads the file twice, follows references
 * to other hosts, and lets a description that cannot be read end the process (an unhandled rejection).
 */
export async function readDescription(path: string): Promise<Description> {
  const definition = (await dereference(path, { resolve: { http: false } })) as Document; // what is no description has no operations
  const router = new OpenAPIRouter({ definition, apiRoot: "/" });
  // The library makes the list anew at every question, five times a request.
  const operations = router.getOperations();
  router.getOperations = () => operations;
  const validator = new OpenAPIValidator({
    definition,
    router,
    lazyCompileValidators: true,
    coerceTypes: true,
    customizeAjv: (_, __, context) => createAjv(context === ValidationContext.Params),
  });
  const server = definition.servers?.[0]?.url.replaceAll(/\{[^}]*\}/g, "host") ?? "/";
  return { router, validator, basePath: new URL(server, "https://host").pathname.replace(/\/$/, "") };
}

/** @param texts Parameters and form fields arrive as texts, and are read as what they stand for; JSON has its own types. */
export function createAjv(texts: boolean): Ajv2020 {
  return addFormats.default(new Ajv2020({ strict: false, allErrors: true, coerceTypes: texts }));
}

/** Media Type Objects by their names. */
type MediaTypes = Readonly<Record<string, Row>>;

/** The media types that an operation's body may have. */
export function bodiesOf({ requestBody }: Operation): MediaTypes {
  return contentOf(requestBody);
}

/** Status and media types of an operation's first successful answer. */
export function successOf(operation: Operation | undefined): { readonly status: number; readonly content: MediaTypes } {
  const { responses } = operation ?? {};
  const [status, response] = Object.entries(responses ?? {}).find(([key]) => key.startsWith("2")) ?? ["200", {}];
  return { status: Number(status.replaceAll("X", "0")), content: contentOf(response) };
}

function contentOf(holder: unknown): MediaTypes {
  const content = isRow(holder) ? holder["content"] : undefined;
  const types = isRow(content) ? Object.entries(content) : [];
  return Object.fromEntries(types.filter((entry): entry is [string, Row] => isRow(entry[1])));
}
