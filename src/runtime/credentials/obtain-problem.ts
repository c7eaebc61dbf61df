import type { Credential } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { variablesIn } from "../load/environment.ts";
import { Problem } from "../problem.ts";
import { failureOf } from "../send/failure.ts";

/** Whose credential something is about. */
export interface Subject {
  readonly deployment: Deployment;
  readonly name: string;
  readonly credential: Credential;
}

/**
 * The problem of a credential that only a person can mend. What the model reads says what to do and nothing that the vendor said but
 * its error code.
 */
export function needsPerson(subject: Subject, why: string): Problem {
  const { title } = subject.deployment.api.definition;
  return new Problem("reauthorize", `${title} ${why}. Whoever runs this server must ${remedyOf(subject)}.`);
}

/** What a person does about a credential that is refused: `sign in: toolwright login acme`. */
export function remedyOf({ deployment, name, credential }: Subject): string {
  const { definition } = deployment.api;
  const { credentials = {} } = definition;
  if (asksPerson(credential)) {
    const several = Object.values(credentials).filter(asksPerson).length > 1;
    const { loginCommand = `toolwright login ${definition.name}` } = deployment;
    return `sign in: ${loginCommand}${several ? ` ${name}` : ""}`;
  }
  const names = variablesOf(credential).join(", ");
  return names === "" ? "give it another credential" : `check ${names}`;
}

/** Whether a person signs in for it. */
export function asksPerson(credential: Credential): boolean {
  return "oauth2" in credential && credential.oauth2.grant === "authorization_code";
}

/** Names of the variables that a credential begins with, each once. */
export function variablesOf(credential: Credential): readonly string[] {
  const texts =
    "oauth2" in credential
      ? [credential.oauth2.clientId, credential.oauth2.clientSecret ?? ""]
      : "session" in credential && credential.session
        ? Object.values(credential.session.seed)
        : [];
  return [...new Set(texts.flatMap(variablesIn))];
}

/** Codes of RFC 6749 §5.2 that no repetition will change; `invalid_grant` ends what a login began. */
const FINAL: ReadonlySet<string> = new Set([
  "invalid_grant",
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "invalid_request",
]);

/** Why no new token came: the vendor's refusal by its code, or a problem that may pass. */
export type Failure = { readonly refused: string } | { readonly problem: Problem };

/** Reads what the OAuth library threw. Nothing of the exchange itself is kept: it holds secrets. */
export function oauthFailure(error: unknown, { deployment }: Subject): Failure {
  const { title } = deployment.api.definition;
  if (!(error instanceof Error)) throw error;
  if (error instanceof Problem) return { problem: error };
  const { error: code, status } = error as Error & { readonly error?: unknown; readonly status?: unknown }; // as the library's errors have them
  const word = typeof code === "string" && /^[a-z_]{1,40}$/.test(code) ? code : undefined;
  const http = typeof status === "number" ? status : statusOf(error.cause);
  if (word !== undefined && (FINAL.has(word) || http === undefined)) return { refused: word }; // the latter of a redirect
  if (http === 401 || http === 403) return { refused: word ?? `status ${http}` };
  if (http !== undefined) {
    const passing = http >= 500 || http === 429 || http === 408;
    const message = `${title} gave no token (${word ?? `status ${http}`}).${passing ? " Try again later." : ""}`;
    return { problem: new Problem("upstream_unreachable", message, { retryable: passing, status: http }) };
  }
  if (error.name === "OperationProcessingError") {
    const whose = /"iss"/.test(error.message)
      ? "the answer came from somebody else (iss)"
      : "the answer makes no sense";
    return { problem: new Problem("invalid_response", `${title} gave no token: ${whose}.`) };
  }
  const late = error.name === "TimeoutError" || failureOf(error) === "silent";
  const words = late ? "did not give a token in time" : "could not be asked for a token";
  return { problem: new Problem("upstream_unreachable", `${title} ${words}. Try again later.`, { retryable: true }) };
}

/** The library hands over an answer that it does not understand. */
function statusOf(cause: unknown): number | undefined {
  if (cause instanceof Response) return cause.status;
  if (typeof cause !== "object" || cause === null) return undefined;
  return "response" in cause ? statusOf(cause.response) : undefined;
}
