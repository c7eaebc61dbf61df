/** Keywords by the one type of which they say something; JSON Schema lets values of other types pass. */
export const TELLING_KEYWORDS = {
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  string: ["pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"],
  array: ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"],
  object:
    "properties required additionalProperties patternProperties propertyNames minProperties maxProperties dependentRequired dependentSchemas".split(
      " ",
    ),
} satisfies Readonly<Record<string, readonly string[]>>;

/**
 * The type that a schema without `type` obviously means; undefined when its keywords are about none, or about several.
 *
 *     { properties: { … }, required: ["id"] } → "object"
 */
export function meantType(schema: Readonly<Record<string, unknown>>): string | undefined {
  const told = Object.entries(TELLING_KEYWORDS).filter(([, keywords]) =>
    keywords.some((keyword) => schema[keyword] !== undefined),
  );
  return told.length === 1 ? told[0]?.[0] : undefined;
}
