import { type Call, requestOf, type Step } from "../../definition/call.ts";
import type { CallContext } from "../deployment.ts";
import { type Cursor, invalidCursor } from "../page/cursor.ts";
import type { Position } from "../page/position.ts";
import { pageOf } from "../page/read-page.ts";
import { type Walk, walkPages } from "../page/walk.ts";
import { Problem } from "../problem.ts";
import { holds } from "../request/criterion.ts";
import type { PagePosition, Scope, VendorAnswer } from "../request/types.ts";
import { carryOut, type Chosen, type Performed } from "./carry-out.ts";
import { place } from "./course.ts";
import { type Run, sendCall } from "./send-call.ts";
import type { Inputs } from "./validate.ts";

/** What the last call of a tool came to. */
export type Outcome =
  | { readonly kind: "list"; readonly route: number; readonly walk: Walk }
  /** `scope` has the outputs of all steps, and `answer` as its response. */
  | { readonly kind: "value"; readonly call: Call; readonly answer: VendorAnswer; readonly scope: Scope };

/** A call that was chosen, and its number within the tool. */
export interface Route {
  readonly call: Call;
  readonly route: number;
}

/** Items that a list has when its tool has no argument `limit`. */
const DEFAULT_LIMIT = 30;
const EMPTY: Walk = { items: [], positionAfter: () => undefined, total: 0, stopped: undefined };

/**
 * Carries out the steps of a tool. What it answers is what the last step came to that was not skipped; a tool whose last step is a list
 * answers with a list.
 *
 * @param cursor Where the list of the last step goes on that an earlier call began; the steps before it are carried out again.
 */
export async function runSteps(run: Run, inputs: Inputs, cursor: Cursor | undefined): Promise<Outcome> {
  const { steps, definition } = run.tool;
  const last = steps.length - 1;
  const { outcomes, scope } = await carryOut(steps, {
    name: definition.name,
    scope: startScope(run, inputs),
    context: run.context,
    perform: async ({ call, index, scope: seen, context }): Promise<Performed<Outcome>> => {
      const chosen = { call, route: routesBefore(steps, index) + (steps[index]?.calls.indexOf(call) ?? 0) };
      const from = startOf(cursor, chosen, index === last, definition.name);
      const within = { ...run, context };
      if (!call.pagination) {
        const response = await sendCall(call, seen, within);
        return { response, outcome: { kind: "value", call, answer: response, scope: seen } };
      }
      if (index === last) {
        const ofStep = steps.length === 1 ? within : { ...run, context: inStep(context, steps) };
        const walk = await readList(ofStep, { call, scope: seen, limit: limitOf(inputs), from });
        return { response: asAnswer(walk), outcome: { kind: "list", route: chosen.route, walk } };
      }
      const quiet = { ...run, context: { ...context, progress: () => {} } }; // the step itself is told of
      const walk = await readList(quiet, { call, scope: seen, limit: Infinity, from });
      const response = asAnswer(walk);
      const cut = walk.stopped !== undefined || walk.positionAfter(walk.items.length) !== undefined;
      return { response, outcome: { kind: "value", call, answer: response, scope: seen }, cut };
    },
  });
  const outcome = outcomes.findLast((one) => one !== undefined)?.outcome;
  if (!outcome) throw nothingToDo(definition.name);
  if (outcome.kind === "list") return outcome;
  const skipped = routesBefore(steps, last);
  if (!outcomes[last] && steps[last]?.calls.some(({ pagination }) => pagination))
    return { kind: "list", route: skipped, walk: EMPTY };
  return { ...outcome, scope: { ...scope, response: outcome.answer } };
}

/** The items of a list as the answer of one request, for the expressions of its step. */
function asAnswer({ items }: Walk): VendorAnswer {
  return { status: 200, headers: new Headers(), body: items, bytes: 0 };
}

/** Progress of a list that is the last of several steps: what a client is told only grows. */
function inStep(context: CallContext, steps: readonly Step[]): CallContext {
  const before = steps.length - 1;
  return {
    ...context,
    progress: (done, total, message) =>
      context.progress(
        before + (total === undefined ? 1 - 1 / (1 + done) : Math.min(1, done / Math.max(1, total))),
        steps.length,
        `${place(steps, before)}: ${message}`,
      ),
  };
}

function routesBefore(steps: readonly Step[], index: number): number {
  return steps.slice(0, index).reduce((count, step) => count + step.calls.length, 0);
}

/** The first call of a step whose condition holds; undefined: the step is skipped. */
export function chooseCall(steps: readonly Step[], index: number, scope: Scope): Route | undefined {
  const calls = steps[index]?.calls ?? [];
  const at = calls.findIndex((call) => holds(call.when, scope));
  const call = calls[at];
  return call && { call, route: routesBefore(steps, index) + at };
}

/**
 * Where the list of a chosen call begins: at the beginning, unless the cursor is of this call.
 *
 * @throws {Problem} `invalid_cursor` when the cursor is of none that is left, or was forged to ask the vendor for what no call of ours would.
 */
export function startOf(
  cursor: Cursor | undefined,
  { call, route }: Route,
  isLast: boolean,
  tool: string,
): Position | undefined {
  if (!cursor || (cursor.route !== route && !isLast)) return undefined;
  const { position } = cursor;
  const { pagination } = call;
  if (cursor.route !== route || !pagination) throw invalidCursor(tool);
  const { size, maxPages } = pagination;
  const fits =
    (size.fixed ? position.size === size.max : position.size <= size.max) && position.number <= (maxPages ?? Infinity);
  if (!fits) throw invalidCursor(tool);
  return position;
}

/** What expressions see before anything was sent. */
export function startScope({ deployment }: Pick<Run, "deployment">, inputs: Inputs): Scope {
  return { inputs, steps: {}, environment: deployment.environment };
}

/** What a request sees of the page that it asks for. */
export function pageScope({ number, offset, size, token }: Position): PagePosition {
  return { number, offset, size, ...(token !== undefined && { token }) };
}

/** Items that a call asks for. */
export function limitOf({ limit }: Inputs): number {
  return typeof limit === "number" ? Math.max(1, limit) : DEFAULT_LIMIT;
}

/** The problem of arguments that lead to no call at all. */
export function nothingToDo(tool: string): Problem {
  return new Problem(
    "invalid_arguments",
    `${tool} was not called: with these arguments there is nothing for it to do. See its description for the ones that it needs.`,
  );
}

/** A list that is to be read. */
interface Reading extends Pick<Chosen, "call" | "scope"> {
  readonly limit: number;
  readonly from: Position | undefined;
}

async function readList(run: Run, { call, scope, limit, from }: Reading): Promise<Walk> {
  const { pagination } = call;
  const { deployment, tool, context } = run;
  if (!pagination) throw new Error(`${tool.definition.name} does not page`);
  const server = requestOf(call)?.server ?? "";
  const base = deployment.servers[server];
  if (!base) throw new Error(`there is no server ${server}`);
  const seen = await tool.shape();
  return await walkPages({
    pagination,
    context,
    limit,
    from,
    readPage: async (at) => {
      const answer = await sendCall(call, { ...scope, page: pageScope(at) }, run);
      const byOffset = tool.byOffset.has(call);
      return pageOf(answer, at, { pagination, scope, base, byOffset, vendor: deployment.api.definition.title, seen });
    },
  });
}
