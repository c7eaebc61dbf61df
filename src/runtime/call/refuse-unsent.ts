import type { Call } from "../../definition/call.ts";
import type { Template } from "../../definition/template.ts";
import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { inputsOf } from "../request/template.ts";
import type { PreparedTool } from "./prepare-tool.ts";
import { chooseCall, startScope } from "./run-steps.ts";
import type { Inputs } from "./validate.ts";

/** Arguments that are for us: pages are asked for with them, and a person's yes is passed on. */
const OURS: ReadonlySet<string> = new Set(["limit", "cursor", "confirm"]);

/**
 * Refuses an argument that was given and that the chosen call does not send: a filter that silently does nothing gives an answer that
 * looks right and is not.
 *
 * @param given names that the caller wrote, defaults not among them.
 * @throws {Problem} `invalid_arguments` naming what cannot be combined, or what is missing beside it.
 */
export function refuseUnsent(
  deployment: Deployment,
  tool: PreparedTool,
  inputs: Inputs,
  given: readonly string[],
): void {
  const [step, ...others] = tool.steps;
  if (!step || others.length > 0 || step.calls.length < 2) return;
  const chosen = chooseCall(tool.steps, 0, startScope({ deployment }, inputs))?.call;
  if (!chosen) return;
  const unsent = given.filter((name) => !uses(chosen, name) && !OURS.has(name));
  if (unsent.length === 0) return;
  const inTheWay = conditionsOf(chosen).filter((name) => given.includes(name));
  const clash = inTheWay.length > 0 ? `cannot be used together with ${inTheWay.join(" and ")}` : undefined;
  const complaints = unsent.map((argument) => ({ argument, message: clash ?? needs(argument, step.calls) }));
  const what = complaints.map(({ argument, message }) => `${argument} ${message}`).join(", ");
  const advice = clash ? "Leave out one or the other." : "Leave it out, or add what it needs.";
  throw new Problem("invalid_arguments", `${tool.definition.name} was not called: ${what}. ${advice}`, {
    arguments: complaints,
  });
}

/** Why an argument is of no use: another has to be given for a call that sends it. */
function needs(argument: string, calls: readonly Call[]): string {
  const conditions = calls.filter((call) => uses(call, argument)).flatMap(conditionsOf);
  return conditions.length > 0
    ? `can only be used together with ${[...new Set(conditions)].join(" or ")}`
    : "cannot be used with these arguments";
}

/** Whether a call looks at an argument or sends it. */
function uses(call: Call, argument: string): boolean {
  // A request is made of templates and of plain words, which read as templates without expressions.
  return inputsOf(call.request as unknown as Template).includes(argument) || conditionsOf(call).includes(argument);
}

/** The arguments that a call is chosen by: `"!$inputs.a || $inputs.b"` → a, b */
function conditionsOf({ when = [] }: Call): readonly string[] {
  return [when]
    .flat()
    .flatMap((criterion) => (typeof criterion === "string" ? criterion : criterion.context))
    .flatMap((text) => [...text.matchAll(/\$inputs\.([A-Za-z_][\w-]*)/g)].map(([, name = ""]) => name));
}
