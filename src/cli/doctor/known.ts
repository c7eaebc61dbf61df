import { type Call, requestOf } from "../../definition/call.ts";
import type { CatalogTool } from "../../definition/catalog.ts";
import { at as pointAt } from "../../runtime/request/pointer.ts";

/** One object of the vendor. */
type Row = Readonly<Record<string, unknown>>;

/** The first object of each list that was read, by the list's path: `/tickets` → the first ticket. */
export type Known = Map<string, Row>;

/** Names of the arguments that a tool cannot do without. */
export function requiredOf({ inputSchema }: CatalogTool): readonly string[] {
  return (inputSchema["required"] ?? []) as readonly string[]; // the catalog was checked when it was written
}

/** Values for arguments, or the name of the first for which nothing is known. */
export type Arguments = { readonly values: Row } | { readonly lacks: string };

/** A value for every required argument, from what lists answered. */
export function argumentsFor(tool: CatalogTool, call: Call, known: Known): Arguments {
  return fill(tool, (name) => valueFor(name, tool, call, known));
}

/**
 * The same from the example of the tool's own answer, for what no list names: a sandbox holds that object, a real account hardly.
 *
 * @param example `{ "onboarding_request": { "id": 14 } }`, or the object itself.
 */
export function argumentsFromExample(tool: CatalogTool, example: unknown): Arguments {
  const members = isRow(example) ? Object.values(example) : [];
  const row = members.length === 1 && isRow(members[0]) ? members[0] : isRow(example) ? example : {};
  return fill(tool, (name) => row[name] ?? row["id"]);
}

/** Keeps the first object of a list. */
export function remember(call: Call, body: unknown, known: Known): void {
  const pointers = call.pagination ? [call.pagination.items].flat() : [];
  for (const pointer of pointers) {
    const items = pointAt(body, pointer.replace(/^\$response\.body#?/, ""));
    if (Array.isArray(items) && isRow(items[0])) known.set(pathOf(call), items[0]);
  }
}

function fill(tool: CatalogTool, valueOf: (name: string) => unknown): Arguments {
  const values: Record<string, unknown> = {};
  for (const name of requiredOf(tool)) {
    const value = valueOf(name);
    if (value === undefined) return { lacks: name };
    values[name] = value;
  }
  return { values };
}

function valueFor(name: string, { inputSchema }: CatalogTool, call: Call, known: Known): unknown {
  const properties = inputSchema["properties"] as Readonly<Record<string, { readonly type?: unknown }>>; // of an object schema
  const at = pathOf(call).indexOf(`/{${name}}`);
  const parent = known.get(at < 0 ? "" : pathOf(call).slice(0, at)) ?? namedAfter(name, known);
  if (parent) return parent[name] ?? parent["id"];
  // A search for a letter finds something almost anywhere; a path with a made-up name in it finds nothing.
  return at < 0 && properties[name]?.type === "string" ? "a" : undefined;
}

function pathOf(call: Call): string {
  return requestOf(call)?.path ?? "";
}

/** `folder_id` → the first object of a list whose path ends with `folders`. */
function namedAfter(name: string, known: Known): Row | undefined {
  const noun = name.replace(/_id$/, "");
  const plural = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return [...known].find(([path]) => path.endsWith(`/${plural}`))?.[1];
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
