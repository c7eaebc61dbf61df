import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { duplicateToolName, manyTools } from "../../diagnostics/messages.ts";
import type { Spec } from "../../spec/spec.ts";
import { keyOf } from "../tools-file/origin.ts";
import type { ToolEntry, ToolsFile } from "../tools-file/tools-file.ts";
import type { ApiContext } from "./context.ts";
import { withConfirmation } from "./confirmation.ts";
import { planDefinition } from "./definition.ts";
import { planEnvironment } from "./environment.ts";
import { planExamples } from "./examples.ts";
import { planNeeds } from "./needs.ts";
import { shareSteps } from "./shared-steps.ts";
import { planTool } from "./plan-tool.ts";
import type { ApiPlan } from "./tool-plan.ts";

/** What planning came to. With an error among the diagnostics the plans are incomplete and nothing is to be written. */
export interface Planned {
  readonly apis: readonly ApiPlan[];
  readonly diagnostics: readonly Diagnostic[];
}

const MOST_TOOLS = 30; // beyond it models choose badly, and a list costs more than most conversations can spare

/**
 * Decides everything that will be generated: names, arguments, requests, paging, results. Nothing is thrown; all problems are collected.
 *
 * @param specs The description of each API, by the API's name. An API without one is left out.
 */
export function plan(config: ToolsFile, specs: ReadonlyMap<string, Spec>): Planned {
  const diagnostics = new Map<string, Diagnostic>();
  const apis = config.apis.flatMap((entry): ApiPlan[] => {
    const spec = specs.get(entry.name);
    // Several tools may share an operation, and so its problems.
    const report = (problem: Diagnostic): void => void diagnostics.set(JSON.stringify(problem), problem);
    return spec ? [planApi({ entry, spec, report })] : [];
  });
  return { apis, diagnostics: [...diagnostics.values()] };
}

function planApi(context: ApiContext): ApiPlan {
  const { entry, spec, report } = context;
  const listed = withoutDoubles(context);
  const complete = listed
    .flatMap((tool) => {
      const planned = planTool({ ...context, tool });
      return planned ? [withConfirmation({ ...context, tool }, planned)] : [];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const { tools, steps } = shareSteps(context, complete);
  const most = entry.settings.budget?.tools ?? MOST_TOOLS;
  if (tools.length > most) report(manyTools({ at: keyOf(entry.origin), count: tools.length, most }));
  const planned = new Set(tools.map(({ name }) => name));
  const unplanned = new Set([
    ...entry.brokenTools,
    ...entry.tools.map(({ name }) => name).filter((name) => !planned.has(name)),
  ]);
  const shared = planDefinition(context);
  const examples = planExamples(context, { tools, unplanned });
  const own = Object.fromEntries(tools.flatMap((tool) => Object.entries(tool.servers ?? {})));
  const servers = { ...shared.servers, ...own, ...shared.servers }; // T14: what tools.yaml names is where it says
  const needs = planNeeds(tools);
  const definition = { ...shared, servers, ...(examples.length > 0 && { examples }), ...(needs && { needs }) };
  return {
    name: entry.name,
    definition,
    tools,
    ...(steps.length > 0 && { steps }),
    environment: planEnvironment(definition, tools),
    inputFiles: [...entry.files, ...spec.files.filter((file) => !entry.files.includes(file))],
  };
}

/** Names must differ by more than capitals (T43): some file systems and clients see no difference. */
function withoutDoubles({ entry, report }: ApiContext): ToolEntry[] {
  const seen = new Map<string, ToolEntry>();
  for (const tool of entry.tools) {
    const first = seen.get(tool.name.toLowerCase());
    if (first) report(duplicateToolName({ at: keyOf(tool.origin), name: tool.name, first: keyOf(first.origin) }));
    else seen.set(tool.name.toLowerCase(), tool);
  }
  return [...seen.values()];
}
