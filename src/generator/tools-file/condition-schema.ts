import { z } from "zod";
import { judgePattern } from "../../definition/pattern.ts";
import { fail } from "./text-schema.ts";

/** A condition by regular expression (Arazzo Criterion Object). */
export const patternCondition = z
  .strictObject({
    context: z.string().startsWith("$").describe("The runtime expression whose text is looked at."),
    condition: z.string().min(1).describe("A regular expression; `(?i)` at its start ignores capitals."),
    type: z.enum(["regex"]).describe("The kind of condition: `regex`."),
  })
  .superRefine(({ condition }, context) => {
    const verdict = judgePattern(condition.replace(/^\(\?i\)/, ""));
    if (verdict.enforced) return;
    const expected = "a regular expression that is quick on every text";
    fail(context, { expected, got: `one of which ${verdict.reason}`, example: "(?i)unauthorized|expired" });
  });

/** What an argument, an output or an answer must be; what it names is looked up when tools are planned. */
const condition = z
  .union([z.string().min(1), patternCondition])
  .meta({ title: "condition", examples: ["$steps.find.outputs.count == 0"] });

/** One condition, or several that all hold. */
export const conditions = z.union([condition, z.array(condition).min(1)]);

/** One condition, as written in tools.yaml. */
export type ConditionSettings = z.output<typeof condition>;
