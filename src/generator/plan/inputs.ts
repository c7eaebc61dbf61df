import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import {
  argumentCollision,
  argumentTypesDiffer,
  deepArguments,
  invalidArgumentName,
} from "../../diagnostics/messages.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import type { Route, ToolContext } from "./context.ts";
import type { Filling } from "./fillings.ts";
import { definitionsOf, MAX_SUBSCHEMAS, type Budget } from "./inline-schema.ts";
import { describeInput } from "./input-schema.ts";
import { limitDepth } from "./limit-depth.ts";
import { foldAllOf, same } from "./merge-all-of.ts";
import { isArgumentName } from "./names.ts";
import { asObject, typesOf } from "./schema.ts";
import { settingsOf, type Source } from "./sources.ts";
import type { InputPlan, ToolPlan } from "./tool-plan.ts";
import { trimSchema } from "./trim-schema.ts";

/** A route and what its request is filled with. */
export interface FilledRoute {
  readonly route: Route;
  readonly fillings: readonly Filling[];
}

/** One use of an argument: a source of a route's request. */
interface Use {
  readonly route: Route;
  readonly source: Source;
}

/** Decides the arguments of a tool: what its routes are filled with, laid together by name, then `limit` and `cursor` when it pages. */
export function planInputs(
  context: ToolContext,
  routes: readonly FilledRoute[],
): Pick<ToolPlan, "inputs" | "definitions"> {
  const budget: Budget = { left: MAX_SUBSCHEMAS };
  const uses = usesByArgument(context, routes);
  const inputs = [...uses].map(([name, list]) =>
    planInput(context, { name, uses: list, routes: routes.length, budget }),
  );
  const paging = routes.some(({ route }) => route.pagination) ? pagingInputs(context) : [];
  for (const { name } of paging) {
    const [use] = uses.get(name) ?? [];
    if (use) collision(context, name, [use.source, undefined]);
  }
  const definitions: Record<string, SchemaObject> = {};
  for (const { route } of routes) {
    const left = definitionsOf(
      inputs.map(({ schema }) => schema),
      route.operation.definitions,
      budget,
    );
    for (const [name, schema] of Object.entries(left))
      definitions[name] ??= trimSchema(foldAllOf(schema), { body: true, part: true });
  }
  const shown = limitDepth({ inputs: inputs.map(({ schema }) => schema), definitions });
  if (shown.levels !== undefined)
    context.report(
      deepArguments({
        at: keyOf(context.tool.origin),
        tool: context.tool.name,
        parts: shown.parts,
        levels: shown.levels,
      }),
    );
  const limited = inputs.map((input, index) => ({ ...input, schema: shown.inputs[index] ?? input.schema }));
  return { inputs: [...limited, ...paging], definitions: shown.definitions };
}

/** Which sources each argument fills. Two sources of one request must not share an argument by accident. */
function usesByArgument(context: ToolContext, routes: readonly FilledRoute[]): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const { route, fillings } of routes) {
    for (const { argument, source } of fillings) {
      if (argument === undefined) continue;
      const list = uses.get(argument) ?? [];
      const other = list.find((use) => use.route === route);
      if (other) collision(context, argument, [other.source, source]);
      else if (!isArgumentName(argument)) {
        const at =
          settingsOf(context, source).rename === undefined
            ? keyOf(context.tool.origin)
            : within(context.tool.origin, "parameters", source.name, "rename");
        context.report(invalidArgumentName({ at, name: argument, source: source.name }));
      }
      uses.set(argument, [...list, { route, source }]);
    }
  }
  const order = context.tool.settings.arguments;
  if (!order || routes.length < 2) return uses;
  const rank = ([, list]: [string, Use[]]): number =>
    Math.min(
      ...list.map(({ source }) =>
        order.findIndex((key) => key === source.name || key === `${source.in}.${source.name}` || key === source.key),
      ),
    );
  return new Map([...uses].sort((one, other) => rank(one) - rank(other)));
}

function collision(
  { tool, report }: ToolContext,
  name: string,
  [one, other]: readonly [Source, Source | undefined],
): void {
  const key = (source: Source): string => `${source.in}.${source.name}`;
  report(
    argumentCollision({
      at: keyOf(tool.origin),
      name,
      key: other ? key(other) : key(one),
      first: { name: key(one), at: one.origin },
      second: other ? { name: key(other), at: other.origin } : { name: `paging's own \`${name}\`` },
    }),
  );
}

interface Wanted {
  readonly name: string;
  readonly uses: readonly Use[];
  readonly routes: number;
  readonly budget: Budget;
}

function planInput(context: ToolContext, { name, uses, routes, budget }: Wanted): InputPlan {
  const described = uses.map(({ source, route }) =>
    describeInput(context, { source, definitions: route.operation.definitions, budget }),
  );
  const [first, ...others] = described;
  const settings = uses[0] ? settingsOf(context, uses[0].source) : {};
  let schema = first ?? {};
  for (const [index, other] of others.entries()) {
    const both = common(schema, other);
    if (both) schema = both;
    else reportTypes(context, name, [uses[0], uses[index + 1]]);
  }
  const demanded = uses.length === routes && uses.every(({ source }) => source.required);
  const required = settings.default === undefined && (settings.required ?? demanded);
  return { name, required, schema };
}

/** What two routes both accept, said so that neither refuses what the other takes; undefined when their types differ. */
function common(one: SchemaObject, other: SchemaObject): SchemaObject | undefined {
  if (same(one, other)) return one;
  if (!same(typesOf(one), typesOf(other)) || one["x-toolwright"] !== other["x-toolwright"]) return undefined;
  const items =
    one["items"] !== undefined && other["items"] !== undefined
      ? common(asObject(one["items"]), asObject(other["items"]))
      : undefined;
  if (one["items"] !== undefined && !items) return undefined;
  const notes = new Set(["description", "default", "examples"]);
  const shared = Object.entries(one).filter(([keyword, value]) => notes.has(keyword) || same(value, other[keyword]));
  const [values, more] = [one["enum"], other["enum"]];
  return {
    ...Object.fromEntries(shared),
    ...(items && { items }),
    ...(Array.isArray(values) && Array.isArray(more) && { enum: [...new Set<unknown>([...values, ...more])] }),
  };
}

function reportTypes({ tool, report }: ToolContext, name: string, [one, other]: readonly (Use | undefined)[]): void {
  const origins = [one?.source.origin, other?.source.origin].filter((origin): origin is Origin => origin !== undefined);
  report(argumentTypesDiffer({ at: keyOf(tool.origin), name, origins }));
}

const DEFAULT_LIMIT = 30; // items: an answer of a few thousand tokens
const MAX_LIMIT = 500; // items: several pages of any vendor, well under the cap of an answer

/** The highest `limit` of a paged tool. */
export function maximumLimit({ tool }: ToolContext): number {
  return tool.settings.limit?.maximum ?? MAX_LIMIT;
}

/** `limit` and `cursor`, alike for every tool that pages, whatever the vendor calls them. */
function pagingInputs(context: ToolContext): InputPlan[] {
  const maximum = maximumLimit(context);
  const standard = Math.min(context.tool.settings.limit?.default ?? DEFAULT_LIMIT, maximum);
  const limit = { type: "integer", minimum: 1, maximum, description: "Most items to return.", default: standard };
  const cursor = { type: "string", description: "next_cursor of the answer before." };
  return [
    { name: "limit", required: false, schema: limit },
    { name: "cursor", required: false, schema: cursor },
  ];
}
