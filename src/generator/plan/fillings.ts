import type { Template } from "../../definition/template.ts";
import { escapeTemplate } from "../../definition/template.ts";
import { forbiddenHeader, requiredLeftOut, unknownParameter } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { parameterOf, type PaginationSettings } from "../tools-file/pagination-schema.ts";
import type { JsonValue } from "../tools-file/parameter-schema.ts";
import { bindingOf } from "../tools-file/variables.ts";
import { nameOf } from "./name-of.ts";
import type { Route, ToolContext } from "./context.ts";
import { argumentName } from "./names.ts";
import { typesOf } from "./schema.ts";
import { isMeant, settingsOf, type Source, type Sources } from "./sources.ts";

/** What a source of a request is filled with: an argument, a constant, or a position of paging. */
export interface Filling {
  readonly source: Source;
  readonly argument: string | undefined;
  readonly template: Template;
}

/** Headers that a tool never sets: they belong to the connection, to credentials, or to the runtime (T10). */
const FORBIDDEN_HEADER =
  /^(?:host|authorization|cookie2?|set-cookie|content-(?:length|type|encoding)|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|via|forwarded|accept|accept-encoding|origin|referer|x-forwarded-.*|x-real-ip|proxy-.*|sec-.*)$/i;
/**
 * Nobody misses these though a description demands them: header parameters of the first three names are to be ignored (OAS 3.1.1
 * §4.8.12.2.1), the others are written by whoever speaks HTTP, with every request that needs them.
 */
const IGNORED_HEADER =
  /^(?:accept|content-type|authorization|host|content-length|transfer-encoding|connection|accept-encoding)$/i;

/** Decides what every source of a route's request is filled with. Arguments come first, in their order; what is left out is not listed. */
export function planFillings(context: ToolContext, route: Route, { all }: Sources): Filling[] {
  const allowed = all.filter((source) => mayBeSent(context, source) && !isShown(context, route, source));
  const paged = new Map<Source, Template>();
  for (const position of pagePositions(route)) {
    const source = allowed.find(({ in: place, name }) => name === position.key && place !== "path");
    if (source) paged.set(source, position.template);
    else reportUnknownPosition(context, route, { ...position, sources: allowed });
  }
  const given = allowed.filter((source) => !paged.has(source));
  const shown = shownSources(context, given);
  const constants = given.flatMap((source): Filling[] => {
    const { value } = settingsOf(context, source);
    return value === undefined ? [] : [{ source, argument: undefined, template: constantFor(source, value) }];
  });
  const fillings = [
    ...shown.map((source): Filling => fillByArgument(context, source)),
    ...constants,
    ...[...paged].map(([source, template]): Filling => ({ source, argument: undefined, template })),
  ];
  reportUnsent(context, route, { sources: allowed, fillings });
  return fillings;
}

/**
 * The sources that become arguments: those that `arguments:` lists, in its order, otherwise all that are neither hidden nor have a value.
 * A step takes part in something larger: of it only what the vendor requires or tools.yaml speaks of.
 */
function shownSources(context: ToolContext, sources: readonly Source[]): readonly Source[] {
  const visible = sources.filter((source) => {
    const { hide, value } = settingsOf(context, source);
    return hide !== true && value === undefined;
  });
  const wanted = context.tool.settings.arguments;
  if (!wanted && context.step) {
    const named = Object.keys(context.tool.settings.parameters ?? {});
    return visible.filter((source) => source.required || named.some((key) => isMeant(key, source)));
  }
  if (!wanted) return visible;
  return [...new Set(wanted.flatMap((key) => visible.filter((source) => isMeant(key, source))))];
}

function fillByArgument(context: ToolContext, source: Source): Filling {
  const { rename, quote } = settingsOf(context, source);
  const argument = rename ?? argumentName(source.name);
  const template = quote === undefined ? `$inputs.${argument}` : `${quote}{$inputs.${argument}}${quote}`;
  return { source, argument, template };
}

/** A constant for a source: in a body a variable becomes the number or the truth value that the operation wants. */
function constantFor(source: Source, value: JsonValue): Template {
  const template = bindingTemplate(value);
  if (source.in !== "body" || typeof template !== "string" || !/^\$env\.[A-Z][A-Z0-9_]*(?::-|$)/.test(template))
    return template;
  const types = typesOf(source.schema).filter((type) => type !== "null");
  const as = types.every((type) => type === "integer" || type === "number")
    ? "number"
    : types.join() === "boolean" && "boolean";
  return types.length > 0 && as ? template.replace(/^\$env\.[A-Z0-9_]+/, `$&:${as}`) : template;
}

/** A value of tools.yaml as a template: its `${NAME}` are variables, and what starts with `$` or stands in `{$…}` is an expression. */
export function bindingTemplate(value: JsonValue): Template {
  if (typeof value === "string") return bindingOf(value);
  if (Array.isArray(value)) return value.map(bindingTemplate);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, bindingTemplate(member)]));
}

/** The vendor's paging parameters and what fills them. */
function pagePositions({ pagination }: Route): Position[] {
  if (!pagination) return [];
  const { page, offset, size } = pagination.rule;
  const position = (name: "page" | "offset" | "token", template: Template) => {
    const said = pagination.rule[name];
    return { key: parameterOf(said), setting: typeof said === "object" ? [name, "parameter"] : [name], template };
  };
  const positions = [
    position("page", firstOf(page) === 0 ? "$page.index" : "$page.number"),
    position("offset", firstOf(offset) === 1 ? "$page.start" : "$page.offset"),
    position("token", "$page.token"),
    { key: size?.parameter, setting: ["size", "parameter"], template: "$page.size" },
  ];
  return positions.flatMap(({ key, ...rest }) => (key === undefined ? [] : [{ key, ...rest }]));
}

function firstOf(said: PaginationSettings["page"]): number | undefined {
  return typeof said === "object" ? said.first : undefined;
}

/** Whether a source is a header that no tool sets, whatever the description or tools.yaml says. */
export function isForbidden(source: Source): boolean {
  return source.in === "header" && FORBIDDEN_HEADER.test(source.name);
}

function mayBeSent({ tool, report }: ToolContext, source: Source): boolean {
  if (!isForbidden(source)) return true;
  const named = [...(tool.settings.arguments ?? []), ...Object.keys(tool.settings.parameters ?? {})].some((key) =>
    isMeant(key, source),
  );
  if (named || (source.required && !IGNORED_HEADER.test(source.name))) {
    report(forbiddenHeader({ at: tool.origin, name: source.name, origin: source.origin }));
  }
  return false;
}

/** Whether a credential fills a source already: who calls is no argument, unless tools.yaml speaks of it. */
export function isShown(
  { entry, tool }: ToolContext,
  { credential }: Pick<Route, "credential">,
  source: Source,
): boolean {
  const { headers = {}, query = {} } = entry.settings.credentials?.[credential ?? ""] ?? {};
  const shown =
    source.in === "query"
      ? Object.hasOwn(query, source.name)
      : source.in === "header" && Object.keys(headers).some((name) => name.toLowerCase() === source.name.toLowerCase());
  const named = [...(tool.settings.arguments ?? []), ...Object.keys(tool.settings.parameters ?? {})];
  return shown && !named.some((key) => isMeant(key, source));
}

interface Sent {
  readonly sources: readonly Source[];
  readonly fillings: readonly Filling[];
}

/** What the vendor demands must be filled by something. */
function reportUnsent({ tool, report }: ToolContext, { operation }: Route, { sources, fillings }: Sent): void {
  const filled = new Set(fillings.map(({ source }) => source));
  for (const source of sources) {
    if (!source.required || filled.has(source)) continue;
    const at = tool.settings.arguments ? within(tool.origin, "arguments") : keyOf(tool.origin);
    report(requiredLeftOut({ at, name: source.name, operation: nameOf(operation), origin: source.origin }));
  }
}

interface Position {
  readonly key: string;
  /** Where in the rule of paging the key stands. */
  readonly setting: readonly string[];
  readonly template: Template;
}

function reportUnknownPosition(
  { report }: ToolContext,
  { pagination, operation }: Route,
  { key, setting, sources }: Position & Pick<Sent, "sources">,
): void {
  if (!pagination) return;
  const known = sources.map(({ name }) => name);
  const near = nearest(key, known).map((name) => ({ name }));
  const at = within(pagination.origin, ...setting);
  report(unknownParameter({ at, name: key, operation: nameOf(operation), near, known }));
}

/** Everything that `arguments:` and `parameters:` name must exist in at least one route. */
export function reportUnknownNames(
  { tool, report }: ToolContext,
  routes: readonly Route[],
  sources: readonly Source[],
): void {
  const keys: [string, ReturnType<typeof within>][] = [
    ...(tool.settings.arguments ?? []).map((key, index): [string, ReturnType<typeof within>] => [
      key,
      within(tool.origin, "arguments", index),
    ]),
    ...Object.keys(tool.settings.parameters ?? {}).map((key): [string, ReturnType<typeof within>] => [
      key,
      keyOf(within(tool.origin, "parameters", key)),
    ]),
  ];
  const operation = routes.map((route) => nameOf(route.operation)).join(" or ");
  const known = [...new Set(sources.map((source) => source.name))];
  for (const [name, at] of keys) {
    if (sources.some((source) => isMeant(name, source))) continue;
    const near = nearest(name, known).map((one) => {
      const origin = sources.find((source) => source.name === one)?.origin;
      return { name: one, ...(origin && { at: origin }) };
    });
    report(unknownParameter({ at, name, operation: escapeTemplate(operation), near, known }));
  }
}
