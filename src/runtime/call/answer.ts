/** What a tool answered, ready to become an MCP result. */
export interface ToolAnswer {
  /** A JSON object, within the cap. A list is `{ items, next_cursor?, total? }`. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Compact JSON of {@link value}. */
  readonly text: string;
  /** The content of a binary answer; `value` then only describes it. */
  readonly binary?: BinaryContent;
  /** Not all of it is there: it would not have fitted. */
  readonly truncated?: true;
}

/** A file that the vendor handed over. */
export interface BinaryContent {
  readonly mimeType: string;
  readonly base64: string;
  /** File name without any folder. */
  readonly name?: string;
}
