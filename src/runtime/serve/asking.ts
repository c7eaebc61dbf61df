import { askingOf as requesterOf } from "../access/asking.ts";
import { createHash, randomBytes } from "node:crypto";
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Decision, Question } from "../deployment.ts";
import { StartError } from "../load/start-error.ts";

/** What a question leaves with the client until it is answered: what the answer will be for. */
interface Pending {
  readonly subject: string;
}

/** Seals questions, so that an answer counts only for the call that it was asked for. */
export type Seal = RequestStateCodec<Pending>;

const SECONDS_TO_ANSWER = 600; // a person may be away from the screen
const KEY = "confirmation";
const SHORTEST_SECRET = 16; // characters; shorter ones are guessed

/**
 * Makes the seal of a server. With a secret, replicas that share it take each other's; without one it lasts as long as the process.
 *
 * @throws {StartError} when the secret is too short to be one.
 */
export function sealOf(secret: string | undefined): Seal {
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    throw new StartError(
      `TOOLWRIGHT_SECRET has fewer than ${SHORTEST_SECRET} characters`,
      "set it to a long random text, such as the output of `openssl rand -base64 32`",
    );
  }
  const key =
    secret === undefined ? randomBytes(32) : createHash("sha256").update(`toolwright ${KEY}\0${secret}`).digest();
  return createRequestStateCodec<Pending>({
    key,
    ttlSeconds: SECONDS_TO_ANSWER,
    // A9: to who asked as well, whom the door knows: what one is asked another cannot answer.
    bind: ({ mcpReq, http }) => `${mcpReq.method}\0${requesterOf(http?.authInfo)?.caller?.key ?? ""}`,
  });
}

/** Asks the person behind a client in the course of one call. */
export interface Asking {
  readonly confirm: (question: Question) => Promise<Decision>;
  /** The question, when it is what the call has to be answered with. */
  readonly pending: () => InputRequiredResult | undefined;
  readonly decision: () => Decision | undefined;
}

/**
 * How the person behind a client is asked; undefined when the client cannot (MCP elicitation, form mode).
 *
 * The question is the answer of the call, and the client sends the call again with what the person said (2026-07-28, multi-round-trip
 * requests); for the revisions that open with `initialize` the SDK turns that into an `elicitation/create` of its own, where there is a
 * connection to send it on. Nothing is remembered here in between.
 *
 * @param initialized What the client said of itself in `initialize`, if it did.
 */
export function askingOf(
  context: ServerContext,
  initialized: ClientCapabilities | undefined,
  seal: Seal,
): Asking | undefined {
  const { mcpReq } = context;
  // Each request of 2026-07-28 says it for itself; the key is the protocol's, and the SDK has checked what stands there.
  const own = mcpReq.envelope && (mcpReq.envelope as Readonly<Record<string, unknown>>)[CLIENT_CAPABILITIES_META_KEY];
  const capabilities = mcpReq.envelope === undefined ? initialized : (own as ClientCapabilities | undefined);
  if (!showsForms(capabilities)) return undefined;
  let pending: InputRequiredResult | undefined;
  let decision: Decision | undefined;
  return {
    async confirm({ sentence, subject }) {
      const answered = inputResponse(mcpReq.inputResponses, KEY);
      // Verified before this handler ran; the answer to another question, or for other arguments, is none to this one.
      const state = mcpReq.requestState<Partial<Pending>>();
      if (answered.kind === "elicit" && state?.subject === subject) {
        decision = DECISIONS[answered.action];
        return decision;
      }
      const question = inputRequired.elicit({ message: sentence, requestedSchema: { type: "object", properties: {} } });
      pending = inputRequired({
        inputRequests: { [KEY]: question },
        requestState: await seal.mint({ subject }, context),
      });
      decision = "asked";
      return decision;
    },
    pending: () => pending,
    decision: () => decision,
  };
}

const DECISIONS = { accept: "accepted", decline: "declined", cancel: "cancelled" } as const;

/** `elicitation: {}` is form mode, as it was the only one; `{ url: {} }` alone is not. */
function showsForms(capabilities: ClientCapabilities | undefined): boolean {
  const elicitation = capabilities?.elicitation;
  if (elicitation === undefined) return false;
  return elicitation.form !== undefined || elicitation.url === undefined;
}
