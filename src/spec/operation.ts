import type { SchemaObject } from "../definition/catalog.ts";
import type { Effect } from "../definition/call.ts";
import type { Method } from "../definition/request.ts";
import type { Origin } from "../diagnostics/diagnostic.ts";

/**
 * One operation of a vendor's description, whatever format it came in: the only thing that later stages know of a spec.
 *
 * Schemas are JSON Schema 2020-12 (`nullable`, boolean `exclusiveMinimum`, `example` and the like are translated).
 * A `$ref` in them is always `#/$defs/<Name>` and stands in {@link Operation.definitions}; every other reference is resolved.
 */
export interface Operation {
  readonly origin: Origin;
  readonly method: Method;
  readonly path: string;
  readonly operationId: string | undefined;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** What it does, where the method does not tell: a query by POST reads. */
  readonly effect?: Effect;
  readonly parameters: readonly OperationParameter[];
  readonly requestBody: RequestBody | undefined;
  readonly responses: readonly OperationResponse[];
  /** Alternatives; each is a set of schemes that apply together. Empty: no credential. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  /** It lists the header `Authorization` as a parameter, which OpenAPI ignores: whatever `security` says, it wants a credential. */
  readonly authorization?: true;
  /** Servers of its own or of its path, which take the place of the description's. Empty: the description's. */
  readonly servers: readonly Server[];
  /** Schemas that other schemas of this operation refer to, by name. */
  readonly definitions: Readonly<Record<string, SchemaObject>>;
}

/**
 * A parameter; `style` and `explode` are filled in with OpenAPI's defaults.
 *
 * Swagger 2.0's `collectionFormat` is said in OpenAPI 3's words, also where OpenAPI 3 has none: `tabDelimited` is a list joined by
 * `%09`, and a delimited style in a path or a header is the list alone, without `name=`.
 */
export interface OperationParameter {
  readonly origin: Origin;
  readonly in: "path" | "query" | "header" | "cookie" | "querystring";
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly schema: SchemaObject;
  readonly style: string;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  /** Set for `content` parameters: the media type that serialises the value. */
  readonly contentType: string | undefined;
}

/** A request body: one schema for each media type, in the order of the description. */
export interface RequestBody {
  readonly origin: Origin;
  /** Undefined: the description does not say. OpenAPI's default is false, and most vendors who say nothing mean true. */
  readonly required: boolean | undefined;
  readonly description: string;
  readonly content: readonly MediaType[];
  /** Set when the schemas are those of one member of the body, beside others that are always the same. */
  readonly envelope?: Envelope;
}

/** What stands around the part of a body that is filled: `{ query: "…", variables: <here> }`. */
export interface Envelope {
  readonly member: string;
  /** The other members, which go before it; they are texts as they are sent, not templates. */
  readonly constants: Readonly<Record<string, string>>;
}

/** One media type of a body. */
export interface MediaType {
  readonly contentType: string;
  readonly schema: SchemaObject;
  readonly encoding: Readonly<Record<string, SchemaObject>>;
  /** How the parts of a multipart body are written that have a place and no name: the first ones, and each of the others (OAS 3.2.0 §4.14). */
  readonly prefixEncoding?: readonly SchemaObject[];
  readonly itemEncoding?: SchemaObject;
  readonly example: unknown;
  /** Set for sequential media types (events, JSON lines): one item of the sequence; `schema` is then the whole as a list. */
  readonly itemSchema?: SchemaObject;
}

/** One response; `status` is as written: `200`, `4XX`, `default`. */
export interface OperationResponse {
  readonly status: string;
  readonly description: string;
  readonly headers: readonly string[];
  /** Of a refusal nothing: no tool depends on what it holds. */
  readonly content: readonly MediaType[];
}

/** A security scheme of the description, in the description's own words. */
export interface SecurityScheme {
  readonly name: string;
  readonly type: string;
  readonly scheme: string | undefined;
  readonly in: string | undefined;
  readonly parameterName: string | undefined;
  readonly description: string;
  readonly origin: Origin;
}

/** Where an API is, with the defaults of the `{variables}` of the URL. A relative URL is relative to where the description came from. */
export interface Server {
  readonly url: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The formats that are read; `graphql` is an API that has nothing but GraphQL documents. */
export type SpecFormat = "swagger-2.0" | "openapi-3.0" | "openapi-3.1" | "openapi-3.2" | "graphql";

/** What a description says of the API as a whole. */
export interface SpecSummary {
  readonly file: string;
  readonly format: SpecFormat;
  readonly title: string;
  readonly version: string;
  readonly servers: readonly Server[];
  readonly securitySchemes: readonly SecurityScheme[];
}

/** An operation that was found and not resolved yet: all that listing and looking up need. */
export interface OperationEntry {
  readonly origin: Origin;
  readonly method: Method;
  readonly path: string;
  readonly operationId: string | undefined;
  readonly summary: string;
  readonly tags: readonly string[];
  /** The server that tools.yaml names for it; absent: the API's first. */
  readonly server?: string;
}
