import type { Call } from "../../definition/call.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import {
  invalidToolName,
  longDescription,
  missingDescription,
  mixedPaging,
  reservedToolName,
  suspiciousText,
  unknownParameter,
} from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import type { Operation } from "../../spec/operation.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { isSafe, planAnnotations } from "./annotations.ts";
import { answerKind } from "./answer-schema.ts";
import type { BodyForm } from "./body.ts";
import { bodyAlternatives, tellAlternatives } from "./body-alternatives.ts";
import { nameOf } from "./name-of.ts";
import type { Route, ToolContext } from "./context.ts";
import { cleanText, soundsLikeOrders, vendorDescription } from "./describe.ts";
import { planFillings, reportUnknownNames, type Filling } from "./fillings.ts";
import { planInputs } from "./inputs.ts";
import { titleOf, toolNameProblem } from "./names.ts";
import { planPagination } from "./pagination.ts";
import { planRequest } from "./request.ts";
import { planResult } from "./result.ts";
import { planRoutes } from "./routes.ts";
import { listSources, type Sources } from "./sources.ts";
import type { OperationSource, ToolPlan } from "./tool-plan.ts";

const LONG_DESCRIPTION = 2000; // characters; directories and hosts cut longer ones

/** Decides everything of one tool; undefined when its operation cannot be had. Problems are reported. */
export function planTool(context: ToolContext): ToolPlan | undefined {
  const { tool } = context;
  checkName(context);
  const routes = planRoutes(context);
  if (!routes) return undefined;
  const filled = routes.map((route, index) => {
    const sources = listSources(context, route);
    const taken = new Set(
      routes.slice(0, index).flatMap(({ when }) => (when.length === 1 ? alternatives(when[0]) : [])),
    );
    return { route, sources, fillings: planFillings(context, route, sources).filter((one) => !isTaken(one, taken)) };
  });
  reportUnknownNames(
    context,
    routes,
    filled.flatMap(({ sources }) => sources.all),
  );
  checkPaging(context, routes);
  const { inputs, definitions } = planInputs(context, filled);
  const together = planAlternatives(filled);
  const annotations = planAnnotations(context, routes);
  const fillings = filled.flatMap((one) => one.fillings);
  const calls = filled.map((one): Call => {
    const form = { fillings: one.fillings, body: one.sources.body };
    return planCall(context, one.route, { ...form, readOnly: annotations.readOnlyHint === true, all: fillings });
  });
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
    steps: [{ stepId: "call", calls }],
    result: planResult(context, routes),
  };
}

/** Alternatives of a body that must be sent, when there is no choice of routes: another route may demand other things. */
function planAlternatives(
  filled: readonly { route: Route; sources: Sources; fillings: readonly Filling[] }[],
): ToolPlan["alternatives"] {
  const [one, ...others] = filled;
  const { body } = one?.sources ?? {};
  if (!one || !body || others.length > 0 || body.shape !== "properties" || body.needs !== undefined) return [];
  const { requestBody, definitions } = one.route.operation;
  const media = requestBody?.content.find(({ contentType }) => contentType === body.contentType);
  return media ? bodyAlternatives(media.schema, definitions, one.fillings) : [];
}

/** Whether an earlier route is taken as soon as this argument is given, so that this one never sends it. */
function isTaken({ argument, source }: Filling, taken: ReadonlySet<string>): boolean {
  return argument !== undefined && (taken.has(argument) || taken.has(source.name));
}

function checkName({ tool, report }: ToolContext): void {
  const at = keyOf(tool.origin);
  const problem = toolNameProblem(tool.name);
  if (problem === "invalid") report(invalidToolName({ at, name: tool.name }));
  if (problem === "reserved")
    report(reservedToolName({ at, name: tool.name, suggestion: `${tool.name.replaceAll(/^_+|_+$/g, "")}_item` }));
}

function checkPaging({ report }: ToolContext, routes: readonly Route[]): void {
  if (!routes.some(({ pagination }) => pagination)) return;
  for (const { pagination, origin, operation } of routes) {
    if (!pagination) report(mixedPaging({ at: origin, route: nameOf(operation) }));
  }
}

interface CallParts {
  readonly fillings: readonly Filling[];
  readonly body: BodyForm | undefined;
  readonly readOnly: boolean;
  /** What all routes of the tool are filled with: a condition may look at any argument. */
  readonly all: readonly Filling[];
}

function planCall(context: ToolContext, route: Route, { fillings, body, readOnly, all }: CallParts): Call {
  const { method } = route.operation;
  const when = route.when.map((names, index) =>
    alternatives(names)
      .map((name) => criterion(context, all, { name, at: whenOrigin(route, index) }))
      .join(" || "),
  );
  const pagination = planPagination(context, route);
  const answer = answerKind(route.operation);
  const idempotent = context.tool.settings.annotations?.idempotentHint;
  const byMethod = isSafe(method) || method === "PUT" || method === "DELETE"; // RFC 9110 §9.2.2
  return {
    ...(when.length > 0 && { when: when.length === 1 && when[0] !== undefined ? when[0] : when }),
    ...(readOnly !== isSafe(method) && { effect: readOnly ? "read" : "write" }),
    ...(idempotent !== undefined && idempotent !== byMethod && { idempotent }),
    request: planRequest(route, fillings, body),
    ...(pagination && { pagination }),
    ...(answer && { answer }),
  };
}

/** `search || filter` → search, filter */
function alternatives(names = ""): readonly string[] {
  return names.split("||").map((name) => name.trim());
}

function whenOrigin({ origin, when }: Route, index: number): Origin {
  return when.length === 1 ? within(origin, "when") : within(origin, "when", index);
}

/** `query` → `$inputs.query`, `!query` → `!$inputs.query`; the vendor's name of a renamed argument will do. */
function criterion(
  { tool, report }: ToolContext,
  fillings: readonly Filling[],
  { name, at }: { name: string; at: Origin },
): string {
  const bare = name.replace(/^!/, "");
  const meant =
    fillings.find(({ argument }) => argument === bare) ??
    fillings.find(({ argument, source }) => argument !== undefined && source.name === bare);
  if (meant?.argument === undefined) {
    const near = nearest(
      bare,
      fillings.flatMap(({ argument }) => argument ?? []),
    ).map((one) => ({ name: one }));
    report(unknownParameter({ at, name: bare, operation: `\`${tool.name}\``, near }));
  }
  return `${name.startsWith("!") ? "!" : ""}$inputs.${meant?.argument ?? bare}`;
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
  const operations = new Map(routes.map(({ operation }) => [nameOf(operation), operation]));
  return [...operations.values()].map(({ method, path, operationId, origin }) => ({
    method,
    path,
    operationId,
    origin,
  }));
}
