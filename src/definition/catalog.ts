/** A JSON Schema 2020-12 object, or `true`/`false`. */
export type Schema = boolean | SchemaObject;

/** The object form of a JSON Schema; keywords are read one by one, never trusted as a whole. */
export interface SchemaObject {
  readonly [keyword: string]: unknown;
}

/** MCP tool annotations; a hint that equals its default in the specification is left out, but for `destructiveHint` of a tool that writes. */
export interface Annotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** One tool as `tools/list` shows it. */
export interface CatalogTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: SchemaObject;
  readonly annotations: Annotations;
  readonly outputSchema?: SchemaObject;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** `catalog.json`: what the model sees at the widest. Flags, scopes and transport only narrow it. */
export interface Catalog {
  readonly tools: readonly CatalogTool[];
}
