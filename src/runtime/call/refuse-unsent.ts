import type { Call } from "../../definition/call.ts";
import { parseTemplate, type Template } from "../../definition/template.ts";
import { Problem } from "../problem.ts";
import type { PreparedTool } from "./prepare-tool.ts";
import { chooseCall, startScope } from "./run-steps.ts";
import type { Inputs } from "./validate.ts";
import type { Deployment } from "../deployment.ts";

/** Arguments of every list; pages are asked for with them. */
const OF_PAGING = ["limit", "cursor"];

/**
 * Refuses an argument that was given and that the chosen call does not send: a filter that silently does nothing gives an answer that
 * looks right and is not.
 *
 * @param given names that the caller wrote, defaults not among them.
 * @throws {Problem} `invalid_arguments` naming what cannot be combined.
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
  const sent = inputsOf(chosen);
  const unsent = given.filter((name) => !sent.has(name) && !OF_PAGING.includes(name));
  if (unsent.length === 0) return;
  const reasons = [chosen.when ?? []]
    .flat()
    .flatMap((when) => [...namesIn(when)])
    .filter((name) => given.includes(name));
  const clash = reasons.length > 0 ? ` together with ${reasons.join(" and ")}` : "";
  throw new Problem(
    "invalid_arguments",
    `${tool.definition.name} was not called: ${unsent.join(" and ")} cannot be used${clash}. Leave out one or the other.`,
    { arguments: unsent.map((argument) => ({ argument, message: `cannot be used${clash}` })) },
  );
}

/** Arguments that a call looks at or sends. */
function inputsOf({ request, when }: Call): ReadonlySet<string> {
  const names = new Set<string>();
  // A request is made of templates and of plain words, which read as templates without expressions.
  collect(request as unknown as Template, names);
  for (const name of [when ?? []].flat().flatMap((criterion) => [...namesIn(criterion)])) names.add(name);
  return names;
}

function collect(template: Template, names: Set<string>): void {
  if (typeof template === "string") {
    for (const part of parseTemplate(template))
      if (typeof part === "object" && part.from === "inputs") names.add(part.name);
  } else if (typeof template === "object" && template !== null) {
    for (const inner of Object.values(template)) collect(inner, names);
  }
}

/** `"!$inputs.a"` → a */
function namesIn(criterion: string): ReadonlySet<string> {
  return new Set([...criterion.matchAll(/\$inputs\.([A-Za-z_][\w-]*)/g)].map(([, name = ""]) => name));
}
