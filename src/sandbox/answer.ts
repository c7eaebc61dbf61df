import { fillPattern } from "./pattern.ts";
import type { ErrorRule } from "./sandbox-file.ts";
import type { Violation } from "./violations.ts";

/** An answer of the sandbox, before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; undefined for an empty body. */
  readonly body: unknown;
}

/** An answer that says no more than its status. */
export function bare(status: number): Answer {
  return { status, headers: {}, body: undefined };
}

/** The answer that the vendor gives to an error, with its complaints about single fields. */
export function refuse(
  rule: ErrorRule,
  facts: Readonly<Record<string, unknown>> = {},
  violations: readonly Violation[] = [],
): Answer {
  const body = fillPattern(rule.body, facts);
  if (rule.each && typeof body === "object" && body !== null) {
    const { at, item } = rule.each;
    Object.assign(body, { [at]: violations.map((violation) => fillPattern(item, inVendorsWords(violation, rule))) });
  }
  const headers = Object.entries(rule.headers ?? {}).map(
    ([name, value]) => [name, String(fillPattern(value, facts))] as const,
  );
  return { status: rule.status, headers: Object.fromEntries(headers), body };
}

function inVendorsWords({ field, keyword, message, facts }: Violation, { codes, messages }: ErrorRule) {
  const wording = messages?.[keyword];
  return {
    field,
    code: codes?.[keyword] ?? codes?.["*"] ?? keyword,
    message: wording === undefined ? message : fillPattern(wording, facts ?? {}),
  };
}
