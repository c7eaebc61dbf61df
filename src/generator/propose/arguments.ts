import { openSchema } from "../plan/inline-schema.ts";
import { argumentName, isArgumentName } from "../plan/names.ts";
import { listSources, type Source } from "../plan/sources.ts";
import type { Route, ToolContext } from "../plan/context.ts";

/** Changes to parameters, as tools.yaml writes them under `parameters:`. */
export type ProposedParameters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Proposes what must be said of an operation's parameters: a name for each that would share one with another, and the constant
 * for a header that is always the same, such as the version of the API.
 *
 * @param paged The tool has `limit` and `cursor` of its own, and `filled` are the vendor's parameters that paging fills.
 */
export function proposeParameters(
  context: ToolContext,
  route: Route,
  { paged, filled }: { readonly paged: boolean; readonly filled: ReadonlySet<string> },
): ProposedParameters {
  const { all } = listSources(context, route);
  const proposed: Record<string, Readonly<Record<string, unknown>>> = {};
  const taken = new Set(paged ? ["limit", "cursor"] : []);
  const names = all.map(({ name }) => name);
  for (const source of all) {
    if (source.in !== "path" && source.in !== "body" && filled.has(source.name)) continue;
    const constant = constantOf(route, source);
    const key =
      names.filter((name) => name === source.name).length > 1 || !isPlainKey(source.name)
        ? `${source.in}.${source.name}`
        : source.name;
    if (constant !== undefined) {
      proposed[key] = { hide: true, value: constant };
      continue;
    }
    const name = argumentName(source.name);
    const free = isArgumentName(name)
      ? freeName(name, source, taken)
      : freeName(`${source.in}_${name}`.replaceAll(/[^A-Za-z0-9_-]/g, "_"), source, taken);
    taken.add(free);
    if (free !== name) proposed[key] = { rename: free };
  }
  return proposed;
}

/** A name that settings keep and that YAML keeps. */
function isPlainKey(name: string): boolean {
  return name !== "" && name !== "__proto__";
}

function freeName(name: string, source: Source, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const placed = `${source.in}_${name}`.slice(0, 60);
  for (let number = 1; ; number++) {
    const other = number === 1 ? placed : `${placed}_${number}`;
    if (!taken.has(other)) return other;
  }
}

const VERSION = /^(?:[A-Za-z0-9-]*-)?(?:api[-_]?)?version$/i;

/** The value of a header or query parameter that names the version of the API, when there is only one to name. */
function constantOf({ operation }: Route, { in: place, name, schema, required }: Source): string | undefined {
  if ((place !== "header" && place !== "query") || !VERSION.test(name) || (place === "query" && !required))
    return undefined;
  const open = openSchema(schema, operation.definitions);
  const listed: readonly unknown[] = Array.isArray(open["enum"]) ? open["enum"] : [];
  const examples: readonly unknown[] = Array.isArray(open["examples"]) ? open["examples"] : [];
  const value =
    open["const"] ??
    (listed.length === 1 ? listed[0] : undefined) ??
    open["default"] ??
    examples[0] ??
    (required ? listed.at(-1) : undefined);
  return typeof value === "string" && value !== "" && !value.includes("${") ? value : undefined;
}
