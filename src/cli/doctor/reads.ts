import type { Call } from "../../definition/call.ts";
import type { CatalogTool } from "../../definition/catalog.ts";
import { stepsOf } from "../../definition/tool.ts";
import type { ToolDefinition } from "../../runtime/define-tool.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import { Problem } from "../../runtime/problem.ts";
import { fillRequest } from "../../runtime/request/fill-request.ts";
import { at as pointAt } from "../../runtime/request/pointer.ts";
import type { Scope } from "../../runtime/request/types.ts";
import { send } from "../../runtime/send/send.ts";
import type { Referee } from "../../sandbox/referee.ts";
import type { Finding } from "./finding.ts";

/** One read may take so long. */
const DEADLINE_MS = 20_000;
/** Deviations of an answer that are named; the rest is counted. */
const MOST_NAMED = 3;

/** What a list answered, by the path it stands at: `/tickets` → the first ticket. */
type Known = Map<string, Readonly<Record<string, unknown>>>;

/**
 * Makes one harmless read for each read tool, the whole answer held against the description. Ids come from the lists that answer
 * first: `/tickets/{ticket_id}` is read with the first ticket of `/tickets`.
 *
 * @param operationOf operationId of a call, for the referee.
 */
export async function* checkReads(
  deployment: Deployment,
  referee: Referee,
  operationOf: (call: Call) => string | undefined,
): AsyncGenerator<Finding> {
  const known: Known = new Map();
  const reads = deployment.api.catalog.tools.filter(({ annotations }) => annotations.readOnlyHint === true);
  const ordered = [...reads].sort((a, b) => requiredOf(a).length - requiredOf(b).length);
  for (const entry of ordered) {
    const definition = await definitionOf(deployment, entry.name);
    const call = stepsOf(definition).at(-1)?.calls.at(-1);
    if (!call) continue;
    const args = argumentsFor(entry, call, known);
    if ("lacks" in args) yield { state: "skipped", what: `${entry.name}: no value for ${args.lacks} is known` };
    else
      yield await readOnce(entry.name, call, args.values, {
        deployment,
        referee,
        known,
        operationId: operationOf(call),
      });
  }
}

async function readOnce(
  tool: string,
  call: Call,
  inputs: Readonly<Record<string, unknown>>,
  at: {
    readonly deployment: Deployment;
    readonly referee: Referee;
    readonly known: Known;
    readonly operationId: string | undefined;
  },
): Promise<Finding> {
  const scope: Scope = {
    inputs,
    steps: {},
    page: { number: 1, offset: 0, size: 1 },
    environment: at.deployment.environment,
  };
  try {
    const request = await fillRequest(call, scope, at.deployment);
    const context = {
      signal: AbortSignal.timeout(DEADLINE_MS),
      deadlineAt: Date.now() + DEADLINE_MS,
      progress: () => {},
    };
    const started = performance.now();
    const answer = await send(request, at.deployment, context);
    const ms = Math.round(performance.now() - started);
    remember(call, answer.body, at.known);
    const drift =
      at.operationId === undefined ? [] : at.referee.judgeAnswer(at.operationId, answer.status, answer.body);
    if (drift.length === 0) return { state: "ok", what: `${tool}: ${answer.bytes} bytes in ${ms} ms, as described` };
    const named = drift.slice(0, MOST_NAMED).map(({ field, message }) => `${field || "the answer"} ${message}`);
    return {
      state: "warning",
      what: `${tool}: the answer differs from the description in ${drift.length} places: ${named.join("; ")}`,
      fix: "mend the spec (tools keep working: answers are never refused for drifting)",
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { state: "problem", what: `${tool}: ${error.message}`, fix: fixFor(error, tool) };
  }
}

function fixFor({ code }: Problem, tool: string): string {
  if (code === "credential_rejected") return "check the credential's variable; a new key may be needed";
  if (code === "forbidden")
    return `give the credential the permission that ${tool} needs, or serve with --except ${tool}`;
  return `see \`toolwright call ${tool} --dry-run\` for the request`;
}

async function definitionOf(deployment: Deployment, name: string): Promise<ToolDefinition> {
  const module = await deployment.api.definition.tools[name]?.();
  return Object.values(module ?? {})[0] as ToolDefinition; // a generated module exports its one tool
}

function requiredOf({ inputSchema }: CatalogTool): readonly string[] {
  return (inputSchema["required"] ?? []) as readonly string[]; // the catalog was checked when it was written
}

/** A value for every required argument, or the name of the first for which nothing is known. */
function argumentsFor(
  tool: CatalogTool,
  call: Call,
  known: Known,
): { readonly values: Readonly<Record<string, unknown>> } | { readonly lacks: string } {
  const values: Record<string, unknown> = {};
  for (const name of requiredOf(tool)) {
    const value = valueFor(name, tool, call, known);
    if (value === undefined) return { lacks: name };
    values[name] = value;
  }
  return { values };
}

function valueFor(name: string, { inputSchema }: CatalogTool, call: Call, known: Known): unknown {
  const properties = inputSchema["properties"] as Readonly<Record<string, { readonly type?: unknown }>>; // of an object schema
  const at = call.request.path.indexOf(`/{${name}}`);
  const parent = known.get(at < 0 ? "" : call.request.path.slice(0, at)) ?? namedAfter(name, known);
  if (parent) return parent[name] ?? parent["id"];
  return properties[name]?.type === "string" ? "a" : undefined; // a search for a letter finds something almost anywhere
}

/** `folder_id` → the first row of a list whose path ends with `folders`. */
function namedAfter(name: string, known: Known): Readonly<Record<string, unknown>> | undefined {
  const noun = name.replace(/_id$/, "");
  const plural = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return [...known].find(([path]) => path.endsWith(`/${plural}`))?.[1];
}

function remember(call: Call, body: unknown, known: Known): void {
  const pointers = call.pagination ? [call.pagination.items].flat() : [];
  for (const pointer of pointers) {
    const items = pointAt(body, pointer.replace(/^\$response\.body#?/, ""));
    if (Array.isArray(items) && typeof items[0] === "object" && items[0] !== null) {
      known.set(call.request.path, items[0] as Readonly<Record<string, unknown>>); // an object, checked here
    }
  }
}
