import { type Call, requestOf } from "../../definition/call.ts";
import type { CatalogTool } from "../../definition/catalog.ts";
import { stepsOf } from "../../definition/tool.ts";
import { now } from "../../runtime/clock.ts";
import type { ToolDefinition } from "../../runtime/define-tool.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import { Problem } from "../../runtime/problem.ts";
import { fillRequest } from "../../runtime/request/fill-request.ts";
import type { Scope } from "../../runtime/request/types.ts";
import { send } from "../../runtime/send/send.ts";
import type { Description } from "./description.ts";
import type { Finding } from "./finding.ts";
import { type Arguments, argumentsFor, argumentsFromExample, type Known, remember, requiredOf } from "./known.ts";

/** One read may take so long. */
const DEADLINE_MS = 20_000;
/** Deviations of an answer that are named; the rest is counted. */
const MOST_NAMED = 3;

/** A read tool, and the call that stands for it. */
interface Read {
  readonly entry: CatalogTool;
  readonly call: Call;
}

/**
 * Makes one harmless read for each read tool, the whole answer held against the description. Ids come from what was read before:
 * `/tickets/{ticket_id}` is read with the first ticket of `/tickets`. A credential that is refused once is not tried again: some
 * vendors lock an account that fails often.
 */
export async function* checkReads(deployment: Deployment, description: Description): AsyncGenerator<Finding> {
  const known: Known = new Map();
  let waiting = await readsOf(deployment);
  const attempt = async ({ entry, call }: Read, args: Arguments): Promise<Outcome | undefined> =>
    "values" in args ? await readOnce(entry.name, call, args.values, { deployment, description, known }) : undefined;

  for (let more = true; more;) {
    more = false;
    const later: Read[] = [];
    for (const [i, read] of waiting.entries()) {
      const outcome = await attempt(read, argumentsFor(read.entry, read.call, known));
      if (!outcome) {
        later.push(read);
        continue;
      }
      more = true;
      yield outcome.finding;
      if (outcome.problem !== "credential_rejected" && outcome.problem !== "reauthorize") continue;
      const left = later.length + waiting.length - i - 1;
      if (left > 0) yield { state: "skipped", what: `the other ${left} reads, since the credential was refused` };
      return;
    }
    waiting = later;
  }
  for (const read of waiting) {
    const { name } = read.entry;
    const operationId = description.operationOf(read.call);
    const example = operationId === undefined ? undefined : description.referee.example(operationId);
    const outcome = await attempt(read, argumentsFromExample(read.entry, example));
    const lacks = `${name}: no ${requiredOf(read.entry).join(", ")} is known that it could read`;
    yield outcome && outcome.problem !== "not_found" ? outcome.finding : { state: "skipped", what: lacks };
  }
}

/** Read tools, those that need least first. */
async function readsOf({ api }: Deployment): Promise<readonly Read[]> {
  const entries = api.catalog.tools.filter(({ annotations }) => annotations.readOnlyHint === true);
  const reads = await Promise.all(
    entries.map(async (entry): Promise<Read[]> => {
      const module = await api.definition.tools[entry.name]?.();
      const definition = Object.values(module ?? {})[0] as ToolDefinition; // a generated module exports its one tool
      const [step, ...others] = stepsOf(definition).filter(({ calls }) => calls.at(-1)?.when === undefined); // not what is read only when asked for
      const call = step?.calls.at(-1);
      return call && requestOf(call) && !call.check && others.length === 0 ? [{ entry, call }] : []; // a later step needs what the first finds
    }),
  );
  return reads.flat().sort((a, b) => requiredOf(a.entry).length - requiredOf(b.entry).length);
}

/** What a read came to. */
interface Outcome {
  readonly finding: Finding;
  /** Code of the problem, if there was one. */
  readonly problem?: Problem["code"];
}

async function readOnce(
  tool: string,
  call: Call,
  inputs: Readonly<Record<string, unknown>>,
  at: { readonly deployment: Deployment; readonly description: Description; readonly known: Known },
): Promise<Outcome> {
  const scope: Scope = {
    inputs,
    steps: {},
    page: { number: 1, offset: 0, size: 1 },
    environment: at.deployment.environment,
  };
  const { referee, operationOf } = at.description;
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const context = { signal, deadlineAt: now() + DEADLINE_MS, progress: () => {} };
    const request = await fillRequest(call, scope, at.deployment, context);
    const started = performance.now();
    const answer = await send(request, at.deployment, context);
    const ms = Math.round(performance.now() - started);
    remember(call, answer.body, at.known);
    const operationId = operationOf(call);
    const drift = operationId === undefined ? [] : referee.judgeAnswer(operationId, answer.status, answer.body);
    if (drift.length === 0)
      return { finding: { state: "ok", what: `${tool}: ${answer.bytes} bytes in ${ms} ms, as described`, read: true } };
    const named = drift.slice(0, MOST_NAMED).map(({ field, message }) => `${field || "the answer"} ${message}`);
    const places = `${drift.length} ${drift.length === 1 ? "place" : "places"}`;
    return {
      finding: {
        state: "warning",
        what: `${tool}: the answer differs from the description in ${places}: ${named.join("; ")}`,
        fix: "mend the spec (tools keep working: answers are never refused for drifting)",
        read: true,
      },
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const finding = {
      state: "problem",
      what: `${tool}: ${error.message}`,
      fix: fixFor(error, tool, Object.keys(inputs).length === 0),
      read: true,
    } as const;
    return { finding, problem: error.code };
  }
}

/** @param bare Without any argument: what is not found is no record, but the API. */
function fixFor({ code }: Problem, tool: string, bare: boolean): string {
  if (code === "reauthorize") return "do what the message says, then run it again";
  if (code === "credential_rejected") return "check the credential's variable; a new key may be needed";
  if (code === "not_found" && bare)
    return "check that the variables of its server name the right host: this one has no such API";
  if (code === "forbidden")
    return `give the credential the permission that ${tool} needs, or serve with --except ${tool}`;
  return `see \`toolwright call ${tool} --dry-run\` for the request`;
}
