import { askingOf as requesterOf } from "../access/asking.ts";
import { randomUUID } from "node:crypto";
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
import type { KeyRing } from "../sealing/key-ring.ts";
import type { TakeOnce } from "./take-once.ts";

/** What a question leaves with the client until it is answered: which it is, and what the answer will be for. */
interface Pending {
  readonly id: string;
  readonly subject: string;
}

/** Seals questions, so that an answer counts only for the call that it was asked for. */
export type Seal = Pick<RequestStateCodec<Pending>, "mint" | "verify">;

const SECONDS_TO_ANSWER = 600; // a person may be away from the screen
const KEY = "confirmation";

/** Makes the seal of a server: the first key of the ring seals, and what any of them has sealed is taken. */
export function sealOf(ring: KeyRing): Seal {
  const codecs = ring.keysFor(KEY).map(({ key }) =>
    createRequestStateCodec<Pending>({
      key,
      ttlSeconds: SECONDS_TO_ANSWER,
      // A9: to who asked as well, whom the door knows: what one is asked another cannot answer.
      bind: ({ mcpReq, http }) => `${mcpReq.method}\0${requesterOf(http?.authInfo)?.caller?.key ?? ""}`,
    }),
  );
  const [newest] = codecs;
  if (!newest) throw new Error("a key ring has a key");
  return {
    mint: async (pending, context) => await newest.mint(pending, context),
    async verify(state, context) {
      const opened = await Promise.allSettled(codecs.map(async (codec) => await codec.verify(state, context)));
      const found = opened.find((one) => one.status === "fulfilled");
      return found ? found.value : await newest.verify(state, context); // which says why not
    },
  };
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
 * connection to send it on. Nothing is remembered here in between, but which questions were agreed to: a yes counts once, and whoever sends it
 * again is asked again.
 *
 * @param initialized What the client said of itself in `initialize`, if it did.
 */
export function askingOf(
  context: ServerContext,
  initialized: ClientCapabilities | undefined,
  { seal, takeOnce }: { readonly seal: Seal; readonly takeOnce: TakeOnce },
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
      if (answered.kind === "elicit" && state?.subject === subject && state.id !== undefined) {
        const said = DECISIONS[answered.action];
        if (said !== "accepted" || (await takeOnce(state.id, SECONDS_TO_ANSWER))) return (decision = said);
      }
      const question = inputRequired.elicit({ message: sentence, requestedSchema: { type: "object", properties: {} } });
      pending = inputRequired({
        inputRequests: { [KEY]: question },
        requestState: await seal.mint({ id: randomUUID(), subject }, context),
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
