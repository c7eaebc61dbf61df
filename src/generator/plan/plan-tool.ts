import {
  invalidToolName,
  longDescription,
  missingDescription,
  mixedPaging,
  reservedToolName,
  suspiciousText,
  unusedInput,
} from "../../diagnostics/messages.ts";
import type { Operation } from "../../spec/operation.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { planAnnotations } from "./annotations.ts";
import { bodyAlternatives, tellAlternatives } from "./body-alternatives.ts";
import { nameOf } from "./name-of.ts";
import type { Route, ToolContext } from "./context.ts";
import { declaredInputs } from "./declared-inputs.ts";
import { cleanText, soundsLikeOrders, vendorDescription } from "./describe.ts";
import { planInputs } from "./inputs.ts";
import { titleOf, toolNameProblem } from "./names.ts";
import { planResult } from "./result.ts";
import { planSteps } from "./steps.ts";
import type { OperationSource, ToolPlan } from "./tool-plan.ts";
import { planUnits, type Unit } from "./units.ts";

const LONG_DESCRIPTION = 2000; // characters; directories and hosts cut longer ones

/** Decides everything of one tool; undefined when an operation of it cannot be had. Problems are reported. */
export function planTool(context: ToolContext): ToolPlan | undefined {
  const { tool, report } = context;
  checkName(context);
  const units = planUnits(context);
  if (!units) return undefined;
  for (const unit of units) checkPaging(unit);
  const routes = units.flatMap((unit) => unit.routes.map(({ route }) => route));
  const { inputs, definitions } = planInputs(context, units);
  const together = planAlternatives(units);
  const annotations = planAnnotations(context, routes);
  const used = new Set<string>();
  const types = new Map(inputs.map(({ name, schema }) => [name, { schema, definitions }]));
  const start = { report, tool: tool.name, inputs: types, used, credentials: [] };
  const { steps, names } = planSteps(units, start, annotations.readOnlyHint === true);
  const result = planResult(context, units, names);
  reportUnused(context, units, used);
  const shared = units
    .filter((unit) => unit.shared)
    .map((unit) => ({
      stepId: unit.stepId,
      origin: unit.context.tool.origin,
      operations: sourcesOf(unit.routes.map(({ route }) => route)),
    }));
  return {
    name: tool.name,
    title: tool.settings.title === undefined ? titleOf(tool.name) : cleanText(tool.settings.title),
    description: describe(context, routes, tellAlternatives(together)),
    annotations,
    scopes: tool.settings.scopes ?? scopesOf(routes),
    ...ownServers(routes),
    origin: tool.origin,
    operations: sourcesOf(routes),
    inputs,
    alternatives: together,
    definitions,
    steps,
    ...(shared.length > 0 && { shared }),
    result,
  };
}

/** What `inputs:` declares must be of use, or the model gives it for nothing. */
function reportUnused(context: ToolContext, units: readonly Unit[], used: ReadonlySet<string>): void {
  for (const { name, origin } of declaredInputs(context, units).values()) {
    if (!used.has(name)) context.report(unusedInput({ at: keyOf(origin), name }));
  }
}

/** Alternatives of a body that must be sent, when there is no choice of routes or steps: another may demand other things. */
function planAlternatives(units: readonly Unit[]): ToolPlan["alternatives"] {
  const [one, ...others] = units.flatMap(({ routes }) => routes);
  const { body } = one?.sources ?? {};
  if (!one || !body || others.length > 0 || body.shape !== "properties" || body.needs !== undefined) return [];
  const { requestBody, definitions } = one.route.operation;
  const media = requestBody?.content.find(({ contentType }) => contentType === body.contentType);
  return media ? bodyAlternatives(media.schema, definitions, one.fillings) : [];
}

function checkName({ tool, report }: ToolContext): void {
  const at = keyOf(tool.origin);
  const problem = toolNameProblem(tool.name);
  if (problem === "invalid") report(invalidToolName({ at, name: tool.name }));
  if (problem === "reserved")
    report(reservedToolName({ at, name: tool.name, suggestion: `${tool.name.replaceAll(/^_+|_+$/g, "")}_item` }));
}

/** Of calls to choose among all page or none does, since the answer is a list or it is none. */
function checkPaging({ context, routes }: Unit): void {
  if (!routes.some(({ route }) => route.pagination)) return;
  for (const { pagination, origin, operation } of routes.map(({ route }) => route)) {
    if (!pagination) context.report(mixedPaging({ at: origin, route: nameOf(operation) }));
  }
}

/** The curated description; otherwise the vendor's words for the first operation that has any, and which arguments go together. */
function describe({ tool, report }: ToolContext, routes: readonly Route[], together: string): string {
  const at = within(tool.origin, "description");
  if (tool.settings.description !== undefined) {
    const text = cleanText(tool.settings.description);
    if (text.length > LONG_DESCRIPTION)
      report(longDescription({ at, tool: tool.name, length: text.length, most: LONG_DESCRIPTION }));
    return text;
  }
  for (const { operation } of routes) {
    const text = vendorDescription(operation.summary, operation.description);
    if (text === "") continue;
    if (soundsLikeOrders(text))
      report(suspiciousText({ at: operation.origin, what: `the description of ${nameOf(operation)}` }));
    return together === "" ? text : `${text.replace(/(?<![.!?])$/, ".")} ${together}`;
  }
  report(missingDescription({ at: keyOf(tool.origin), tool: tool.name }));
  return `${tool.settings.title ?? titleOf(tool.name)}. ${together}`.trim();
}

/** The OAuth scopes of each operation: those of the first alternative that names any. */
function scopesOf(routes: readonly Route[]): string[] {
  const scopes = ({ security }: Operation): readonly string[] =>
    security.map((schemes) => Object.values(schemes).flat()).find((names) => names.length > 0) ?? [];
  return [...new Set(routes.flatMap(({ operation }) => scopes(operation)))];
}

function ownServers(routes: readonly Route[]): Pick<ToolPlan, "servers"> {
  const servers = routes.flatMap(({ server, ownServer }) => (ownServer ? [[server, ownServer] as const] : []));
  return servers.length > 0 ? { servers: Object.fromEntries(servers) } : {};
}

/** The operations of a tool, each once. */
function sourcesOf(routes: readonly Route[]): OperationSource[] {
  const described = routes.filter(({ undescribed }) => !undescribed);
  const operations = new Map(described.map(({ operation }) => [JSON.stringify(operation.origin), operation]));
  return [...operations.values()].map(({ method, path, operationId, origin }) => ({
    method,
    path,
    operationId,
    origin,
  }));
}
