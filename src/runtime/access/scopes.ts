import type { Access } from "../../definition/access.ts";
import type { CatalogTool } from "../../definition/catalog.ts";
import type { ScopeSettings } from "./settings.ts";

/** What a tool does, by its annotations; `destructiveHint` counts as true unless it is said not to be (MCP, ToolAnnotations). */
export function effectOfTool({ annotations }: Pick<CatalogTool, "annotations">): "read" | "write" | "destructive" {
  if (annotations.readOnlyHint === true) return "read";
  return annotations.destructiveHint === false ? "write" : "destructive";
}

/** The scopes of an API's tools. */
export function scopeSettings({ scopes = {}, toolScopes = {}, initialScopes }: Access): ScopeSettings {
  const { read = "read", write = "write" } = scopes;
  const tools: Record<string, string[]> = Object.create(null) as Record<string, string[]>; // names of tools, of any kind
  for (const [scope, names] of Object.entries(toolScopes)) for (const name of names) (tools[name] ??= []).push(scope);
  return { read, write, destructive: scopes.destructive ?? write, tools, initial: initialScopes ?? [read] };
}

/** Every scope that means something here, the least first. */
export function allScopes({ read, write, destructive, tools }: ScopeSettings): readonly string[] {
  return [...new Set([read, write, destructive, ...Object.values(tools).flat()])];
}

/**
 * All scopes of a tool, with those that they include: what one challenge has to ask for, so that a second is never needed (SEP-835).
 *
 *     delete_ticket → read write destructive
 */
export function scopesOf(tool: CatalogTool, settings: ScopeSettings): readonly string[] {
  const ladder = ["read", "write", "destructive"] as const;
  const steps = ladder.slice(0, ladder.indexOf(effectOfTool(tool)) + 1).map((effect) => settings[effect]);
  return [...new Set([...steps, ...(settings.tools[tool.name] ?? [])])];
}

/** Whether scopes that were granted are enough for a tool. Who may destroy may write, and who may write may read. */
export function mayUse(granted: readonly string[], tool: CatalogTool, settings: ScopeSettings): boolean {
  const { read, write, destructive, tools } = settings;
  const enough = { read: [read, write, destructive], write: [write, destructive], destructive: [destructive] };
  return (
    enough[effectOfTool(tool)].some((scope) => granted.includes(scope)) &&
    (tools[tool.name] ?? []).every((scope) => granted.includes(scope))
  );
}
