/** Where something stands in a file: survives edits above it. Line and column are worked out only to print. */
export interface Origin {
  /** Path relative to the project folder, with `/`. */
  readonly file: string;
  /** JSON Pointer (RFC 6901) into the file: "" is the whole document. */
  readonly pointer: string;
  /** Points at the key instead of the value of the last pointer token. */
  readonly key?: true;
  /** Character offset into a file that cannot be parsed, where a pointer means nothing. */
  readonly offset?: number;
}

/** Another place that explains the problem. */
export interface Note {
  readonly at: Origin;
  readonly message: string;
}

/** One problem found by the generator. Stages collect these; only the command line prints them. */
export interface Diagnostic {
  /** SCREAMING_SNAKE, never reused; listed in docs/diagnostics.md. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** What is wrong, in the user's words, quoting the user's text. */
  readonly message: string;
  /** The place to edit first. */
  readonly at: Origin;
  readonly notes: readonly Note[];
  /** What to do, as an imperative sentence that can be pasted. Every diagnostic has one. */
  readonly help: string;
}
