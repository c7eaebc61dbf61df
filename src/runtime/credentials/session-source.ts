import { randomUUID } from "node:crypto";
import type { Session } from "../../definition/api.ts";
import { requestOf, type Step } from "../../definition/call.ts";
import type { ExpressionText } from "../../definition/template.ts";
import { carryOut } from "../call/carry-out.ts";
import type { CallContext } from "../deployment.ts";
import { meterRequests } from "../limits/charge.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import { fillWith } from "../request/fill-with.ts";
import { fillTemplate } from "../request/template.ts";
import type { Scope } from "../request/types.ts";
import { send } from "../send/send.ts";
import { NO_CREDENTIAL } from "./applied.ts";
import { type Cookies, openCookies, seedCookies } from "./cookies.ts";
import { type Held, isExpired } from "./held.ts";
import { type Subject, variablesOf } from "./obtain-problem.ts";
import { configVersion, missingToBegin, type Seed, sessionSeed, shownIn } from "./seed.ts";
import { RefusedError, type Source } from "./source.ts";
import { ownUrl } from "./vendor-url.ts";

/** What a session has before its steps run. */
interface Begun {
  readonly values: Readonly<Record<string, string>>;
  readonly cookies: Cookies | undefined;
}

/** Values and cookies of a session that is begun and renewed by steps. */
export function sessionSource(subject: Subject, session: Session, headers: Readonly<Record<string, string>>): Source {
  const { deployment } = subject;
  const { environment } = deployment;
  const { title } = deployment.api.definition;
  const shown = shownIn(headers);

  async function establish(seed: Seed, context: CallContext): Promise<Held> {
    const cookies = await jarOf(seed);
    if (Object.keys(seed.values).length === 0 && seed.cookies.length === 0) {
      throw new RefusedError(
        `has not been signed in to: ${variablesOf(subject.credential).join(", ")} are not set`,
        true,
      );
    }
    const missing = missingToBegin(session, headers, environment);
    if (missing.length > 0) throw new RefusedError(`cannot be signed in to without ${missing.join(" and ")}`, true);
    return await run(session.establish, { values: seed.values, cookies }, context);
  }

  async function refresh(held: Held, context: CallContext): Promise<Held> {
    const cookies = session.cookies && (await openCookies(held.cookies));
    return await run(session.refresh, { values: held.values, cookies }, context);
  }

  /** Carries out steps on a copy of the cookies: what failed half-way leaves nothing behind. */
  async function run(steps: readonly Step[], { values, cookies }: Begun, context: CallContext): Promise<Held> {
    const start: Scope = { inputs: {}, steps: {}, environment, session: { values, cookies } };
    const { scope } = await refusedOr(
      async () =>
        await carryOut(steps, {
          name: "sign-in",
          scope: start,
          context,
          perform: async ({ call, scope: seen, context: within }) => {
            // Signing in changes nothing of the vendor's data: a server that only reads may do it.
            const filled = await fillWith(
              { ...call, effect: "read" },
              { ...seen, uuid: randomUUID() },
              deployment,
              NO_CREDENTIAL,
            );
            const request = requestOf(call);
            const meter = request && meterRequests(deployment, request, within);
            const response = await send(filled, deployment, within, {
              attempt: async () => await meter?.attempt(),
              answered: (answer) => meter?.answered(answer),
            });
            return { response, outcome: undefined };
          },
        }),
    );
    const given = Object.entries(session.values).flatMap(([name, at]) => {
      const value = textAt(at, scope);
      if (value === undefined && shown.has(name)) throw new RefusedError("ended this server's session");
      return value === undefined ? [] : [[name, value] as const];
    });
    const expiresAt = session.expires === undefined ? undefined : momentAt(session.expires, scope);
    return {
      values: { ...values, ...Object.fromEntries(given) },
      obtainedAt: Date.now(),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(cookies && { cookies: cookies.save() }),
    };
  }

  /** Cookies that the user copied out of a browser, or none yet. */
  async function jarOf({ cookies }: Seed): Promise<Cookies | undefined> {
    if (!session.cookies) return undefined;
    const [first] = [...session.establish, ...session.refresh].flatMap(({ calls }) =>
      calls.flatMap((call) => requestOf(call) ?? []),
    );
    return first ? await seedCookies(cookies, ownUrl(deployment, first.server)) : await openCookies(undefined);
  }

  async function refusedOr<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem) || error.code === "internal" || error.code === "cancelled") throw error;
      const { status, retryAfterSeconds } = error.facts;
      if (PASSING.has(error.code)) {
        const words = `${title} could not be asked to renew this server's sign-in. Try again later.`;
        throw new Problem(error.code, words, {
          retryable: true,
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        });
      }
      throw new RefusedError(`did not take this server's sign-in${status === undefined ? "" : ` (${status})`}`);
    }
  }

  return {
    seed: () => sessionSeed(session, environment),
    seedVersion: () => configVersion(session, environment) ?? "environment", // which does not change
    async initial(seed) {
      if (Object.keys(seed.values).length === 0 && seed.cookies.length === 0) return undefined;
      const cookies = seed.cookies.length > 0 ? await jarOf(seed) : undefined;
      return { values: seed.values, obtainedAt: 0, ...(cookies && { cookies: cookies.save() }) };
    },
    isUsable: (held) =>
      !isExpired(held) &&
      [...shown].every((name) => held.values[name] !== undefined) &&
      (shown.size > 0 || held.obtainedAt > 0 || held.cookies !== undefined),
    beginsAtOnce: (held) => held.obtainedAt === 0 && held.cookies === undefined,
    async renew(held, seed, context) {
      const begun = held !== undefined && (held.obtainedAt > 0 || held.cookies !== undefined);
      if (!begun || session.refresh.length === 0) return await establish(seed, context);
      try {
        return await refresh(held, context);
      } catch (error) {
        if (error instanceof RefusedError) return await establish(seed, context); // that session is over
        throw error;
      }
    },
    establish,
    rotates: true,
    refusalLasts: false,
  };

  function textAt(at: ExpressionText, scope: Scope): string | undefined {
    const value = fillTemplate(at, scope);
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value !== "") return value;
    if (value === undefined || value === null || value === "") return undefined;
    throw new Problem("invalid_response", `${title} answered this server's sign-in with something that is no text.`);
  }
}

/** Problems that say nothing of the session: the same may work later. */
const PASSING: ReadonlySet<ProblemCode> = new Set(["upstream_unreachable", "tls_error", "timeout", "rate_limited"]);

/** A date (RFC 3339), seconds since the epoch, or the seconds that are left; as milliseconds since the epoch. */
function momentAt(at: ExpressionText, scope: Scope): number | undefined {
  const value = fillTemplate(at, scope);
  const seconds =
    typeof value === "number" ? value : typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
  if (seconds !== undefined) return seconds > 1e9 ? seconds * 1000 : Date.now() + seconds * 1000; // since 2001, or from now
  const date = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
