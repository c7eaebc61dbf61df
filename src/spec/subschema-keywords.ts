/** Keywords of JSON Schema 2020-12 that hold further schemas, by how they hold them. */
export const SUBSCHEMA_KEYWORDS = {
  /** By name. */
  map: ["properties", "patternProperties", "dependentSchemas"],
  /** One. */
  schema: [
    "items",
    "additionalProperties",
    "propertyNames",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "contentSchema",
    "unevaluatedItems",
    "unevaluatedProperties",
  ],
  /** A list. */
  schemas: ["prefixItems", "allOf", "anyOf", "oneOf"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
