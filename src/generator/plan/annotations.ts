import type { Method } from "../../definition/request.ts";
import type { Annotations } from "../../definition/catalog.ts";
import { annotationNeedsReason, becauseNotNeeded, mixedEffects } from "../../diagnostics/messages.ts";
import type { Operation } from "../../spec/operation.ts";
import { within } from "../tools-file/origin.ts";
import type { Route, ToolContext } from "./context.ts";

/** What methods say of themselves (RFC 9110 §9.2, and OpenAPI 3.2 for QUERY). */
const SAFE: ReadonlySet<Method> = new Set<Method>(["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"]);
const REPLACING: ReadonlySet<Method> = new Set<Method>(["PUT", "DELETE"]);

/** Whether an operation promises to change nothing: by its method, unless its description knows better. */
export function isSafe({ method, effect }: Pick<Operation, "method" | "effect">): boolean {
  return effect === undefined ? SAFE.has(method) : effect === "read";
}

/**
 * Decides the hints of a tool: what the methods say, unless tools.yaml says otherwise. One that is MCP's default is not said
 * (`readOnlyHint: false`, `idempotentHint: false`, `openWorldHint: true`), but for `destructiveHint` of a tool that writes: whoever
 * reviews it, or lists it in a directory, need not know the default to see what it may do.
 *
 * An override that makes a tool look more harmless than its method needs a reason (T18): reading by POST, replacing by PUT without harm.
 */
export function planAnnotations({ tool, report }: ToolContext, routes: readonly Route[]): Annotations {
  const operations = routes.map(({ operation }) => operation);
  const writes = operations.filter((operation) => !isSafe(operation));
  const methods = (writes.length > 0 ? writes : operations).map(({ method }) => method);
  const [method = "POST"] = methods;
  const given = tool.settings.annotations ?? {};
  const at = within(tool.origin, "annotations");
  const inSteps = tool.settings.steps !== undefined; // of which some read and some write
  if (!inSteps && given.readOnlyHint === undefined && new Set(operations.map(isSafe)).size > 1)
    report(mixedEffects({ at: tool.origin, tool: tool.name }));
  const readOnly = given.readOnlyHint ?? operations.every(isSafe);
  const replacing = methods.some((one) => REPLACING.has(one));
  const contradicted = contradictions(given, { operations, writes, readOnly, replacing, inSteps });
  if (tool.settings.because === undefined) {
    for (const hint of contradicted) report(annotationNeedsReason({ at: within(at, hint), hint, method }));
  } else if (contradicted.length === 0) {
    report(becauseNotNeeded({ at: within(tool.origin, "because") }));
  }
  const openWorld = given.openWorldHint === false ? { openWorldHint: false } : {};
  if (readOnly) return { readOnlyHint: true, ...openWorld };
  const idempotent = given.idempotentHint ?? methods.every((one) => REPLACING.has(one));
  return {
    destructiveHint: given.destructiveHint ?? true,
    ...(idempotent && { idempotentHint: true }),
    ...openWorld,
  };
}

interface Facts {
  readonly operations: readonly Operation[];
  /** Those that change something. */
  readonly writes: readonly Operation[];
  readonly readOnly: boolean;
  readonly replacing: boolean;
  readonly inSteps: boolean;
}

/** The given hints that say something else than the methods do. */
function contradictions(
  given: ToolContext["tool"]["settings"]["annotations"] & object,
  { operations, writes, readOnly, replacing, inSteps }: Facts,
): string[] {
  const hints: string[] = [];
  const differs = inSteps
    ? operations.every(isSafe) !== given.readOnlyHint
    : operations.some((operation) => isSafe(operation) !== given.readOnlyHint);
  if (given.readOnlyHint !== undefined && differs) hints.push("readOnlyHint");
  if (given.destructiveHint === true && readOnly) hints.push("destructiveHint");
  if (given.destructiveHint === false && replacing && !readOnly) hints.push("destructiveHint");
  if (given.idempotentHint === true && !readOnly && writes.some(({ method }) => !REPLACING.has(method)))
    hints.push("idempotentHint");
  return hints;
}

/** T18: a step that is said to do less than its method does needs a reason. */
export function withEffect({ step, tool, report }: ToolContext, operation: Operation): Operation {
  const { effect, because } = step ?? {};
  if (effect === undefined) return operation;
  const milder = effect === "read" && !isSafe(operation);
  const at = within(tool.origin, "effect");
  if (milder && because === undefined) report(annotationNeedsReason({ at, hint: "effect", method: operation.method }));
  return { ...operation, effect };
}
