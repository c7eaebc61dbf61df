import { createRequire } from "node:module";
import { join } from "node:path";
import { type Call, requestOf } from "../../src/definition/call.ts";
import type { Parameters, Request } from "../../src/definition/request.ts";
import type { Template } from "../../src/definition/template.ts";
import { fillTemplate } from "../../src/runtime/request/template.ts";
import { bodyProperties, isList, mediaOf } from "./body-schema.ts";
import { asRaw, type Raw, type RawOperation } from "./description.ts";
import { ROOT } from "./specs.ts";

/** What a request should carry, by the vendor's own names: the values, not how they are written. */
export interface Values {
  /** By `query.status`, as swagger-client has it. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly contentType: string | undefined;
}

/** A request as the independent serialiser writes it. */
export interface Expected {
  readonly method: string;
  /** Path and query, without the server. */
  readonly target: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string | FormData | Raw | readonly unknown[] | File | undefined;
}

const PLACES = ["pathParameters", "query", "header", "cookie"] as const;
const IN = { pathParameters: "path", query: "query", header: "header", cookie: "cookie" } as const;

/** What leads to a second page. */
export const TOKEN = "page-2";

/** The request of a call; no description leads to anything else. */
export function sentBy(call: Call): Request {
  const request = requestOf(call);
  if (!request) throw new Error("a call of a description sends no request");
  return request;
}

/** Works out what a call's request should carry; pages are counted from 0. */
export function valuesOf(
  call: Call,
  inputs: Readonly<Record<string, unknown>>,
  { files, page: index }: { readonly files: ReadonlySet<string>; readonly page: number },
): Values {
  const request = sentBy(call);
  const limit = Number(inputs["limit"] ?? 30);
  const most = call.pagination?.size;
  const size = most && (most.fixed ? most.max : Math.min(limit, most.max));
  const page = size !== undefined && {
    number: index + 1,
    index,
    offset: index,
    start: index + 1,
    size,
    ...(index > 0 && { token: TOKEN }),
  };
  const given = Object.entries(inputs).map(([name, value]) => [name, files.has(name) ? fileOf(value) : value]);
  const scope = { inputs: Object.fromEntries(given), steps: {}, environment: {}, ...(page && { page }) };
  const parameters = PLACES.flatMap((place) =>
    Object.entries(request[place] ?? {}).map(([name, entry]) => [
      `${IN[place]}.${name}`,
      fillTemplate(templateOf(entry), scope),
    ]),
  );
  const payload = request.body && fillTemplate(request.body.payload, scope);
  // A body that may be left out is, when nothing of it was given.
  const body = request.body?.needs && Object.keys(Object(payload)).length === 0 ? undefined : payload;
  return {
    parameters: Object.fromEntries(parameters.filter(([, value]) => value !== undefined)),
    body,
    contentType: typeFor(request, body),
  };
}

function templateOf(entry: Parameters[string]): Template {
  return typeof entry === "object" && entry !== null && "value" in entry && !Array.isArray(entry)
    ? entry.value
    : (entry as Template);
}

/** The first media type, or with a file the one that can carry it. */
function typeFor({ body }: Request, payload: unknown): string | undefined {
  if (!body) return undefined;
  const types = [body.contentType ?? "application/json"].flat();
  const holdsFile = Object.values(asRaw(payload))
    .flat()
    .some((value) => value instanceof File);
  return holdsFile ? (types.find((type) => type.startsWith("multipart/")) ?? types[0]) : types[0];
}

function fileOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fileOf);
  const { base64, name } = asRaw(value);
  return new File([Buffer.from(String(base64), "base64")], String(name), { type: "text/plain" });
}

interface SwaggerClient {
  readonly buildRequest: (options: Raw) => {
    url: string;
    method: string;
    headers: Record<string, unknown>;
    body?: Expected["body"];
  };
}

/** Only the part that builds requests: the whole of it takes a second to load. */
const { buildRequest } = createRequire(join(ROOT, "package.json"))(
  "swagger-client/lib/execute/index.js",
) as SwaggerClient;

const SERVER = "http://corpus.invalid";

/**
 * Has swagger-client write a request from the description's own words.
 *
 * @throws {Error} when it cannot.
 */
export function expectedRequest(raw: RawOperation, { parameters, body, contentType }: Values): Expected {
  const declared = [...raw.parameters, ...undeclared(raw)]
    .filter((parameter) => isMeant(parameter, raw.path))
    .map(withoutDefault);
  const operation = {
    operationId: "corpus",
    parameters: declared,
    consumes: raw.consumes,
    ...(raw.requestBody && { requestBody: withDefaults(raw, contentType) }),
  };
  const [path = ""] = raw.path.split("#"); // a fragment is never sent (RFC 9110 §4.1), and swagger-client knows no such template
  const paths = { [path]: { [raw.method]: operation } };
  const spec = raw.swagger
    ? { swagger: "2.0", host: "corpus.invalid", schemes: ["http"], paths }
    : { openapi: "3.0.3", servers: [{ url: SERVER }], paths };
  const built = buildRequest({
    spec,
    operationId: "corpus",
    parameters: { ...parameters, ...(raw.swagger && bodyParameters(declared, body)) },
    ...(!raw.swagger && body !== undefined && { requestBody: body }),
    ...(contentType !== undefined && { requestContentType: contentType }),
  });
  return { method: built.method, target: built.url.replace(SERVER, ""), headers: built.headers, body: built.body };
}

/**
 * The body with OpenAPI's default said where swagger-client has another: a list in a form is a field for each item (OAS 3.1.1
 * §4.8.15.1.2, style `form` and `explode`), not one field with commas.
 */
function withDefaults(raw: RawOperation, contentType: string | undefined): Raw {
  const media = mediaOf(raw, contentType);
  if (!/form/.test(contentType ?? "")) return raw.requestBody ?? {};
  const lists = [...bodyProperties(raw, contentType)].filter(([, property]) => isList(property));
  const encoding = {
    ...Object.fromEntries(lists.map(([name]) => [name, { style: "form", explode: true }])),
    ...asRaw(media["encoding"]),
  };
  return { ...raw.requestBody, content: { [contentType ?? ""]: { ...media, encoding } } };
}

/** A form's lists that the vendor calls `tags[]` are the argument `tags`. */
export function vendorNames(raw: RawOperation, { body, contentType, ...values }: Values): Values {
  const hasFields = /form/.test(contentType ?? "") && typeof body === "object" && body !== null && !Array.isArray(body);
  if (!hasFields) return { body, contentType, ...values };
  const known = bodyProperties(raw, contentType);
  const renamed = Object.entries(asRaw(body)).map(([name, value]) => [
    !known.has(name) && known.has(`${name}[]`) ? `${name}[]` : name,
    value,
  ]);
  return { ...values, contentType, body: Object.fromEntries(renamed) as Raw };
}

/** Parameters of the path that the description forgot (OAS 3.1.1 §3.5: each template expression must have one). */
function undeclared({ path, parameters }: RawOperation): Raw[] {
  const known = new Set(parameters.filter((one) => one["in"] === "path").map((one) => one["name"]));
  const named = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name);
  return named
    .filter((name) => !known.has(name))
    .map((name) => ({ name, in: "path", required: true, type: "string", schema: { type: "string" } }));
}

/** OAS 3.1.1 §4.8.12.2.1: header parameters of these names are to be ignored; a path parameter without a place has none. */
function isMeant({ in: place, name }: Raw, path: string): boolean {
  if (place === "path") return path.includes(`{${String(name)}}`);
  return place !== "header" || !/^(?:accept|content-type|authorization)$/i.test(String(name));
}

/** swagger-client sends the vendor's default by itself; what is compared is how values are written, and both get the same. */
function withoutDefault(parameter: Raw): Raw {
  return Object.fromEntries(Object.entries(parameter).filter(([key]) => key !== "default"));
}

/** Swagger 2.0's body is a parameter, and so is every field of a form. */
function bodyParameters(parameters: readonly Raw[], body: unknown): Raw {
  const whole = parameters.find((one) => one["in"] === "body");
  if (whole) return body === undefined ? {} : { [`body.${String(whole["name"])}`]: body };
  return Object.fromEntries(Object.entries(asRaw(body)).map(([name, value]) => [`formData.${name}`, value]));
}
