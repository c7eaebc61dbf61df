import type { Call, Step } from "../../definition/call.ts";
import type { CallContext } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { holds } from "../request/criterion.ts";
import { fillTemplate } from "../request/template.ts";
import type { Scope, VendorAnswer } from "../request/types.ts";
import { firstOf } from "../shape/cut-text.ts";
import { stripHidden } from "../shape/hidden-characters.ts";
import { asProblem } from "./as-problem.ts";
import { type DoneStep, place, withCourse } from "./course.ts";
import { lookUp } from "./look-up.ts";
import { projectOutput } from "./project-output.ts";
import { orderOf } from "./step-order.ts";

/** What the call of a step came to. */
export interface Performed<T> {
  /** What the step's own expressions see. Of a list that was read page by page the body is all of its items. */
  readonly response: VendorAnswer;
  readonly outcome: T;
  /** The vendor has more rows than were read. */
  readonly cut?: boolean;
}

/** A call that was chosen. */
export interface Chosen {
  readonly call: Call;
  /** Number of the step. */
  readonly index: number;
  /** What the call's expressions see. */
  readonly scope: Scope;
  /** Its signal also fires when another step has failed. */
  readonly context: CallContext;
}

/** What carrying out needs besides the steps. */
export interface CarryingOut<T> {
  /** What is carried out, as messages call it. */
  readonly name: string;
  /** What the first steps see. */
  readonly scope: Scope;
  readonly context: CallContext;
  readonly perform: (chosen: Chosen) => Promise<Performed<T>>;
}

/** How the steps ended: all of them did, or were skipped. */
export interface CarriedOut<T> {
  /** By number of the step; undefined for one that was skipped. */
  readonly outcomes: readonly (Performed<T> | undefined)[];
  /** With the outputs of all steps. */
  readonly scope: Scope;
}

/**
 * Carries out steps: each starts when those that it depends on have ended, so that reads go side by side. When one fails or stops, what
 * is under way beside it is cancelled.
 *
 * @throws {Problem} of the step that failed first, with what had been done by then; `stopped` when a step says so.
 */
export async function carryOut<T>(
  steps: readonly Step[],
  { name, scope, context, perform }: CarryingOut<T>,
): Promise<CarriedOut<T>> {
  const order = orderOf(steps);
  const outputs: Record<string, Readonly<Record<string, unknown>>> = {};
  const outcomes: (Performed<T> | undefined)[] = steps.map(() => undefined);
  const done: DoneStep[] = [];
  const ending = new AbortController();
  const within: CallContext =
    steps.length === 1 ? context : { ...context, signal: AbortSignal.any([context.signal, ending.signal]) };
  let failure: { readonly index: number; readonly error: unknown } | undefined;
  const running: Promise<void>[] = [];
  for (const index of steps.keys()) running.push(whenReady(index));
  await Promise.all(running);
  if (failure) throw withCourse(asProblem(failure.error, context), failure.index, { name, steps, done });
  return { outcomes, scope: { ...scope, steps: outputs } };

  async function whenReady(index: number): Promise<void> {
    await Promise.all((order[index] ?? []).map(async (earlier) => await running[earlier]));
    if (failure) return;
    try {
      context.signal.throwIfAborted();
      await one(index);
    } catch (error) {
      failure ??= { index, error };
      ending.abort(error);
    }
  }

  async function one(index: number): Promise<void> {
    const step = steps[index];
    const seen: Scope = { ...scope, steps: { ...outputs } };
    const call = step?.calls.find(({ when }) => holds(when, seen));
    if (!step || !call) return;
    if (steps.length > 1) context.progress(done.length, steps.length, place(steps, index));
    const performed = await perform({ call, index, scope: seen, context: within });
    const { response } = performed;
    // What was done counts as done even if the tool goes no further.
    const doneStep = { index, call, response, outputs: {} };
    done.push(doneStep);
    const after = { ...seen, response };
    if (step.stop && holds(step.stop.when, after)) throw stopped(fillTemplate(step.stop.message, after));
    outputs[step.stepId] = await outputsOf(step, after, performed.cut === true);
    done.splice(done.indexOf(doneStep), 1, { ...doneStep, outputs: outputs[step.stepId] ?? {} });
    outcomes[index] = performed;
  }
}

async function outputsOf({ outputs = {} }: Step, scope: Scope, cut: boolean) {
  const found: [string, unknown][] = [];
  for (const [name, output] of Object.entries(outputs)) {
    if (typeof output === "string") found.push([name, fillTemplate(output, scope)]);
    else found.push([name, "project" in output ? await projectOutput(output, scope) : lookUp(output, scope, cut)]);
  }
  return Object.fromEntries(found) as Readonly<Record<string, unknown>>; // of names and values
}

/** Characters of a message that ends a tool: it may hold the vendor's words. */
const MAX_MESSAGE_CHARS = 2_000;

function stopped(message: unknown): Problem {
  const text = typeof message === "string" ? message : (JSON.stringify(message) ?? "There is nothing more to do.");
  return new Problem("stopped", firstOf(stripHidden(text), MAX_MESSAGE_CHARS));
}
