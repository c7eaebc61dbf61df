import type { Call, CredentialAction, Lookup, Projection, Step } from "../../definition/call.ts";
import type { Request } from "../../definition/request.ts";
import type { ExpressionText } from "../../definition/template.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { bindingType, unknownResultField } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { within } from "../tools-file/origin.ts";
import { bindingOf } from "../tools-file/variables.ts";
import { isSafe } from "./annotations.ts";
import { answerKind, answerOf, follow, type Found, isList, item, missingField } from "./answer-schema.ts";
import { checkTemplate, type NamedStep, type Names, typeOfText } from "./bindings.ts";
import { planConditions } from "./conditions.ts";
import type { Route, ToolContext } from "./context.ts";
import { bindingTemplate, type Filling } from "./fillings.ts";
import { checkBound } from "./fit.ts";
import { itemPointers, planPagination } from "./pagination.ts";
import { planRequest } from "./request.ts";
import { checkProjection } from "./result.ts";
import { isObject } from "./schema.ts";
import { isMeant, settingsOf } from "./sources.ts";
import { planWrittenRequest } from "./undescribed.ts";
import type { FilledRoute, Unit } from "./units.ts";

/** The steps of a tool, and what the result of the tool may name. */
export interface PlannedSteps {
  readonly steps: readonly Step[];
  readonly names: Names;
}

/**
 * Decides the steps of a tool, one after another: each may use what those before it hand on.
 *
 * @param readOnly Of a tool of one call: it changes nothing, whatever its method says.
 */
export function planSteps(
  units: readonly Unit[],
  start: Omit<Names, "steps" | "position" | "answer">,
  readOnly: boolean,
): PlannedSteps {
  const several = units.some(({ context }) => context.step);
  const later = units.map(({ stepId, context }): NamedStep => ({
    stepId,
    origin: context.tool.origin,
    outputs: new Map(),
  }));
  const named: NamedStep[] = [];
  const fillings = units.flatMap(({ routes }) => routes.flatMap((route) => route.fillings));
  const steps = units.map((unit, position): Step => {
    const before: Names = {
      ...start,
      steps: several ? [...named, ...later.slice(position)] : [],
      position,
      answer: undefined,
    };
    const calls = unit.routes.map((route) => planCall(unit, route, { names: before, fillings, readOnly }));
    const after: Names = { ...before, answer: answerFor(unit) };
    const { outputs, types } = planOutputs(unit, after);
    const stop = planStop(unit, after, fillings);
    named.push({ stepId: unit.stepId, origin: unit.context.tool.origin, outputs: types });
    return { stepId: unit.stepId, calls, ...(outputs && { outputs }), ...(stop && { stop }) };
  });
  const last = units.at(-1);
  const names = {
    ...start,
    steps: several ? named : [],
    position: units.length,
    answer: last ? answerFor(last) : "unknown",
  };
  return { steps, names: { ...names, answer: names.answer ?? "unknown" } };
}

/** What the expressions of a step see as its answer; of a list that is read page by page all of its items. */
function answerFor({ context, routes }: Unit): Found {
  const [only, ...others] = routes;
  if (!only || others.length > 0) return "unknown";
  const answer = answerOf(only.route.operation);
  if (!answer) return "unknown";
  if (!only.route.pagination) return answer;
  const [pointer] = itemPointers(context, only.route) ?? [];
  return pointer === undefined ? "unknown" : follow(answer, pointer);
}

interface CallParts {
  readonly names: Names;
  /** What all calls of the tool are filled with: a condition may look at any argument. */
  readonly fillings: readonly Filling[];
  readonly readOnly: boolean;
}

function planCall({ context }: Unit, filled: FilledRoute, { names, fillings, readOnly }: CallParts): Call {
  const { route } = filled;
  const { operation } = route;
  const when = planConditions(names, fillings, route.when, within(route.origin, "when"));
  checkFillings(context, filled, names);
  const pagination = planPagination(context, route);
  const answer = route.undescribed ? undefined : answerKind(operation);
  const byMethod = isSafe({ method: operation.method });
  const reads = context.step ? isSafe(operation) : readOnly;
  const idempotent = context.tool.settings.annotations?.idempotentHint;
  const repeats = byMethod || operation.method === "PUT" || operation.method === "DELETE"; // RFC 9110 §9.2.2
  const { cache, action } = context.tool.settings;
  const request = requestOf(context, filled);
  const differs = "action" in request ? false : reads !== byMethod || operation.effect === "destructive";
  return {
    ...(when !== undefined && { when }),
    ...(differs && { effect: reads ? "read" : (operation.effect ?? "write") }),
    ...(idempotent !== undefined && idempotent !== repeats && { idempotent }),
    request,
    ...(pagination && { pagination }),
    ...(answer && { answer }),
    ...answerOfWritten(route),
    ...(cache !== undefined && { cacheSeconds: secondsIn(cache) }),
    ...(action !== undefined && !route.undescribed && { check: true }),
  };
}

function requestOf(context: ToolContext, { route, fillings, sources }: FilledRoute): Request | CredentialAction {
  const { undescribed } = route;
  if (!undescribed) return planRequest(context, route, fillings, sources.body);
  return "action" in undescribed ? undescribed.action : planWrittenRequest(route, undescribed.request);
}

function answerOfWritten({ undescribed }: Route): Pick<Call, "answer"> {
  const answer = undescribed && "request" in undescribed ? undescribed.request.answer : undefined;
  return answer === undefined || answer === "json" ? {} : { answer };
}

/** Everything that tools.yaml binds a request to. */
function checkFillings(context: ToolContext, { route, fillings }: FilledRoute, names: Names): void {
  const { tool } = context;
  for (const { argument, source, template } of fillings) {
    if (argument !== undefined) names.used.add(argument);
    if (settingsOf(context, source).value === undefined) continue;
    const key = Object.keys(tool.settings.parameters ?? {}).find((one) => isMeant(one, source)) ?? source.name;
    const at = within(tool.origin, "parameters", key, "value");
    checkBound(names, { source, template, definitions: route.operation.definitions, at });
  }
  const { request_body: body, request } = tool.settings;
  if (body) checkTemplate(names, bindingTemplate(body.payload), within(tool.origin, "request_body", "payload"));
  if (!request) return;
  const { url, path_parameters, query, header, cookie, body: whole } = request;
  for (const [part, value] of Object.entries({ url, path_parameters, query, header, cookie, body: whole })) {
    if (value !== undefined) checkTemplate(names, bindingTemplate(value), within(tool.origin, "request", part));
  }
}

/** `10 minutes` → 600 */
function secondsIn(duration: string): number {
  const [count = "0", unit = ""] = duration.split(" ");
  return Number(count) * ({ second: 1, minute: 60, hour: 3600 }[unit.replace(/s$/, "")] ?? 0);
}

function planOutputs(
  { context }: Unit,
  names: Names,
): { readonly outputs: Step["outputs"]; readonly types: ReadonlyMap<string, Found> } {
  const types = new Map<string, Found>();
  const outputs: Record<string, ExpressionText | Lookup | Projection> = {};
  for (const [name, written] of Object.entries(context.step?.outputs ?? {})) {
    const at = within(context.tool.origin, "outputs", name);
    if (typeof written === "string") {
      const text = bindingOf(written);
      types.set(name, typeOfText(names, text, at));
      outputs[name] = text as ExpressionText; // the grammar lets only `$…` through
    } else if ("project" in written) {
      checkTemplate(names, written.in, within(at, "in"));
      checkProjection(context, written.project, within(at, "project"));
      types.set(name, "unknown"); // JMESPath may make anything of it
      outputs[name] = { in: written.in as ExpressionText, project: written.project }; // likewise
    } else {
      types.set(name, checkLookup(names, written, at));
      const { in: list, value, equals, contains, show } = written;
      outputs[name] = {
        in: list as ExpressionText, // likewise
        value: value as ExpressionText,
        equals,
        ...(contains && { contains }),
        ...(show && { show }),
      };
    }
  }
  return { outputs: types.size > 0 ? outputs : undefined, types };
}

type WrittenLookup = Extract<
  NonNullable<NonNullable<ToolContext["step"]>["outputs"]>[string],
  { readonly equals: unknown }
>;

/** The list must be one, and the fields those of its rows. */
function checkLookup(names: Names, lookup: WrittenLookup, at: Origin): Found {
  checkTemplate(names, lookup.value, within(at, "value"));
  const list = typeOfText(names, lookup.in, within(at, "in"));
  if (typeof list === "string") return "unknown";
  const row = item(list);
  if (row === "nothing" || (!isList(list) && row === "unknown" && isObject(list.schema["properties"]))) {
    names.report(bindingType({ at: within(at, "in"), expression: lookup.in, got: "object", wanted: "list" }));
    return "unknown";
  }
  if (typeof row === "string") return row;
  for (const part of ["equals", "contains", "show"] as const) {
    for (const [index, field] of (lookup[part] ?? []).entries()) {
      const miss = missingField(row, field);
      if (!miss) continue;
      const name = field.slice(miss.prefix.length).split(".")[0] ?? field;
      const near = nearest(name, miss.known).map((one) => ({ name: field.replace(name, one) }));
      names.report(unknownResultField({ at: within(at, part, index), field, near }));
    }
  }
  return row;
}

function planStop({ context }: Unit, names: Names, fillings: readonly Filling[]): Step["stop"] {
  const stop = context.step?.stop;
  if (!stop) return undefined;
  const at = within(context.tool.origin, "stop");
  const when = planConditions(names, fillings, [stop.when].flat(), within(at, "when"));
  const message = bindingOf(stop.message);
  checkTemplate(names, message, within(at, "message"));
  return { when: when ?? [], message };
}
