import type { ApiDefinition } from "../../definition/api.ts";
import { variablesOf } from "./environment.ts";
import type { ToolPlan } from "./tool-plan.ts";

/** The variables without a fallback that the requests of each tool are made of; undefined when there are none. */
export function planNeeds(tools: readonly ToolPlan[]): ApiDefinition["needs"] {
  const needs = tools.flatMap(({ name, steps }): [string, readonly string[]][] => {
    const requests = steps.flatMap(({ calls }) => calls.map(({ request }) => request));
    const names = variablesOf(requests).flatMap((one) => (one.fallback === undefined ? [one.name] : []));
    return names.length === 0 ? [] : [[name, [...new Set(names)].sort()]];
  });
  return needs.length === 0 ? undefined : Object.fromEntries(needs);
}
