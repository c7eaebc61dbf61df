import * as fc from "fast-check";
import { expect } from "vitest";
import type { z } from "zod";
import type { SchemaObject } from "../../src/definition/catalog.ts";
import { compileSchema } from "./ajv.ts";
import { valuesFor } from "./values.ts";

/** What a run tried. */
export interface Tried {
  readonly values: number;
  readonly accepted: number;
}

/**
 * Holds values against what the model is shown and against what is enforced.
 *
 * @throws {Error} with the smallest value on which the two differ.
 */
export function expectAgreement(
  shown: SchemaObject,
  enforced: z.ZodObject,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Tried {
  const validate = compileSchema(shown, OPTIONS);
  const tried = { values: 0, accepted: 0 };
  fc.assert(
    fc.property(valuesFor(shown), (value) => {
      const result = enforced.safeParse(value);
      tried.values++;
      tried.accepted += result.success ? 1 : 0;
      const allowed = validate(value);
      if (result.success === allowed || (allowed && isUnsaid(result.error))) return;
      expect.fail(
        `${JSON.stringify(value)}: Zod ${result.success ? "accepts" : "refuses"}; ${JSON.stringify(validate.errors)} ${JSON.stringify(result.error?.issues)}`,
      );
    }),
    { seed, numRuns: runs },
  );
  return tried;
}

/**
 * What is told in words only: alternatives of the arguments, since hosts refuse them at the root of a schema, and that a file has one of
 * `path` and `base64`, which is base64.
 */
function isUnsaid(error: z.ZodError | undefined): boolean {
  const unsaid = (issue: z.core.$ZodIssue): boolean =>
    (issue.path.length === 0 && issue.message.startsWith("expected one of: ")) ||
    issue.message === "give either path, or base64 with name" ||
    (issue.code === "invalid_format" && issue.format === "base64");
  return error?.issues.every(unsaid) ?? false;
}

const OPTIONS = { multipleOfPrecision: 10, code: { regExp: Object.assign(lenientRegExp, { code: "new RegExp" }) } };

/** Vendors write patterns that are none with `u`. */
function lenientRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return new RegExp(pattern);
  }
}
