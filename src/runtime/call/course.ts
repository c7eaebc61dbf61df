import { type Call, effectOf, requestOf, type Step } from "../../definition/call.ts";
import { Problem } from "../problem.ts";
import type { VendorAnswer } from "../request/types.ts";
import { cleanText } from "../send/vendor-text.ts";

/** A step that was carried out. */
export interface DoneStep {
  readonly index: number;
  readonly call: Call;
  readonly response: VendorAnswer;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How far the steps of a tool came. */
export interface Course {
  /** What is carried out, as the model calls it. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly done: readonly DoneStep[];
}

/**
 * Tells beside what went wrong in a step what the steps before it have changed: only who knows that can decide what to do.
 *
 *     create_and_link stopped at step 2 of 2, link: Acme refused POST /links (422). …
 *     Already done, and not undone: step 1 of 2, create (POST /tickets, id 42). Read what is there before you repeat any of it.
 */
export function withCourse(problem: Problem, failed: number, { name, steps, done }: Course): Problem {
  if (steps.length < 2) return problem;
  const written = done
    .filter(({ call }) => effectOf(call) !== "read")
    .toSorted((one, other) => one.index - other.index);
  const step = steps[failed];
  const writes = steps.some(({ calls }) => calls.some((call) => effectOf(call) !== "read"));
  if (!step || !writes) return problem;
  if (written.length === 0) {
    const untouched = step.calls.every((call) => effectOf(call) === "read");
    return untouched
      ? told(problem, `${problem.message}\nNothing was changed: ${place(steps, failed)} only reads.`)
      : problem;
  }
  const list = written.map((one) => `${place(steps, one.index)} (${deedOf(one)})`).join("; ");
  const lines = [
    `${name} stopped at ${place(steps, failed)}: ${problem.message}`,
    `Already done, and not undone: ${list}. Read what is there now before you repeat any of it.`,
  ];
  const repeatable = written.every(({ call }) => call.idempotent === true);
  return told(problem, lines.join("\n"), repeatable ? problem.facts.retryable : false);
}

/** `step 2 of 3, grades`. */
export function place(steps: readonly Step[], index: number): string {
  return `step ${index + 1} of ${steps.length}, ${steps[index]?.stepId ?? ""}`;
}

/** What a call does over the wire: `POST /tickets`, `refresh tokens`. */
export function operationOf(call: Call): string {
  const request = requestOf(call);
  if (request) return `${request.method} ${request.url === undefined ? request.path : request.server}`;
  return "action" in call.request ? `${call.request.action} ${call.request.credential}` : "";
}

/** The operation, with what the step found out that names what it made: its outputs, or the id that the vendor answered. */
function deedOf({ call, outputs, response }: DoneStep): string {
  const found = Object.entries(outputs).filter(([, value]) => isPlain(value));
  const id = typeof response.body === "object" && response.body !== null ? Reflect.get(response.body, "id") : undefined;
  const named = found.length > 0 ? found : isPlain(id) ? [["id", id] as const] : [];
  return [operationOf(call), ...named.map(([name, value]) => `${name} ${cleanText(String(value), 80)}`)].join(", ");
}

function isPlain(value: unknown): boolean {
  return (typeof value === "string" && value.length <= 80) || typeof value === "number"; // characters; a longer text names nothing
}

function told({ code, facts }: Problem, message: string, retryable = facts.retryable): Problem {
  return new Problem(code, message, { ...facts, ...(retryable !== undefined && { retryable }) });
}
