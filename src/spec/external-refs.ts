/** Members that hold whatever the vendor liked, unless they are names of a map. */
const LITERALS = new Set(["example", "examples", "default", "enum", "const"]);

/** Members whose own members are names: a property called `default` is a schema. */
const MAPS = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "$defs",
  "definitions",
  "responses",
  "schemas",
]);

/** The references of a document to other files, as they are written, at the places where references count. */
export function externalRefs(document: unknown): Set<string> {
  const found = new Set<string>();
  const seen = new Set<object>(); // YAML aliases make one object stand in several places
  const waiting: { value: object; names: boolean }[] = [];
  const later = (value: unknown, names: boolean): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    waiting.push({ value, names });
  };
  later(document, false);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const [key, value] of Object.entries(next.value)) {
      if (key === "$ref" && typeof value === "string" && !value.startsWith("#")) found.add(value);
      if (next.names || !LITERALS.has(key)) later(value, !next.names && MAPS.has(key));
    }
  }
  return found;
}
