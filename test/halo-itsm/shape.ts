/** A parsed description, OpenAPI 3.0 or 3.1. */
export type Document = Readonly<Record<string, unknown>>;

/** The vendor's own words for types, which no JSON Schema knows. */
const MENDED: Readonly<Record<string, string>> = { bool: "boolean", int: "integer", double: "number" };

/** `query name` → type, of one operation; path parameters by position. Undefined when there is no such operation. */
export function parametersOf(
  document: Document,
  method: string,
  path: string,
): ReadonlyMap<string, string> | undefined {
  const item = object(object(document["paths"])[path]);
  if (!(method in item)) return undefined;
  const operation = object(item[method]);
  const listed = [...list(item["parameters"]), ...list(operation["parameters"])].map((one) => resolved(document, one));
  const positions = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  return new Map(
    listed.map((one) => {
      const name = one["in"] === "path" ? positions.indexOf(String(one["name"])) : String(one["name"]);
      return [`${String(one["in"])} ${name}`, typeOf(document, one["schema"])];
    }),
  );
}

/** A schema of the components. */
export function schemaNamed(document: Document, name: string): Document {
  const found = object(object(object(document["components"])["schemas"])[name]);
  if (Object.keys(found).length === 0) throw new Error(`there is no schema ${name}`);
  return found;
}

/** Properties of a schema and of what it is combined of. */
export function members(document: Document, schema: Document): ReadonlyMap<string, unknown> {
  const inherited = list(schema["allOf"]).flatMap((one) => [...members(document, resolved(document, one))]);
  return new Map([...inherited, ...Object.entries(object(schema["properties"]))]);
}

/** `integer`, `array of string`, …; `null` is nobody's type, and a schema that says nothing is `any`. */
export function typeOf(document: Document, node: unknown): string {
  const schema = resolved(document, node);
  const type: unknown = [schema["type"] ?? []].flat().find((one) => one !== "null") ?? "";
  if (type === "array") return `array of ${typeOf(document, schema["items"])}`;
  if (type === "" && schema["properties"] !== undefined) return "object";
  return MENDED[String(type)] ?? (String(type) || "any");
}

function resolved(document: Document, node: unknown): Document {
  const reference = object(node)["$ref"];
  if (typeof reference !== "string") return object(node);
  return object(
    reference
      .slice(2)
      .split("/")
      .reduce((parent: unknown, key) => object(parent)[key], document),
  );
}

function object(value: unknown): Document {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Document) : {}; // JSON
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
