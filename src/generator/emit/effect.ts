import { requestOf } from "../../definition/call.ts";
import type { ToolPlan } from "../plan/tool-plan.ts";

/** What a tool does to the vendor's data, in a word for people. */
export function effectOf(tool: ToolPlan): "reads" | "adds" | "changes" | "deletes" {
  if (tool.annotations.readOnlyHint === true) return "reads";
  const methods = tool.steps.flatMap((step) => step.calls.flatMap((call) => requestOf(call)?.method ?? []));
  if (methods.includes("DELETE")) return "deletes";
  return tool.annotations.destructiveHint === false ? "adds" : "changes";
}
