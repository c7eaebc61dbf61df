import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import {
  argumentCollision,
  argumentTypesDiffer,
  deepArguments,
  invalidArgumentName,
} from "../../diagnostics/messages.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import type { PaginationSettings } from "../tools-file/pagination-schema.ts";
import type { Route, ToolContext } from "./context.ts";
import { declaredInputs, type DeclaredInput, planDeclared } from "./declared-inputs.ts";
import { definitionsOf, MAX_SUBSCHEMAS, type Budget } from "./inline-schema.ts";
import { describeInput } from "./input-schema.ts";
import { limitDepth } from "./limit-depth.ts";
import { foldAllOf, same } from "./merge-all-of.ts";
import { isArgumentName } from "./names.ts";
import { asObject, typesOf } from "./schema.ts";
import { settingsOf, type Source } from "./sources.ts";
import type { InputPlan, ToolPlan } from "./tool-plan.ts";
import { trimSchema } from "./trim-schema.ts";
import type { Unit } from "./units.ts";

/** One use of an argument: a source of a route's request. */
interface Use {
  /** Of the step. */
  readonly context: ToolContext;
  readonly route: Route;
  readonly source: Source;
}

/**
 * Decides the arguments of a tool: those that tools.yaml declares, what its calls are filled with, laid together by name, then `limit` and
 * `cursor` when it answers with a list.
 */
export function planInputs(context: ToolContext, units: readonly Unit[]): Pick<ToolPlan, "inputs" | "definitions"> {
  const budget: Budget = { left: MAX_SUBSCHEMAS };
  const uses = usesByArgument(context, units);
  const declared = declaredInputs(context, units);
  const routes = units.flatMap((unit) => unit.routes);
  const inputs = inOrder(units, declared, uses).map((name): InputPlan => {
    const list = uses.get(name) ?? [];
    const own = declared.get(name);
    const planned = planInput(context, { name, uses: list, routes: routes.length, budget, typed: own !== undefined });
    return own ? planDeclared(context, own, planned.required) : planned;
  });
  const rules = (units.at(-1)?.routes ?? []).flatMap(({ route }) => route.pagination?.rule ?? []);
  const paging = rules.length > 0 ? pagingInputs(context, rules) : [];
  for (const { name } of paging) {
    const [use] = uses.get(name) ?? [];
    if (use) collision(use.context, name, [use.source, undefined]);
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

/** The names of all arguments: what the tool declares, then step by step what the step declares and what it is filled with. */
function inOrder(
  units: readonly Unit[],
  declared: ReadonlyMap<string, DeclaredInput>,
  uses: ReadonlyMap<string, readonly Use[]>,
): readonly string[] {
  const names = [...declared].filter(([, { context }]) => !context.step).map(([name]) => name);
  for (const unit of units) {
    names.push(...[...declared].filter(([, one]) => one.context === unit.context).map(([name]) => name));
    names.push(...[...uses].filter(([, list]) => list[0]?.context === unit.context).map(([name]) => name));
  }
  return [...new Set(names)];
}

/** Which sources each argument fills. Two sources of one request must not share an argument by accident; two steps may. */
function usesByArgument(tool: ToolContext, units: readonly Unit[]): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  const filled = units.flatMap(({ routes, context }) => routes.map((one) => ({ ...one, context })));
  for (const { context, route, fillings } of filled) {
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
      uses.set(argument, [...list, { context, route, source }]);
    }
  }
  const order = tool.tool.settings.arguments;
  if (!order || filled.length < 2) return uses;
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
  /** What it may be is declared already. */
  readonly typed: boolean;
}

function planInput(context: ToolContext, { name, uses, routes, budget, typed }: Wanted): InputPlan {
  const required = isRequired(uses, routes);
  if (typed) return { name, required, schema: {} };
  const described = uses.map(({ context: own, source, route }) =>
    describeInput(own, { source, definitions: route.operation.definitions, budget }),
  );
  const [first, ...others] = described;
  let schema = first ?? {};
  for (const [index, other] of others.entries()) {
    const both = common(schema, other);
    if (both) schema = both;
    else reportTypes(context, name, [uses[0], uses[index + 1]]);
  }
  return { name, required, schema };
}

/** Of routes to choose among all must require it; of steps one that is carried out in any case. */
function isRequired(uses: readonly Use[], routes: number): boolean {
  const [first] = uses;
  if (!first) return false;
  const said = uses.map(({ context, source }) => settingsOf(context, source));
  if (!first.context.step) {
    const demanded = uses.length === routes && uses.every(({ source }) => source.required);
    return said[0]?.default === undefined && (said[0]?.required ?? demanded);
  }
  if (said.some((one) => one.default !== undefined)) return false;
  const demanded = uses.some(({ source, route }) => source.required && route.when.length === 0);
  return said.find((one) => one.required !== undefined)?.required ?? demanded;
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

/** `limit` and `cursor`, alike for every tool that pages, whatever the vendor calls them; `filter` and `sort` where the whole list is ours. */
function pagingInputs(context: ToolContext, rules: readonly PaginationSettings[]): InputPlan[] {
  const maximum = maximumLimit(context);
  const standard = Math.min(context.tool.settings.limit?.default ?? DEFAULT_LIMIT, maximum);
  const limit = { type: "integer", minimum: 1, maximum, description: "Most items to return.", default: standard };
  const cursor = { type: "string", description: "next_cursor of the answer before." };
  const filter = {
    type: "object",
    additionalProperties: { type: ["string", "number", "boolean", "null"] },
    description:
      "Only items whose fields hold this, by the names in the answer: part of a text in any capitals, exactly a number, null for nothing.",
  };
  const sort = {
    type: "string",
    description: "Field to sort by, by its name in the answer; -name: greatest or latest first.",
  };
  return [
    ...(rules.some((rule) => rule.filter) ? [{ name: "filter", required: false, schema: filter }] : []),
    ...(rules.some((rule) => rule.sort) ? [{ name: "sort", required: false, schema: sort }] : []),
    { name: "limit", required: false, schema: limit },
    { name: "cursor", required: false, schema: cursor },
  ];
}
