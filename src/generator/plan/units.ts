import { duplicateStep, unknownStep } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import type { StepSettings } from "../tools-file/step-schema.ts";
import type { ApiEntry, ToolEntry } from "../tools-file/tools-file.ts";
import type { Report, Route, ToolContext } from "./context.ts";
import { type Filling, planFillings, reportUnknownNames } from "./fillings.ts";
import { planRoutes } from "./routes.ts";
import { listSources, type Sources } from "./sources.ts";

/** One step of a tool on its way to the plan; a tool of one call is one unit. */
export interface Unit {
  readonly stepId: string;
  /** With the step's own settings. */
  readonly context: ToolContext;
  /** It stands under `steps:` of the API, so that other tools may use it too. */
  readonly shared: boolean;
  readonly routes: readonly FilledRoute[];
}

/** A route and what its request is filled with. */
export interface FilledRoute {
  readonly route: Route;
  readonly sources: Sources;
  readonly fillings: readonly Filling[];
}

/** A step as it is written, where it is written. */
export interface WrittenStep {
  readonly stepId: string;
  readonly tool: ToolEntry;
  /** Undefined for a tool of one call. */
  readonly step: StepSettings | undefined;
  readonly shared: boolean;
}

/** The operations that a tool names, as they are written, each with the step that names it. */
export function operationsNamedBy(
  entry: ApiEntry,
  tool: ToolEntry,
): readonly { readonly step: WrittenStep; readonly reference: string }[] {
  return writtenSteps(entry, tool, () => {}).flatMap((step) => {
    const { operation, routes } = step.tool.settings;
    const references = routes?.map((route) => route.operation) ?? (operation === undefined ? [] : [operation]);
    return references.map((reference) => ({ step, reference }));
  });
}

/** The steps of a tool as they are written, each as if it were a tool; what all of them share is the tool's. */
function writtenSteps({ settings: api, origin }: ApiEntry, tool: ToolEntry, report: Report): WrittenStep[] {
  const { steps, server, credential } = tool.settings;
  if (!steps) return [{ stepId: "call", tool, step: undefined, shared: false }];
  const known = api.steps ?? {};
  return steps.flatMap((entry, index): WrittenStep[] => {
    const at = within(tool.origin, "steps", index);
    const settings = typeof entry === "string" ? (Object.hasOwn(known, entry) ? known[entry] : undefined) : entry;
    if (!settings) {
      const names = Object.keys(known);
      const name = String(entry);
      const near = nearest(name, names).map((one) => ({ name: one, at: keyOf(within(origin, "steps", one)) }));
      report(unknownStep({ at, name, near, known: names }));
      return [];
    }
    const shared = typeof entry === "string";
    const place = shared ? within(origin, "steps", entry) : at;
    // A shared step is the same in every tool, so it knows nothing of the tool.
    const usual = {
      ...(!shared && server !== undefined && { server }),
      ...(!shared && credential !== undefined && { credential }),
    };
    const { when: _when, outputs: _outputs, stop: _stop, effect: _effect, because: _because, ...ofCall } = settings;
    const asTool = { name: tool.name, origin: place, settings: { ...usual, ...ofCall } };
    return [{ stepId: shared ? entry : entry.stepId, tool: asTool, step: settings, shared }];
  });
}

/**
 * The steps of a tool, each with its routes and what fills them; undefined when one cannot be had. Problems are reported.
 *
 * @param written Steps that stand elsewhere than under `steps:` of the tool: those of a session.
 */
export function planUnits(
  context: ToolContext,
  written: readonly WrittenStep[] = writtenSteps(context.entry, context.tool, context.report),
): readonly Unit[] | undefined {
  const { tool, report } = context;
  const units = written.flatMap(({ stepId, tool: asTool, step, shared }, index): Unit[] => {
    const first = written.slice(0, index).find((one) => one.stepId === stepId);
    if (first) report(duplicateStep({ at: asTool.origin, name: stepId, first: first.tool.origin }));
    const isLast = step && index === written.length - 1;
    const { result, limit } = tool.settings; // they are about the last step, which answers
    const settings = isLast
      ? { ...asTool.settings, ...(result && { result }), ...(limit && { limit }) }
      : asTool.settings;
    const own: ToolContext = {
      ...context,
      tool: { ...asTool, settings },
      ...(step && { step }),
      ...(isLast && { resultAt: within(tool.origin, "result") }),
    };
    const routes = planRoutes(own);
    if (!routes) return [];
    const filled = fillRoutes(own, routes);
    const sources = filled.flatMap((one) => one.sources.all);
    reportUnknownNames(own, routes, sources);
    return [{ stepId, context: own, shared, routes: filled }];
  });
  const complete = units.length === (tool.settings.steps?.length ?? 1);
  return complete ? units : undefined;
}

function fillRoutes(context: ToolContext, routes: readonly Route[]): FilledRoute[] {
  return routes.map((route, index) => {
    const sources = listSources(context, route);
    const taken = new Set(routes.slice(0, index).flatMap(({ when }) => (when.length === 1 ? namesIn(when[0]) : [])));
    return { route, sources, fillings: planFillings(context, route, sources).filter((one) => !isTaken(one, taken)) };
  });
}

/** `search || filter` → search, filter */
function namesIn(when: Route["when"][number] | undefined): readonly string[] {
  return typeof when === "string" ? when.split("||").map((name) => name.trim()) : [];
}

/** Whether an earlier route is taken as soon as this argument is given, so that this one never sends it. */
function isTaken({ argument, source }: Filling, taken: ReadonlySet<string>): boolean {
  return argument !== undefined && (taken.has(argument) || taken.has(source.name));
}
