import { type Answer, bare, refuse } from "./answer.ts";
import type { Caller } from "./admission.ts";
import type { ReceivedFile } from "./body.ts";
import { writeMoment } from "./moment.ts";
import { perform } from "./operations.ts";
import { ParameterError, type Parameters } from "./parameters.ts";
import { fillPattern } from "./pattern.ts";
import type { Costing } from "./rate.ts";
import type { Received, Referee, Valid, Verdict } from "./referee.ts";
import type { Row } from "./row.ts";
import type { SandboxFile } from "./sandbox-file.ts";
import { errorOf, type World } from "./situation.ts";

/** One rest server without its wire: takes requests that were received, gives answers to be sent. */
export interface Vendor {
  /**
   * Looks at a request. What it asks for is done when its answer is asked for, so that one beyond the rate limit does nothing.
   *
   * @param origin base URL of the API, for the URLs in answers.
   */
  consider(request: Received, caller: Caller, origin: string): Considered;
}

/** A request: what it costs, and what comes of it. */
export interface Considered extends Costing {
  answer(): Answer;
}

/** Makes a vendor of what its servers share and one description. */
export function createVendor(world: World, referee: Referee): Vendor {
  const { file, clock } = world;
  const withFiles = createUploads(file, clock);

  const behave = (verdict: Valid, request: Received, caller: Caller, origin: string): Answer => {
    const { operationId, parameters, items } = verdict;
    const body = withFiles(verdict.body, request.body?.files ?? [], origin);
    const user = world.userOf(caller.user);
    return perform(file.operations[operationId], {
      ...world,
      operationId,
      parameters,
      scope: { ...parameters, body, user, now: writeMoment(clock(), file.stamps?.zone) },
      items,
      asked: includesOf(parameters),
      headers: request.headers,
      origin,
      urlOfPage: (page) => urlOfPage(request, origin, file.paging.page, page),
      referee,
    });
  };

  const answerTo = (verdict: Verdict, request: Received, caller: Caller, origin: string): Answer => {
    switch (verdict.is) {
      case "unknown path":
        return refuse(file.errors.notFound);
      case "wrong method":
        return refuse(file.errors.methodNotAllowed, { method: request.method });
      case "not acceptable":
        return bare(406);
      case "wrong media type":
        return bare(415);
      case "invalid":
        return refuse(errorOf(file, verdict.operationId, "invalid"), {}, verdict.violations);
      case "valid":
        if (!isAllowed(verdict.operationId, caller, file, referee))
          return refuse(errorOf(file, verdict.operationId, "forbidden"));
        try {
          return behave(verdict, request, caller, origin);
        } catch (error) {
          if (!(error instanceof ParameterError)) throw error;
          const violation = { field: error.parameter, keyword: "*", message: error.message };
          return refuse(errorOf(file, verdict.operationId, "invalid"), {}, [violation]);
        }
    }
  };

  return {
    consider(request, caller, origin) {
      const verdict = referee.judge(request);
      return { ...costOf(verdict, file), answer: () => answerTo(verdict, request, caller, origin) };
    },
  };
}

/** Whether the scopes of a token allow an operation: those that the description wants, and those that the file wants. */
function isAllowed(operationId: string, { scopes }: Caller, file: SandboxFile, referee: Referee): boolean {
  if (scopes === undefined) return true;
  const own = file.operations[operationId]?.scopes;
  if (own && !own.some((scope) => scopes.includes(scope))) return false;
  const { scopes: alternatives } = referee.securityOf(operationId);
  return alternatives.length === 0 || alternatives.some((all) => all.every((scope) => scopes.includes(scope)));
}

/** What is no request of the description costs as much as one that is, without its includes. */
function costOf(verdict: Verdict, { operations, rate }: SandboxFile): Costing {
  if (verdict.is !== "valid")
    return { cost: 1, operationId: verdict.is === "invalid" ? verdict.operationId : undefined };
  const each = "list" in (operations[verdict.operationId] ?? {}) ? rate.include.list : rate.include.get;
  return { cost: 1 + includesOf(verdict.parameters).length * each, operationId: verdict.operationId };
}

function includesOf({ query }: Parameters): readonly string[] {
  const include = query["include"];
  if (Array.isArray(include)) return include.map(String);
  return include === undefined ? [] : String(include).split(",");
}

function urlOfPage(request: Received, origin: string, parameter: string, page: number): string {
  const query = new URLSearchParams(request.query);
  query.set(parameter, String(page));
  return `${origin}${request.path}?${query.toString()}`;
}

/** Makes files what the vendor shows of uploads, in the fields that they were sent for. */
function createUploads(file: SandboxFile, clock: () => number) {
  let number = 0;
  const withContent = JSON.stringify(file.files ?? {}).includes("{base64}");
  return (body: Row, uploads: readonly ReceivedFile[], origin: string): Row => {
    const shown = new Map<string, unknown[]>();
    for (const { field: part, content, ...upload } of uploads) {
      number++;
      const base64 = withContent ? content.toString("base64") : undefined;
      const facts = { ...upload, base64, number, origin, now: writeMoment(clock(), file.stamps?.zone) };
      const field = part.replace(/\[\]$/, "");
      shown.set(field, [...(shown.get(field) ?? []), file.files ? fillPattern(file.files, facts) : upload.name]);
    }
    return { ...body, ...Object.fromEntries(shown) };
  };
}
