/** What a pattern may speak of: the parts of a request and the objects at hand. */
export type PatternScope = Readonly<Record<string, unknown>>;

/**
 * Fills a value of the sandbox file.
 *
 *     fillPattern("{path.id}", { path: { id: 7 } })          → 7
 *     fillPattern("{first_name} {last_name}", { … })         → "John Miller"
 *     fillPattern({ id: "{id}", kind: "note" }, { id: 3 })   → { id: 3, kind: "note" }
 *
 * A token that names nothing is `undefined` alone, and empty within a text.
 */
export function fillPattern(pattern: unknown, scope: PatternScope): unknown {
  if (typeof pattern === "string") {
    const whole = /^\{([^{}]+)\}$/.exec(pattern);
    if (whole?.[1] !== undefined) return read(whole[1], scope);
    return pattern.replaceAll(/\{([^{}]+)\}/g, (_, path: string) => text(read(path, scope)));
  }
  if (Array.isArray(pattern)) return pattern.map((entry) => fillPattern(entry, scope));
  if (typeof pattern === "object" && pattern !== null) {
    const filled = Object.entries(pattern).map(([key, value]) => [key, fillPattern(value, scope)] as const);
    return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
  }
  return pattern;
}

/** The value at a dotted path: `item.custom_fields`; `body.a|body.b|'none'` takes the first that is there, or the text. */
export function read(path: string, scope: unknown): unknown {
  for (const choice of path.split("|")) {
    const literal = /^'(.*)'$/.exec(choice)?.[1];
    if (literal !== undefined) return literal;
    const value = choice
      .split(".")
      .reduce<unknown>(
        (at, key) =>
          typeof at === "object" && at !== null && Object.hasOwn(at, key)
            ? (at as Record<string, unknown>)[key]
            : undefined,
        scope,
      );
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(text).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
