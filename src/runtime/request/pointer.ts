/**
 * The value that a JSON Pointer (RFC 6901) points at; `undefined` when there is none.
 *
 *     at({ a: [{ b: 1 }] }, "/a/0/b") → 1
 */
export function at(value: unknown, pointer: string): unknown {
  if (pointer === "") return value;
  let here: unknown = value;
  for (const token of pointer.slice(1).split("/")) {
    if (typeof here !== "object" || here === null) return undefined;
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(here) && !/^(?:0|[1-9]\d*)$/.test(key)) return undefined; // `length` is no element
    if (!Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key]; // an own member, looked up above
  }
  return here;
}
