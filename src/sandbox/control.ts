import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { type Answer, bare } from "./answer.ts";
import type { Failing } from "./failing.ts";
import type { Ledger } from "./ledger.ts";
import type { Tokens } from "./oauth/tokens.ts";
import { readBody } from "./read-body.ts";
import type { Sessions } from "./session/sessions.ts";
import type { Storage } from "./storage.ts";

/** Where tests take hold of a stand-in. No vendor has such a path. */
export const CONTROL = "/__sandbox/";

/** What can be taken hold of. */
export interface Controlled {
  readonly ledger: Ledger;
  readonly failing: Failing;
  readonly tokens: Tokens | undefined;
  readonly sessions: Sessions | undefined;
  readonly storage: Storage | undefined;
  /** Names who signs in from now on; false when there is no such user. */
  readonly signIn: (user: unknown) => boolean;
  /** Names of `failures` and `errors`. */
  readonly errors: readonly string[];
}

const Expire = z.strictObject({ what: z.enum(["access", "refresh", "session", "uploads", "all"]) });
const Fail = z.strictObject({
  operation: z.string(),
  error: z.string(),
  times: z.int().min(1).default(1),
  after: z.boolean().default(false),
});
const SignIn = z.strictObject({ user: z.json() });

/**
 * Answers a request of a test.
 *
 * A page in a browser can send requests here, but none as JSON without asking first (CORS), and nobody says yes.
 */
export async function control(request: IncomingMessage, path: string, controlled: Controlled): Promise<Answer> {
  const { ledger, failing, signIn, errors } = controlled;
  const name = path.slice(CONTROL.length);
  if (request.method === "GET") {
    if (name === "requests") return done(ledger.entries());
    return name === "counters" ? done(ledger.counters()) : bare(404);
  }
  const body = await readBody(request);
  if (request.method !== "POST") return bare(405);
  if (body?.mediaType !== "application/json") return bare(415);
  switch (name) {
    case "expire": {
      const { data } = Expire.safeParse(body.value);
      if (!data) return wrong(`what must be one of ${Expire.shape.what.options.join(", ")}`);
      expire(data.what, controlled);
      return done({});
    }
    case "fail": {
      const { data } = Fail.safeParse(body.value);
      if (!data || !errors.includes(data.error)) return wrong(`operation, and error: one of ${errors.join(", ")}`);
      failing.order(data);
      return done({});
    }
    case "user": {
      const { data } = SignIn.safeParse(body.value);
      return data && signIn(data.user) ? done({}) : wrong("there is no such user");
    }
    default:
      return bare(404);
  }
}

function expire(what: z.infer<typeof Expire>["what"], { tokens, sessions, storage }: Controlled): void {
  const all = what === "all";
  if (all || what === "access") tokens?.expire("access");
  if (all || what === "access") sessions?.expire("access");
  if (all || what === "refresh") tokens?.expire("refresh");
  if (all || what === "session") sessions?.expire("session");
  if (all || what === "uploads") storage?.expire();
}

function done(body: unknown): Answer {
  return { status: 200, headers: { "cache-control": "no-store" }, body };
}

function wrong(message: string): Answer {
  return { status: 400, headers: {}, body: { message } };
}
