import type { ErrorObject } from "ajv";
import { fillPattern } from "./pattern.ts";
import type { ErrorRule } from "./sandbox-file.ts";

/** One way in which a request does not fit the description. */
export interface Violation {
  /** The vendor's name of the parameter or body field. */
  readonly field: string;
  /** The JSON Schema keyword that it offends. */
  readonly keyword: string;
  readonly message: string;
}

/** An answer of the sandbox, before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; undefined for an empty body. */
  readonly body: unknown;
}

/** What Ajv found, as complaints about single fields. */
export function violationsOf(errors: readonly ErrorObject[]): readonly Violation[] {
  return errors.map((error) => {
    const extra =
      (error.params as Record<string, unknown>)["additionalProperty"] ??
      (error.params as Record<string, unknown>)["missingProperty"];
    const path = error.instancePath.split("/").filter(Boolean);
    // Ajv sees { path, query, requestBody, … }; the vendor speaks of the field alone.
    const inner = path.slice(1).find((token) => !/^\d+$/.test(token));
    return {
      field: String(inner ?? extra ?? path[0] ?? "request"),
      keyword: error.keyword,
      message: error.message ?? "is not valid",
    };
  });
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
    const list = violations.map((violation) =>
      fillPattern(item, {
        ...violation,
        code: rule.codes?.[violation.keyword] ?? rule.codes?.["*"] ?? violation.keyword,
      }),
    );
    Object.assign(body, { [at]: list });
  }
  const headers = Object.entries(rule.headers ?? {}).map(
    ([name, value]) => [name, String(fillPattern(value, facts))] as const,
  );
  return { status: rule.status, headers: Object.fromEntries(headers), body };
}
