import type { CallContext, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import type { Attempt, ObservedRequest } from "../telemetry/telemetry.ts";
import type { FilledRequest, VendorAnswer } from "../request/types.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { decodeBody } from "./decode.ts";
import { exchange, type Received } from "./exchange.ts";
import type { OnSent } from "./outgoing-body.ts";
import { countRequest, takeRetry } from "./retry-budget.ts";
import { MAX_RETRIES, retryDelayMs } from "./retry-policy.ts";
import { sendSignedIn } from "./signed-in.ts";
import { type Transport, loadTransport } from "./transport.ts";
import { endedProblem, outcomeUnknown, transportProblem } from "./transport-problem.ts";
import { vendorProblem } from "./vendor-problem.ts";
import { reasonOf } from "./verdict.ts";

/** What else happens around every attempt. */
export interface SendHooks {
  /** Before every HTTP request; what it throws ends the sending. */
  readonly attempt?: () => Promise<void> | void;
  /** The vendor answered a request, with whatever status. */
  readonly answered?: (headers: Headers, status: number) => void;
}

const STREAM_MS = 20_000; // a client waits for a minute or less, and other steps may follow

/** What is known of a request while it is being sent. */
interface Progress {
  /** The answer to the last attempt, read to the end. */
  received: Received | undefined;
  /** Status of an answer whose body was not read yet. */
  status: number | undefined;
  /** An attempt is out, and nobody knows what the vendor does with it. */
  underway: boolean;
  delayMs: number;
  /** Ends the retry that is counted in the upstream's budget. */
  endRetry: (() => void) | undefined;
}

/**
 * Sends a request and reads its answer. Attempts, pauses and reading share one deadline; when it passes, or when the client
 * cancels, the connection is dropped.
 *
 * @throws {Problem} for everything but a success.
 */
export async function send(
  request: FilledRequest,
  deployment: Deployment,
  context: CallContext,
  hooks: SendHooks = {},
): Promise<VendorAnswer> {
  const { title } = deployment.api.definition;
  if (deployment.readOnly && request.effect !== "read") {
    throw new Problem("forbidden", `This server only reads: ${request.operation} was not sent to ${title}.`);
  }
  const observed = context.observer?.request(request);
  const sent = await sendSignedIn(
    request,
    deployment,
    async (filled) => await sendOnce(filled, context, { title, hooks, observed }),
  );
  const { received } = sent;
  if (sent.verdict !== "success") {
    const unauthorized = sent.verdict === "unauthorized";
    const reason = unauthorized ? undefined : reasonOf(received, sent.request, deployment);
    throw vendorProblem(received, sent.request, title, { unauthorized, reason });
  }
  return {
    status: received.status,
    headers: received.headers,
    body: decoded(received, sent.request, title),
    bytes: received.sequence?.bytes ?? received.bytes.byteLength,
  };
}

/** One request with its retries. */
async function sendOnce(
  request: FilledRequest,
  context: CallContext,
  { title, hooks, observed }: Pick<Sending, "title" | "hooks" | "observed">,
): Promise<Received> {
  const transport = await loadTransport();
  const deadline = startDeadline(context);
  const progress: Progress = {
    received: undefined,
    status: undefined,
    underway: false,
    delayMs: 0,
    endRetry: undefined,
  };
  const onSent: OnSent = (bytes, total) =>
    context.progress(bytes, total, `${megabytes(bytes)} of ${megabytes(total)} MB sent`);
  return await attempts({ request, title, transport, deadline, hooks, observed, progress, onSent });
}

interface Sending {
  readonly request: FilledRequest;
  readonly title: string;
  readonly transport: Transport;
  readonly deadline: Deadline;
  readonly hooks: SendHooks;
  readonly observed: ObservedRequest | undefined;
  readonly progress: Progress;
  readonly onSent: OnSent;
}

/** Sends until there is an answer that is final. */
async function attempts(sending: Sending): Promise<Received> {
  const { request, title, transport, deadline, progress } = sending;
  try {
    await transport.ky(request.url, {
      method: "GET", // of ky's own Request, which nobody sends: it knows neither QUERY nor bodies that are made anew
      fetch: () => attempt(sending),
      retry: {
        limit: MAX_RETRIES,
        shouldRetry: ({ error, retryCount }) => shallRetry(sending, error, retryCount),
        delay: () => progress.delayMs,
      },
      timeout: false, // connecting, headers and body have timeouts of their own, and the deadline holds for all attempts
      signal: deadline.signal,
    });
  } catch (error) {
    if (progress.received) return progress.received;
    if (error instanceof Problem) throw error;
    const circumstances = { request, title, status: progress.status };
    if (deadline.signal.aborted) throw endedProblem(circumstances, deadline.passed(), progress.underway, error);
    throw transportProblem(error, circumstances);
  } finally {
    progress.endRetry?.();
    deadline.stop();
  }
  if (!progress.received) throw new Error("a request ended without an answer and without an error");
  return progress.received;
}

/** One attempt, as the fetch of ky: the body is read here, so that an answer that breaks off counts as a failed attempt. */
async function attempt(sending: Sending): Promise<Response> {
  const { request, title, transport, deadline, hooks, observed, progress, onSent } = sending;
  progress.received = undefined;
  progress.status = undefined;
  let watched: Attempt | undefined;
  try {
    progress.received = await exchange(request, {
      title,
      dispatcher: transport.dispatcher,
      signal: deadline.signal,
      // What was heard is handed over before the deadline takes it away.
      streamMs: () => Math.max(0, Math.min(STREAM_MS * transport.timeScale, deadline.remainingMs() * 0.9)),
      before: async () => {
        await hooks.attempt?.();
        deadline.signal.throwIfAborted();
        countRequest(request.url.origin);
        progress.underway = true;
        watched ??= observed?.attempt(); // redirects that are followed are a part of it
        return watched?.headers;
      },
      answered: (headers, status) => {
        progress.status = status;
        hooks.answered?.(headers, status);
      },
      onSent,
    });
  } catch (error) {
    watched?.failed(error, deadline.signal.aborted ? (deadline.passed() ? "deadline" : "client") : undefined);
    throw error;
  }
  const { status } = progress.received;
  watched?.answered(status);
  return new Response(null, { status: status >= 200 && status <= 599 ? status : 502 }); // all that ky has to know
}

function shallRetry({ request, transport, deadline, progress }: Sending, error: Error, retry: number): boolean {
  progress.endRetry?.();
  progress.endRetry = undefined;
  const waitMs = deadline.signal.aborted ? undefined : retryDelayMs(request, progress.received, error, retry);
  if (waitMs === undefined) return false;
  progress.delayMs = waitMs * transport.timeScale;
  if (progress.delayMs >= deadline.remainingMs()) return false;
  progress.endRetry = takeRetry(request.url.origin);
  if (!progress.endRetry) return false;
  progress.underway = false; // a retry is only granted when the attempt left nothing in doubt
  progress.received = undefined; // should the pause be cut short, the answer before it is no answer
  return true;
}

/** The body of a success; one that cannot be read leaves a write in doubt. */
function decoded(received: Received, request: FilledRequest, title: string): unknown {
  try {
    return decodeBody(received, request, title);
  } catch (error) {
    if (!(error instanceof Problem) || request.effect === "read" || request.idempotent) throw error;
    throw outcomeUnknown({ request, title, status: received.status }, error.message, error);
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
