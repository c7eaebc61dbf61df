/** A parsed description, Swagger 2 or OpenAPI 3. */
export type Document = Readonly<Record<string, unknown>>;

/** One thing that an operation takes or answers. */
export interface Part {
  /** `integer`, `array of string`, …; the value itself for `status` and `format`; empty where there is none. */
  readonly type: string;
  readonly required: boolean;
}

/**
 * What an operation takes and answers, by name, in words common to both formats:
 *
 *     query page · header X-Trace · path 1 · body · body subject · format · status · answer tickets
 *
 * Parameters of the path go by position, since their names are never sent.
 */
export type Shape = ReadonlyMap<string, Part>;

const BODY = "body";
const JSON_MEDIA = "application/json";

/** Shape of `GET /api/v2/tickets/{id}`: the path with its base, names of path parameters ignored; undefined if it is not there. */
export function shapeOf(document: Document, reference: string): Shape | undefined {
  const [method = "", path = ""] = reference.split(" ");
  const item = Object.entries(object(document["paths"])).find(
    ([template, operations]) =>
      nameless(basePath(document) + template) === nameless(path) && method.toLowerCase() in object(operations),
  );
  if (!item) return undefined;
  const [template, operations] = item;
  const operation = object(object(operations)[method.toLowerCase()]);
  const parameters = [...list(object(operations)["parameters"]), ...list(operation["parameters"])].map((parameter) =>
    resolved(document, parameter),
  );
  return new Map([
    ...parameterParts(document, template, parameters),
    ...bodyParts(document, operation, parameters),
    ...answerParts(document, operation),
  ]);
}

/** What stands before every path: `basePath` of Swagger 2, the path of the first server of OpenAPI 3. */
export function basePath(document: Document): string {
  if ("swagger" in document) return text(document["basePath"]);
  return text(object(list(document["servers"])[0])["url"]).replace(/^https?:\/\/[^/]+/, "");
}

type Parts = readonly (readonly [name: string, part: Part])[];

function parameterParts(document: Document, template: string, parameters: readonly Document[]): Parts {
  const positions = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  return parameters
    .filter((parameter) => parameter["in"] !== BODY)
    .map((parameter) => {
      const name = text(parameter["name"]);
      const place = parameter["in"] === "path" ? positions.indexOf(name) + 1 : name;
      const type = typeOf(document, parameter["schema"] ?? parameter); // Swagger 2 writes the type beside the name
      return [`${text(parameter["in"])} ${place}`, { type, required: parameter["required"] === true }];
    });
}

function bodyParts(document: Document, operation: Document, parameters: readonly Document[]): Parts {
  const old = parameters.find((parameter) => parameter["in"] === BODY);
  const body = old ?? resolved(document, operation["requestBody"]);
  if (Object.keys(body).length === 0) return [];
  const content = object(body["content"]);
  const media = old ? list(operation["consumes"] ?? document["consumes"]).map(text) : Object.keys(content);
  const main = old ? old["schema"] : object(content[JSON_MEDIA])["schema"];
  const parts = new Map(membersOf(document, main).map(([name, part]) => [`${BODY} ${name}`, part]));
  for (const [type, { schema }] of Object.entries(content).map(([type, value]) => [type, object(value)] as const)) {
    if (type === JSON_MEDIA) continue;
    for (const [bracketed, part] of membersOf(document, schema)) {
      const name = `${BODY} ${bracketed.replace(/\[.*/, "")}`; // `tags[]` and `problem[display_id]` are tags and problem
      if (!parts.has(name)) parts.set(name, part);
    }
  }
  return [
    [BODY, { type: "", required: body["required"] === true }],
    ["format", { type: media.join(" or "), required: false }],
    ...parts,
  ];
}

function answerParts(document: Document, operation: Document): Parts {
  const [status = "none", answer] =
    Object.entries(object(operation["responses"])).find(([code]) => code.startsWith("2")) ?? [];
  const { schema, content } = resolved(document, answer);
  const members = membersOf(document, schema ?? object(object(content)[JSON_MEDIA])["schema"]);
  return [
    ["status", { type: status, required: false }],
    ...members.map(([name, { type }]) => [`answer ${name}`, { type, required: false }] as const),
  ];
}

/** Properties that may be sent or come back; a read-only one of a body may not be sent, so it is none of these. */
function membersOf(document: Document, node: unknown): Parts {
  const schema = resolved(document, node);
  const required = list(schema["required"]);
  const own = Object.entries(object(schema["properties"]))
    .filter(([, property]) => resolved(document, property)["readOnly"] !== true)
    .map(([name, property]): Parts[number] => {
      return [name, { type: typeOf(document, property), required: required.includes(name) }];
    });
  return [...own, ...alternatives(schema).flatMap((alternative) => membersOf(document, alternative))];
}

function typeOf(document: Document, node: unknown): string {
  const schema = resolved(document, node);
  const names = [schema["type"] ?? []].flat().filter((name) => name !== "null"); // blank fields are null wherever they are
  if (names.includes("array") || schema["items"]) return `array of ${typeOf(document, schema["items"])}`;
  if (names.length > 0) return names.join(" or ");
  if (schema["properties"] || schema["additionalProperties"]) return "object";
  const types = new Set(alternatives(schema).map((alternative) => typeOf(document, alternative)));
  return [...types].join(" or ") || "any";
}

function alternatives(schema: Document): readonly unknown[] {
  return ["allOf", "anyOf", "oneOf"].flatMap((key) => list(schema[key]));
}

/** The node itself, or what its local reference means. */
function resolved(document: Document, node: unknown): Document {
  const value = object(node);
  const reference = value["$ref"];
  if (typeof reference !== "string") return value;
  if (!reference.startsWith("#/")) throw new Error(`${reference} is not in this file`);
  const keys = reference
    .slice(2)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const target = keys.reduce((parent: unknown, key) => object(parent)[key], document);
  if (target === undefined) throw new Error(`${reference} means nothing`);
  return resolved(document, target);
}

function nameless(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}

function object(value: unknown): Document {
  // A YAML mapping has text keys in both formats.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Document) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
