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
  readonly securityOf: (operation: Operation) => Security;
}

/** What an operation wants of a caller. */
export interface Security {
  /** Whether everybody may call. */
  readonly open: boolean;
  /** Scopes of a token: any of these lists will do, all of one must be there. */
  readonly scopes: readonly (readonly string[])[];
}

/** Which operations of a description one server answers. */
export interface Part {
  /** Only these; default all. */
  readonly only?: readonly string[] | undefined;
  /** None of these: other servers answer them. */
  readonly except?: readonly string[] | undefined;
}

/**
 * Reads a description with every reference followed. Nothing is read from a network. Operations without an `operationId` are
 * named by method and path: `GET /tickets/{id}`.
 *
 * The library's router and validator are used without its `OpenAPIBackend`: that one reads the file twice, follows references
 * to other hosts, and lets a description that cannot be read end the process (an unhandled rejection).
 */
export async function readDescription(path: string, { only, except = [] }: Part = {}): Promise<Description> {
  const definition = (await dereference(path, { resolve: { http: false } })) as Document; // what is no description has no operations
  const operations = new OpenAPIRouter({ definition })
    .getOperations()
    .map((operation) => ({ ...operation, operationId: nameOf(operation) }))
    .filter(({ operationId }) => (only ? only.includes(operationId) : !except.includes(operationId)));
  const [first] = only ? operations : [];
  const nearest = first && (first.servers ?? definition.paths?.[first.path]?.servers);
  const server = (nearest ?? definition.servers)?.[0]?.url.replaceAll(/\{[^}]*\}/g, "host") ?? "/";
  return {
    router: routerOf(definition, operations),
    validator: validatorOf(definition, operations, [ValidationContext.Params]),
    forms: validatorOf(definition, operations.map(withForms), [
      ValidationContext.Params,
      ValidationContext.RequestBody,
    ]),
    basePath: new URL(server, "https://host").pathname.replace(/\/$/, ""),
    securityOf: (operation) => securityOf(operation, definition),
  };
}

function nameOf({ operationId, method, path }: Operation): string {
  return operationId ?? `${method.toUpperCase()} ${path}`;
}

function securityOf({ path, method }: Operation, definition: Document): Security {
  // The router makes one of "nothing said" and "nobody is asked".
  const said = rowOf(rowOf(definition.paths?.[path])[method])["security"] ?? definition.security;
  const alternatives = Array.isArray(said) ? said.filter(isRow) : [];
  const schemes = rowOf(rowOf(definition["components"])["securitySchemes"]);
  const hasScopes = (name: string) => /^(oauth2|openIdConnect)$/.test(String(rowOf(schemes[name])["type"]));
  const byToken = alternatives.filter((alternative) => Object.keys(alternative).some(hasScopes));
  return {
    open: Array.isArray(said) && alternatives.length === 0,
    scopes: byToken.map((alternative) => Object.values(alternative).flat().map(String)),
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

function rowOf(value: unknown): Row {
  return isRow(value) ? value : {};
}

function contentOf(holder: unknown): MediaTypes {
  const content = isRow(holder) ? holder["content"] : undefined;
  const types = isRow(content) ? Object.entries(content) : [];
  return Object.fromEntries(types.filter((entry): entry is [string, Row] => isRow(entry[1])));
}
