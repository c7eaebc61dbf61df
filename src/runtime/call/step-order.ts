import { effectOf, type Step } from "../../definition/call.ts";

/**
 * The steps that must have ended before each step starts, by number: those that it names; before one that writes, all; after one that
 * writes, that one. So reads go side by side, and what was written is there for whoever comes later.
 *
 *     [a, b names a, c, d writes, e]  →  [], [a], [], [a b c], [d]
 */
export function orderOf(steps: readonly Step[]): readonly (readonly number[])[] {
  const writes = steps.map(({ calls }) => calls.some((call) => effectOf(call) !== "read"));
  return steps.map((step, index) => {
    const named = namedBy(step);
    const earlier = steps.slice(0, index).map(({ stepId }, number) => ({ stepId, number }));
    return earlier
      .filter(({ stepId, number }) => writes[index] || writes[number] || named.has(stepId))
      .map(({ number }) => number);
  });
}

/** Step ids in the expressions of a step. A plain text that looks like an expression only makes a step wait. */
function namedBy(step: Step): ReadonlySet<string> {
  const found = JSON.stringify(step).matchAll(/\$steps\.([A-Za-z_][\w-]*)\./g);
  return new Set([...found].map(([, stepId = ""]) => stepId));
}
