import type { Method } from "../../definition/call.ts";
import type { Annotations } from "../../definition/catalog.ts";
import { annotationNeedsReason, becauseNotNeeded, mixedEffects } from "../../diagnostics/messages.ts";
import { within } from "../tools-file/origin.ts";
import type { Route, ToolContext } from "./context.ts";

/** What methods say of themselves (RFC 9110 §9.2, and OpenAPI 3.2 for QUERY). */
const SAFE: ReadonlySet<Method> = new Set<Method>(["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"]);
const REPLACING: ReadonlySet<Method> = new Set<Method>(["PUT", "DELETE"]);

/** Whether a method promises to change nothing. */
export function isSafe(method: Method): boolean {
  return SAFE.has(method);
}

/**
 * Decides the hints of a tool: what the methods say, unless tools.yaml says otherwise. One that is MCP's default is not said
 * (`readOnlyHint: false`, `idempotentHint: false`, `openWorldHint: true`), but for `destructiveHint` of a tool that writes: whoever
 * reviews it, or lists it in a directory, need not know the default to see what it may do.
 *
 * An override that makes a tool look more harmless than its method needs a reason (T18): reading by POST, replacing by PUT without harm.
 */
export function planAnnotations({ tool, report }: ToolContext, routes: readonly Route[]): Annotations {
  const methods = routes.map(({ operation }) => operation.method);
  const [method = "POST"] = methods;
  const given = tool.settings.annotations ?? {};
  const at = within(tool.origin, "annotations");
  if (given.readOnlyHint === undefined && new Set(methods.map(isSafe)).size > 1)
    report(mixedEffects({ at: tool.origin, tool: tool.name }));
  const readOnly = given.readOnlyHint ?? methods.every(isSafe);
  const replacing = methods.some((one) => REPLACING.has(one));
  const contradicted = contradictions(given, { methods, readOnly, replacing });
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
  readonly methods: readonly Method[];
  readonly readOnly: boolean;
  readonly replacing: boolean;
}

/** The given hints that say something else than the methods do. */
function contradictions(
  given: ToolContext["tool"]["settings"]["annotations"] & object,
  { methods, readOnly, replacing }: Facts,
): string[] {
  const hints: string[] = [];
  if (given.readOnlyHint !== undefined && methods.some((method) => isSafe(method) !== given.readOnlyHint))
    hints.push("readOnlyHint");
  if (given.destructiveHint === true && readOnly) hints.push("destructiveHint");
  if (given.destructiveHint === false && replacing && !readOnly) hints.push("destructiveHint");
  if (given.idempotentHint === true && !readOnly && methods.some((method) => !REPLACING.has(method)))
    hints.push("idempotentHint");
  return hints;
}
