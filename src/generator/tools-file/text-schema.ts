import { z } from "zod";
import { malformedVariable } from "./variables.ts";

/** What a check of our own says: the words of `invalidSetting`. */
export interface Expectation {
  readonly expected: string;
  readonly got?: string;
  readonly example?: string;
}

/** One variable and nothing else. */
export const oneVariable = z
  .string()
  .regex(/^\$\{[A-Z][A-Z0-9_]*(?::-[^{}]*)?\}$/)
  .meta({ title: "variable of the environment", examples: ['"${ACME_AGENT_ID}"'] });

/** A text that may hold `${NAME}` and `${NAME:-fallback}`. */
export const variableText = z.string().superRefine((text, context) => {
  const malformed = malformedVariable(text);
  if (malformed === undefined) return;
  fail(context, {
    expected: "a variable such as ${ACME_KEY} or ${ACME_KEY:-fallback}",
    got: `\`${malformed}\``,
    example: '"${ACME_KEY}"',
  });
});

/** A JSON Pointer into the vendor's answer; "" is the whole of it. */
export const pointer = z
  .string()
  .regex(/^(?:\/(?:[^~/{}]|~[01])*)*$/)
  .meta({ title: "JSON Pointer", examples: ["/tickets"] });

/** Where a figure of a page stands: in the body, or in a header. */
export const pageFigure = z
  .string()
  .regex(/^(?:\/(?:[^~/{}]|~[01])*)+$|^\$response\.header\.[A-Za-z0-9-]+$/)
  .meta({
    title: "JSON Pointer or $response.header.Name",
    examples: ["/meta/total", "$response.header.X-Total-Count"],
  });

/** The name of a server, a credential, a pagination rule or an identity. */
export const entryName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/)
  .meta({ title: "name of letters, digits, _ and -", examples: ["key"] });

/** `100/minute`, or `${ACME_CALLS_PER_MINUTE:-100}/minute`, which the environment may change. */
const limit = z
  .string()
  .regex(/^(?:[1-9]\d*|\$\{[A-Z][A-Z0-9_]*:-[1-9]\d*\})\/(?:second|minute|hour|day|month)$/)
  .meta({ title: "limit", examples: ["100/minute", "${ACME_CALLS_PER_MINUTE:-100}/minute"] });

/** One limit, or several that all hold. */
export const limits = z.union([limit, z.array(limit).min(1)]);

/** Refuses a value in the words of `invalidSetting`. */
export function fail(context: z.RefinementCtx, expectation: Expectation): void {
  context.addIssue({ code: "custom", message: expectation.expected, params: { ...expectation } });
}
