import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type Document, OpenAPIRouter, OpenAPIValidator, type Operation, ValidationContext } from "openapi-backend";
import { dereference } from "openapi-backend/refparser.js";
import { isRow, type Row } from "./row.ts";

/** An OpenAPI description, ready to be asked. */
export interface Description {
  readonly router: OpenAPIRouter;
  /** Checks requests with a body of JSON, or none, and answers. */
  readonly validator: OpenAPIValidator;
  /** Checks requests with a form: the library knows one media type a body, and takes JSON where it can. */
  readonly forms: OpenAPIValidator;
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
  const operations = new OpenAPIRouter({ definition }).getOperations();
  const server = definition.servers?.[0]?.url.replaceAll(/\{[^}]*\}/g, "host") ?? "/";
  return {
    router: routerOf(definition, operations),
    validator: validatorOf(definition, operations, [ValidationContext.Params]),
    forms: validatorOf(definition, operations.map(withForms), [
      ValidationContext.Params,
      ValidationContext.RequestBody,
    ]),
    basePath: new URL(server, "https://host").pathname.replace(/\/$/, ""),
  };
}

/** The library makes the list of operations anew at every question, five times a request. */
function routerOf(definition: Document, operations: Operation[]): OpenAPIRouter {
  const router = new OpenAPIRouter({ definition });
  router.getOperations = () => operations;
  return router;
}

/** @param texts What arrives as texts (parameters, fields of forms), and is read as what it stands for. JSON has its own types. */
function validatorOf(
  definition: Document,
  operations: Operation[],
  texts: readonly ValidationContext[],
): OpenAPIValidator {
  const options = { strict: false, allErrors: true };
  return new OpenAPIValidator({
    definition,
    router: routerOf(definition, operations),
    lazyCompileValidators: true,
    coerceTypes: true,
    customizeAjv: (_, __, context) =>
      addFormats.default(new Ajv2020({ ...options, coerceTypes: texts.includes(context) })),
  });
}

function withForms(operation: Operation): Operation {
  const { "application/json": _, ...content } = bodiesOf(operation);
  return { ...operation, requestBody: { ...operation.requestBody, content } };
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
