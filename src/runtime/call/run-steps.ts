import type { Call, Step } from "../../definition/call.ts";
import { type Cursor, invalidCursor } from "../page/cursor.ts";
import { pageOf } from "../page/read-page.ts";
import { type Walk, walkPages } from "../page/walk.ts";
import { Problem } from "../problem.ts";
import { holds } from "../request/criterion.ts";
import { fillTemplate } from "../request/template.ts";
import type { PagePosition, Scope, VendorAnswer } from "../request/types.ts";
import type { Position } from "../page/position.ts";
import { type Run, sendCall } from "./send-call.ts";
import type { Inputs } from "./validate.ts";

/** What the last call of a tool came to. */
export type Outcome =
  | { readonly kind: "list"; readonly route: number; readonly walk: Walk }
  | { readonly kind: "value"; readonly call: Call; readonly answer: VendorAnswer; readonly scope: Scope };

/** A call that was chosen, and its number within the tool. */
export interface Route {
  readonly call: Call;
  readonly route: number;
}

/** Items that a list has when its tool has no argument `limit`. */
const DEFAULT_LIMIT = 30;

/**
 * Carries out the steps of a tool one after another; each may use the outputs of those before it.
 *
 * @param cursor Where a list that an earlier call began goes on.
 */
export async function runSteps(run: Run, inputs: Inputs, cursor: Cursor | undefined): Promise<Outcome> {
  let scope = startScope(run, inputs);
  let outcome: Outcome | undefined;
  const { steps, definition } = run.tool;
  for (const [index, step] of steps.entries()) {
    const chosen = chooseCall(steps, index, scope);
    if (!chosen) continue;
    const from = startOf(cursor, chosen, index === steps.length - 1, definition.name);
    if (chosen.call.pagination) {
      outcome = await readList(run, chosen, scope, from);
      scope = withOutputs(scope, step, { items: outcome.walk.items });
    } else {
      const answer = await sendCall(chosen.call, scope, run);
      outcome = { kind: "value", call: chosen.call, answer, scope: { ...scope, response: answer } };
      scope = withOutputs(scope, step, answer);
    }
  }
  if (!outcome) throw nothingToDo(definition.name);
  return outcome;
}

/** The first call of a step whose condition holds; undefined: the step is skipped. */
export function chooseCall(steps: readonly Step[], index: number, scope: Scope): Route | undefined {
  const before = steps.slice(0, index).reduce((count, step) => count + step.calls.length, 0);
  const calls = steps[index]?.calls ?? [];
  const at = calls.findIndex((call) => holds(call.when, scope));
  const call = calls[at];
  return call && { call, route: before + at };
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

async function readList(
  run: Run,
  { call, route }: Route,
  scope: Scope,
  from: Position | undefined,
): Promise<Extract<Outcome, { kind: "list" }>> {
  const { pagination, request } = call;
  const { deployment, tool, context } = run;
  if (!pagination) throw new Error(`${tool.definition.name} does not page`);
  const base = deployment.servers[request.server];
  if (!base) throw new Error(`there is no server ${request.server}`);
  const walk = await walkPages({
    pagination,
    context,
    limit: limitOf(scope.inputs),
    from,
    readPage: async (at) => {
      const answer = await sendCall(call, { ...scope, page: pageScope(at) }, run);
      const byOffset = tool.byOffset.has(call);
      return pageOf(answer, at, { pagination, scope, base, byOffset, vendor: deployment.api.definition.title });
    },
  });
  return { kind: "list", route, walk };
}

function withOutputs(scope: Scope, step: Step, answer: VendorAnswer | { readonly items: readonly unknown[] }): Scope {
  const response = "items" in answer ? { status: 200, headers: new Headers(), body: answer, bytes: 0 } : answer;
  const outputs = Object.fromEntries(
    Object.entries(step.outputs ?? {}).map(([name, expression]) => [
      name,
      fillTemplate(expression, { ...scope, response }),
    ]),
  );
  return { ...scope, steps: { ...scope.steps, [step.stepId]: outputs } };
}
