import type { Annotations } from "./catalog.ts";
import type { Call, Criterion, Effect, Result, Step } from "./call.ts";
import type { Pagination } from "./pagination.ts";

/** What every tool says, besides how it is carried out and what it takes. */
export interface ToolHead {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: Annotations;
  /** OAuth scopes the vendor asks for. */
  readonly scopes?: readonly string[];
  /** What it does cannot be taken back: a person is asked first, or the model must say so by an argument. */
  readonly confirm?: true;
  readonly result?: Result;
}

/** A tool of one call is written flat. */
export interface OneCall {
  readonly request: Call["request"];
  readonly pagination?: Pagination;
  readonly effect?: Effect;
  readonly idempotent?: boolean;
  readonly answer?: Call["answer"];
  readonly when?: Criterion | readonly Criterion[];
  readonly cacheSeconds?: number;
  readonly check?: true;
}

/** A tool of one step that chooses among calls: the first whose `when` holds. */
export interface Routes {
  readonly routes: readonly Call[];
}

/** A tool of several steps. */
export interface Steps {
  readonly steps: readonly WrittenStep[];
}

/** A step as a module writes it: of one call flat. */
export type WrittenStep = Step | (OneCall & Omit<Step, "calls">);

/** How a tool is carried out. */
export type Work = OneCall | Routes | Steps;

/** The steps of a tool, however its module wrote them. */
export function stepsOf(work: Work): readonly Step[] {
  if ("steps" in work) return work.steps.map(stepOf);
  return [{ stepId: "call", calls: "routes" in work ? work.routes : [callOf(work)] }];
}

function stepOf(step: WrittenStep): Step {
  if ("calls" in step) return step;
  const { stepId, outputs, stop, ...call } = step;
  return { stepId, calls: [callOf(call)], ...(outputs && { outputs }), ...(stop && { stop }) };
}

function callOf(work: OneCall): Call {
  const { request, pagination, effect, idempotent, answer, when, cacheSeconds, check } = work;
  return {
    request,
    ...(pagination && { pagination }),
    ...(effect && { effect }),
    ...(idempotent !== undefined && { idempotent }),
    ...(answer && { answer }),
    ...(when && { when }),
    ...(cacheSeconds !== undefined && { cacheSeconds }),
    ...(check && { check }),
  };
}
