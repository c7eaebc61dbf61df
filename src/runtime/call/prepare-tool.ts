import type { Call, Step } from "../../definition/call.ts";
import type { Template } from "../../definition/template.ts";
import { stepsOf } from "../../definition/tool.ts";
import type { ToolDefinition } from "../define-tool.ts";
import type { Deployment } from "../deployment.ts";
import { variablesLacking } from "../load/narrow.ts";
import { Problem } from "../problem.ts";
import { expressionsOf } from "../request/template.ts";
import { prepareShape, type Shape } from "../shape/shape.ts";

/** A tool with everything worked out that does not change from call to call. */
export interface PreparedTool {
  readonly definition: ToolDefinition;
  readonly steps: readonly Step[];
  /** Compiled on first use: a dry run never needs it. */
  readonly shape: () => Promise<Shape>;
  /** Calls that say how many items come before the page, not which page it is. */
  readonly byOffset: ReadonlySet<Call>;
}

/** Prepares a tool; done once for each. */
function prepareTool(definition: ToolDefinition): PreparedTool {
  const steps = stepsOf(definition);
  let shape: Promise<Shape> | undefined;
  return {
    definition,
    steps,
    shape: () => (shape ??= prepareShape(definition.result)),
    byOffset: new Set(steps.flatMap((step) => step.calls).filter(asksByOffset)),
  };
}

function asksByOffset({ request }: Call): boolean {
  const expressions = expressionsOf(request as unknown as Template); // it is made of templates and of plain words
  return expressions.some(
    (expression) => expression.from === "page" && (expression.part === "offset" || expression.part === "start"),
  );
}

const prepared = new WeakMap<Deployment, Map<string, Promise<PreparedTool>>>();

/**
 * The tool of a name, its module loaded on the first call.
 *
 * @throws {Problem} `invalid_arguments` when the API has no such tool.
 */
export async function toolOf(deployment: Deployment, name: string): Promise<PreparedTool> {
  const known = prepared.get(deployment) ?? new Map<string, Promise<PreparedTool>>();
  prepared.set(deployment, known);
  const tool = known.get(name) ?? loadTool(deployment, name);
  known.set(name, tool);
  try {
    return await tool;
  } catch (error) {
    known.delete(name); // what failed for a passing reason may work the next time
    throw error;
  }
}

async function loadTool(deployment: Deployment, name: string): Promise<PreparedTool> {
  const { tools, title } = deployment.api.definition;
  const load = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (!load) throw new Problem("invalid_arguments", `${title} has no tool of this name.`);
  const lacking = variablesLacking(deployment, name);
  if (lacking.length > 0) {
    throw new Problem(
      "contract_error",
      `${name} cannot be used: ${lacking.join(" and ")} must be set where this server runs. No other arguments will help.`,
    );
  }
  const definition = Object.values(await load()).find((value) => isToolNamed(value, name));
  if (!definition) throw new Error(`the module of ${name} does not export it`);
  return prepareTool(definition);
}

/** Modules come from the generator through `defineTool`, whose type said all this when they were compiled. */
function isToolNamed(value: unknown, name: string): value is ToolDefinition {
  return typeof value === "object" && value !== null && "name" in value && value.name === name && "input" in value;
}
