import { type Call, effectOf, requestOf, type Result, type Step } from "../../definition/call.ts";
import { explodesByDefault, type Body, type Parameters, type Request } from "../../definition/request.ts";
import type { Code } from "./code.ts";
import { array, literal, object, type Layout } from "./layout.ts";

/** A member of an object literal, or nothing when it says what holds anyway. */
type Member = readonly [string, Layout] | undefined;

/** How a tool is carried out, as flat as it can be said: one call, several routes, or steps. */
export function workOf(
  steps: readonly Step[],
  shared: ReadonlyMap<string, Code> = new Map(),
): readonly (readonly [string, Layout])[] {
  const [step] = steps;
  const flat = steps.length === 1 && step !== undefined && !step.outputs && !step.stop && !shared.has(step.stepId);
  if (!flat) return [["steps", array(steps.map((one) => shared.get(one.stepId) ?? stepOf(one)))]];
  const [call] = step.calls;
  return call && step.calls.length === 1 ? callMembers(call) : [["routes", array(step.calls.map(callOf))]];
}

/** What of the answer the model gets; nothing when that is all of it. */
export function resultOf(result: Result): readonly (readonly [string, Layout])[] {
  const members = given(result);
  return members.length === 0 ? [] : [["result", object(members)]];
}

/** A step, with all that it says. */
function stepOf(step: Step): Layout {
  return object(stepMembers(step));
}

/** The members of a step; its one call stands flat among them. */
export function stepMembers(step: Step): readonly (readonly [string, Layout])[] {
  const [only, ...others] = step.calls;
  const calls = only && others.length === 0 ? callMembers(only) : [["calls", array(step.calls.map(callOf))] as const];
  return present([
    ["stepId", literal(step.stepId)],
    ...calls,
    step.outputs && ["outputs", literal(step.outputs)],
    step.stop && ["stop", literal(step.stop)],
  ]);
}

function callOf(call: Call): Layout {
  return object(callMembers(call));
}

function callMembers(call: Call): readonly (readonly [string, Layout])[] {
  const request = requestOf(call);
  const method = request?.method ?? "POST";
  const reads = effectOf({ request: call.request }) === "read";
  const repeats = reads || ["TRACE", "PUT", "DELETE"].includes(method); // RFC 9110 §9.2.2
  return present([
    call.when !== undefined && ["when", literal(call.when)],
    ["request", request ? requestLayout(request) : literal(call.request)],
    call.effect !== undefined && call.effect !== (reads ? "read" : "write") && ["effect", literal(call.effect)],
    call.idempotent !== undefined && call.idempotent !== repeats && ["idempotent", literal(call.idempotent)],
    call.answer !== undefined && call.answer !== "json" && ["answer", literal(call.answer)],
    call.pagination && ["pagination", object(given(call.pagination))],
    call.cacheSeconds !== undefined && ["cacheSeconds", literal(call.cacheSeconds)],
    call.check !== undefined && ["check", literal(call.check)],
  ]);
}

function requestLayout(request: Request): Layout {
  return written([
    ["method", literal(request.method)],
    ["path", literal(request.path)],
    ["server", literal(request.server)],
    request.url !== undefined && ["url", literal(request.url)],
    request.credential !== undefined && ["credential", literal(request.credential)],
    parametersOf("pathParameters", request.pathParameters, { style: "simple", explode: false }),
    parametersOf("query", request.query, { style: "form", explode: true }),
    request.querystring !== undefined && ["querystring", literal(request.querystring)],
    parametersOf("header", request.header, { style: "simple", explode: false }),
    parametersOf("cookie", request.cookie, { style: "form", explode: true }),
    request.body && ["body", bodyOf(request.body)],
  ]);
}

interface Serialisation {
  readonly style: string;
  readonly explode: boolean;
}

/** Parameters of one place; a serialisation that OpenAPI has for the place anyway is not said (OAS 3.1.1 §4.8.12). */
function parametersOf(name: string, parameters: Parameters | undefined, usual: Serialisation): Member {
  const entries = Object.entries(parameters ?? {});
  if (entries.length === 0) return undefined;
  return [name, object(entries.map(([key, value]) => [key, literal(unusual(value, usual))] as const))];
}

function unusual(value: Parameters[string], usual: Serialisation): unknown {
  if (typeof value !== "object" || value === null || !("value" in value)) return value;
  const { style, explode, ...rest } = value;
  const exploded = typeof style === "string" ? explodesByDefault(style) : usual.explode; // the default follows the style that is used
  const said = {
    ...rest,
    ...(style !== undefined && style !== usual.style && { style }),
    ...(explode !== undefined && explode !== exploded && { explode }),
    ...(rest["allowReserved"] === false && { allowReserved: undefined }),
  };
  const members = Object.entries(said).filter(([, member]) => member !== undefined);
  const [only] = members;
  return members.length === 1 && only && !hasValue(only[1]) ? only[1] : Object.fromEntries(members);
}

/** A constant object that has a `value` of its own would be taken for the styled form, so it stays within it. */
function hasValue(value: unknown): boolean {
  return typeof value === "object" && value !== null && "value" in value;
}

function bodyOf(body: Body): Layout {
  const { contentType, ...rest } = body;
  const types = typeof contentType === "string" ? [contentType] : (contentType ?? []);
  const [first] = types;
  const said = types.length > 1 ? types : first === "application/json" ? undefined : first;
  return object(given({ ...(said !== undefined && { contentType: said }), ...rest }));
}

/** The members of a value that are there, in the order in which it has them. */
function given(value: object): readonly (readonly [string, Layout])[] {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.map(([name, member]) => [name, literal(member)] as const);
}

function written(members: readonly (Member | false)[]): Layout {
  return object(present(members));
}

function present(members: readonly (Member | false)[]): readonly (readonly [string, Layout])[] {
  return members.filter((member) => member !== undefined && member !== false);
}
