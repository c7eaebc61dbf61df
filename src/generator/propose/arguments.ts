import { holdsSlash } from "../../spec/path-template.ts";
import { isForbidden, isShown } from "../plan/fillings.ts";
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
  // `tags[]` beside `tags`: the one that tools.yaml can speak of alone gives way.
  const isTwin = (source: Source): boolean =>
    source.key !== source.name && all.some((one) => one !== source && one.in === source.in && one.name === source.name);
  for (const source of [...all.filter((one) => !isTwin(one)), ...all.filter(isTwin)]) {
    if (source.in !== "path" && source.in !== "body" && filled.has(source.name)) continue;
    if (isForbidden(source) || isShown(context, route, source)) continue;
    const constant = constantOf(context, route, source);
    const key = keyFor(source, all, names);
    if (constant !== undefined) {
      proposed[key] = { hide: true, value: constant };
      continue;
    }
    if (provesCaller(source)) {
      const variable = source.required ? variableOf(context, route) : undefined;
      if (!source.required || variable !== undefined) {
        proposed[key] = { hide: true, ...(variable !== undefined && { value: variable }) };
        continue;
      }
    }
    const several = source.in === "path" && holdsPath(route, source) ? { allow_reserved: true } : undefined;
    const name = argumentName(source.name);
    const free = isArgumentName(name)
      ? freeName(name, source, taken)
      : freeName(`${source.in}_${name}`.replaceAll(/[^A-Za-z0-9_-]/g, "_"), source, taken);
    taken.add(free);
    if (free !== name || several) proposed[key] = { ...(free !== name && { rename: free }), ...several };
  }
  return proposed;
}

/** How tools.yaml speaks of a source and of no other: `body.id`, or `tags[]` beside `tags`. */
function keyFor(source: Source, all: readonly Source[], names: readonly string[]): string {
  const twins = all.filter((one) => one.in === source.in && one.name === source.name);
  if (twins.length > 1 && source.key !== source.name) return source.key;
  const shared = names.filter((name) => name === source.name).length > twins.length;
  return shared || !isPlainKey(source.name) ? `${source.in}.${source.name}` : source.name;
}

const CALLER = /^(?:x-)?(?:access|oauth|auth)[-_]?token$|^(?:x-)?api[-_]?key$/i;
const CALLER_SAID = /\b(?:(?:authentication|authorization|access|auth|oauth) token|api key)\b/i;

/** A parameter that says who calls, beside the credential that does: nothing that a model should have. */
function provesCaller({ in: place, name, description }: Source): boolean {
  if (place === "path") return false;
  return (CALLER.test(name) && place !== "body") || (/^(?:token|key)$/i.test(name) && CALLER_SAID.test(description));
}

/** The variable of a route's credential, when it has one and only that. */
function variableOf({ entry }: ToolContext, { credential }: Route): string | undefined {
  const settings = JSON.stringify(entry.settings.credentials?.[credential ?? ""] ?? {});
  const variables = new Set(settings.match(/\$\{[A-Z][A-Z0-9_]*\}/g));
  const [only] = variables;
  return variables.size === 1 ? only : undefined;
}

const PATH_NAME = /^(?:file|key|object|blob|secret|dir(?:ectory)?|folder|item|full)?[-_]?path$/i;
/** ``It must have the format `projects/{project}/topics/{topic}` `` */
const PATH_SAID = /\bformat\b[^.]{0,30}[\s`"'][a-z][\w-]*\/(?:[{*[<]|[\w-]+\/)/i;

/** Whether a path parameter takes several segments: by its pattern, by what is said of it, or as the path that ends the URL. */
function holdsPath({ operation }: Route, { name, schema, description, parameter }: Source): boolean {
  if (parameter?.allowReserved === true) return false; // said already
  const { pattern, type } = openSchema(schema, operation.definitions);
  if (type !== undefined && type !== "string") return false;
  if (/\burl[- ]?encod|%2f/i.test(description)) return false; // one segment, whatever is in it
  if (typeof pattern === "string" && holdsSlash(pattern.replace(/^\^/, ""))) return true;
  return PATH_SAID.test(description) || (PATH_NAME.test(name) && operation.path.endsWith(`{${name}}`));
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

/** The value of what is always the same: one of a single value, or the version of the API when there is only one to name. */
function constantOf({ spec }: ToolContext, { operation }: Route, source: Source): string | boolean | undefined {
  const { in: place, name, schema, required } = source;
  const open = openSchema(schema, operation.definitions);
  const listed: readonly unknown[] = Array.isArray(open["enum"]) ? open["enum"] : [];
  const only = open["const"] ?? (listed.length === 1 ? listed[0] : undefined);
  if (required && place !== "path" && isConstant(only, place)) return only;
  if (!VERSION.test(name) || place === "body" || (place === "query" && !required)) return undefined;
  const { version } = spec.summary;
  if (place === "path") {
    // `/v{version}/orders`, not `/packages/{name}/{version}`
    const begins = [`/v{${name}}/`, `/{${name}}/`].some((form) =>
      operation.path.replace(/^\/(?:api|rest)(?=\/)/, "").startsWith(form),
    );
    const value = only ?? open["default"] ?? /^v?(\d+)$/i.exec(version)?.[1];
    return begins && isConstant(value, place) ? value : undefined;
  }
  const examples: readonly unknown[] = Array.isArray(open["examples"]) ? open["examples"] : [];
  const ofApi = /^\d{4}-\d{2}-\d{2}/.test(version) ? version : undefined;
  const value = only ?? open["default"] ?? examples[0] ?? (required ? (listed.at(-1) ?? ofApi) : undefined);
  return isConstant(value, place) ? value : undefined;
}

/** A text that means itself in tools.yaml; a truth value of a body may be somebody's consent, and is left to who gives it. */
function isConstant(value: unknown, place: Source["in"]): value is string | boolean {
  if (typeof value === "boolean") return place === "query";
  return typeof value === "string" && value !== "" && !value.startsWith("$") && !/\{\$|\$\{/.test(value);
}
