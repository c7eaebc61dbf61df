import type { Gate } from "./admission.ts";
import { type Answer, bare, refuse } from "./answer.ts";
import { BodyTooLarge, MalformedBody } from "./body.ts";
import type { Failing } from "./failing.ts";
import type { Arrived, Handler } from "./handler.ts";
import type { Counted, Costing } from "./rate.ts";
import { readBody } from "./read-body.ts";
import type { Received, Referee } from "./referee.ts";
import { errorOf, type World } from "./situation.ts";
import { type Considered, createVendor } from "./vendor.ts";

/** What every request to the vendor's API goes through, whatever server it is for. */
export interface Front {
  readonly world: World;
  readonly gate: Gate;
  readonly failing: Failing;
  readonly count: (request: Costing, nowMs: number) => Counted;
  /** Sees every request that came in, and could be read. */
  readonly onRequest: ((request: Received & { readonly url: string }) => void) | undefined;
}

/** A server that answers the operations of a description. */
export function createRestServer(front: Front, referee: Referee): Handler {
  const { world, gate, failing, count, onRequest } = front;
  const { file } = world;
  const vendor = createVendor(world, referee);

  const consider = async (arrived: Arrived): Promise<Considered> => {
    const { request, path, query, headers, url, entry } = arrived;
    const operationId = referee.operationAt(request.method ?? "GET", path);
    if (operationId !== undefined) entry.operation = operationId;
    const refused = (answer: Answer): Considered => ({ cost: 1, operationId: undefined, answer: () => answer });
    const admission = isOpen(operationId) ? { caller: { user: undefined, scopes: undefined } } : gate.admit(headers);
    const { caller } = admission;
    if (!caller) return refused(turnedAway(admission, operationId, file));
    if (caller.user !== undefined) entry.user = caller.user;
    try {
      const received = { method: request.method ?? "GET", path, query, headers, body: await readBody(request) };
      onRequest?.({ ...received, url: `${new URL(url).origin}${request.url}` });
      return vendor.consider(received, caller, url);
    } catch (error) {
      if (error instanceof BodyTooLarge) return refused(bare(413));
      if (!(error instanceof MalformedBody)) throw error;
      const { keyword, message } = error;
      return refused(refuse(errorOf(file, operationId, "invalid"), {}, [{ field: "body", keyword, message }]));
    }
  };

  const isOpen = (operationId: string | undefined): boolean => {
    if (operationId === undefined) return false;
    const operation = file.operations[operationId];
    return (
      operation?.open === true ||
      (operation !== undefined && "session" in operation) ||
      referee.securityOf(operationId).open
    );
  };

  return async (arrived) => {
    const considered = await consider(arrived);
    const { allowed, retryAfter, headers } = count(considered, world.clock());
    const given = allowed
      ? await failing.instead(considered.operationId, async () => considered.answer())
      : refuse(file.errors.rateLimited, { retry_after: retryAfter });
    return { ...given, headers: { ...headers, ...given.headers } };
  };
}

/** The answer to who has no credential, or one that may be used once and was. */
export function turnedAway(
  { repeated }: { readonly repeated?: string },
  operationId: string | undefined,
  file: World["file"],
): Answer {
  if (repeated === undefined) return refuse(errorOf(file, operationId, "unauthorized"));
  const violation = { field: repeated, keyword: "unique", message: "was used before" };
  return refuse(errorOf(file, operationId, "invalid"), {}, [violation]);
}
