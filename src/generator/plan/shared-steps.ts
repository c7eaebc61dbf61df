import { unusedStep } from "../../diagnostics/messages.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import type { ApiContext } from "./context.ts";
import type { StepPlan, ToolPlan } from "./tool-plan.ts";

/** What the tools of an API have in common. */
export interface Shared {
  readonly tools: readonly ToolPlan[];
  readonly steps: readonly StepPlan[];
}

/**
 * Takes the steps that tools share out of them. One that came out differently in two tools, since its names mean something else in each,
 * stays with both.
 */
export function shareSteps({ entry, report }: ApiContext, tools: readonly ToolPlan[]): Shared {
  const named = new Set(
    entry.tools.flatMap(({ settings }) => settings.steps ?? []).filter((step) => typeof step === "string"),
  );
  const steps: StepPlan[] = [];
  for (const stepId of Object.keys(entry.settings.steps ?? {}).sort()) {
    const at = keyOf(within(entry.origin, "steps", stepId));
    if (!named.has(stepId) && entry.brokenTools.length === 0) report(unusedStep({ at, name: stepId }));
    const users = tools.flatMap((tool) => {
      const source = tool.shared?.find((one) => one.stepId === stepId);
      const step = source && tool.steps.find((one) => one.stepId === stepId);
      return source && step ? [{ tool: tool.name, source, step }] : [];
    });
    const [first] = users;
    if (!first || new Set(users.map(({ step }) => JSON.stringify(step))).size > 1) continue;
    steps.push({ ...first.source, step: first.step, tools: users.map(({ tool }) => tool) });
  }
  const common = new Set(steps.map(({ stepId }) => stepId));
  return {
    steps,
    tools: tools.map(({ shared = [], ...tool }) => {
      const left = shared.filter(({ stepId }) => common.has(stepId));
      return left.length === 0 ? tool : { ...tool, shared: left };
    }),
  };
}
