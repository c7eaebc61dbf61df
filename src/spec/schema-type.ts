/** A `type` made legal: what to write instead, and the text that was illegal. */
export interface MendedType {
  readonly type: string | readonly string[] | undefined;
  /** Keywords that the illegal type said in passing: `List<int>` has items, `DateTime` a format. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly illegal: string | undefined;
}

const LEGAL = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);

/** What vendors write for a type, in small letters, and what it means. */
const MEANINGS: ReadonlyMap<string, { readonly type: string; readonly extra?: Readonly<Record<string, unknown>> }> =
  new Map(
    Object.entries({
      bool: { type: "boolean" },
      int: { type: "integer" },
      int16: { type: "integer" },
      int32: { type: "integer" },
      int64: { type: "integer" },
      short: { type: "integer" },
      long: { type: "integer" },
      bigint: { type: "integer" },
      float: { type: "number" },
      double: { type: "number" },
      decimal: { type: "number" },
      numeric: { type: "number" },
      str: { type: "string" },
      text: { type: "string" },
      char: { type: "string" },
      guid: { type: "string", extra: { format: "uuid" } },
      uuid: { type: "string", extra: { format: "uuid" } },
      uri: { type: "string", extra: { format: "uri" } },
      url: { type: "string", extra: { format: "uri" } },
      email: { type: "string", extra: { format: "email" } },
      date: { type: "string", extra: { format: "date" } },
      datetime: { type: "string", extra: { format: "date-time" } },
      "date-time": { type: "string", extra: { format: "date-time" } },
      timestamp: { type: "string", extra: { format: "date-time" } },
      file: { type: "string", extra: { contentMediaType: "application/octet-stream" } },
      binary: { type: "string", extra: { contentMediaType: "application/octet-stream" } },
      list: { type: "array" },
      set: { type: "array" },
      map: { type: "object" },
      dict: { type: "object" },
      dictionary: { type: "object" },
      json: { type: "object" },
      hash: { type: "object" },
      nil: { type: "null" },
    }),
  );

const LIST = /^(?:i?list|array|i?collection|ienumerable|i?set)<(.+)>$|^(.+)\[\]$/;
const MAP = /^(?:i?dictionary|i?map|record|dict)<.+>$/;

/**
 * Reads a `type`, mending what JSON Schema does not know.
 *
 *     readType("int")             → { type: "integer", illegal: "int" }
 *     readType("List<int>")       → { type: "array", extra: { items: { type: "integer" } }, illegal: "List<int>" }
 *     readType(["string", null])  → { type: ["string", "null"] }
 */
export function readType(value: unknown): MendedType {
  if (value === undefined) return { type: undefined, extra: {}, illegal: undefined };
  if (!Array.isArray(value)) return mend(value);
  const read = value.map((one: unknown) => (one === null ? mend("null") : mend(one)));
  const types = [...new Set(read.flatMap(({ type }) => type ?? []))];
  const illegal = read.find((one) => one.illegal !== undefined)?.illegal;
  const known = read.every(({ type }) => type !== undefined); // one unknown type among several: any value may come
  const type = types.length === 1 ? types[0] : types;
  return { type: known && types.length > 0 ? type : undefined, extra: {}, illegal };
}

function mend(value: unknown): MendedType {
  if (typeof value !== "string") return { type: undefined, extra: {}, illegal: JSON.stringify(value) ?? "undefined" };
  if (LEGAL.has(value)) return { type: value, extra: {}, illegal: undefined };
  const name = value.trim().toLowerCase();
  const optional = name.endsWith("?"); // C# writes a nullable type so
  const { type, extra = {} } = meaning(optional ? name.slice(0, -1) : name) ?? {};
  return { type: optional && type !== undefined ? [type, "null"] : type, extra, illegal: value };
}

function meaning(name: string): { type: string; extra?: Readonly<Record<string, unknown>> } | undefined {
  if (LEGAL.has(name)) return { type: name };
  const list = LIST.exec(name);
  if (list) {
    const element = meaning(list[1] ?? list[2] ?? "");
    return { type: "array", extra: { items: element ? { type: element.type, ...element.extra } : {} } };
  }
  return MAP.test(name) ? { type: "object" } : MEANINGS.get(name);
}
