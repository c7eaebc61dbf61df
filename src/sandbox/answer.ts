import type { ErrorRule } from "./grammar/values.ts";
import { fillPattern } from "./pattern.ts";
import type { Violation } from "./violations.ts";

/** An answer of the sandbox, before it is written. */
export interface Answer {
  readonly status: number;
  /** A list is a header of several lines: `set-cookie`. A `content-type` makes a text of a body that is one. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Bytes as they are, a text under its content type, everything else as JSON; undefined for an empty body. */
  readonly body: unknown;
}

/** An answer that says no more than its status. */
export function bare(status: number): Answer {
  return { status, headers: {}, body: undefined };
}

/** The answer that the vendor gives to an error, with its complaints about single fields; {field}, {code} and {message} of the first. */
export function refuse(
  rule: ErrorRule,
  facts: Readonly<Record<string, unknown>> = {},
  violations: readonly Violation[] = [],
): Answer {
  const told = violations.map((violation) => inVendorsWords(violation, rule));
  const known = { ...told[0], ...facts };
  const body = fillPattern(rule.body, known);
  if (rule.each && typeof body === "object" && body !== null) {
    const { at, item } = rule.each;
    Object.assign(body, { [at]: told.map((one) => fillPattern(item, one)) });
  }
  const headers = Object.entries(rule.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), String(fillPattern(value, known))] as const,
  );
  const type = rule.contentType === undefined ? {} : { "content-type": rule.contentType };
  return { status: rule.status, headers: { ...type, ...Object.fromEntries(headers) }, body };
}

function inVendorsWords({ field, keyword, message, facts }: Violation, { codes, messages }: ErrorRule) {
  const wording = messages?.[keyword];
  return {
    field,
    code: codes?.[keyword] ?? codes?.["*"] ?? keyword,
    message: wording === undefined ? message : fillPattern(wording, facts ?? {}),
  };
}
