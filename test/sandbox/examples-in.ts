/** A value of a description that is shown as an example. */
export interface Example {
  /** JSON Pointer of the schema that it stands for. */
  readonly schema: string;
  readonly value: unknown;
}

/** Every `example` beside a `schema`, and every one within a schema. */
export function* examplesIn(node: unknown, at = ""): Generator<Example> {
  if (typeof node !== "object" || node === null) return;
  const isNames = at.endsWith("/properties"); // `example` would be the name of a property
  for (const [key, value] of Object.entries(node)) {
    if (key === "example" && !isNames) yield { schema: "schema" in node ? `${at}/schema` : at, value };
    else yield* examplesIn(value, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}
