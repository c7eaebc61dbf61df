import { createHash, randomUUID } from "node:crypto";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

/** An invented vendor with every habit that a sandbox can have. */
export const HARBOUR = "test/sandbox/harbour/sandbox.yaml";
export const VERIFIER = "a".repeat(50);
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
const CALLBACK = "http://127.0.0.1:7777/callback";

type Json = Readonly<Record<string, unknown>>;

/** An answer with its JSON; the text itself where it is none. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json & { readonly [key: string]: unknown };
  readonly text: string;
}

/** The address of one of the servers. */
export function at(sandbox: Sandbox, server: string, path: string): string {
  return `${sandbox.servers[server] ?? "http://127.0.0.1:1"}${path}`;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answered> {
  const answer = await fetch(url, { redirect: "manual", ...init });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true;
  return { status: answer.status, headers: answer.headers, text, body: isJson ? (JSON.parse(text) as Json) : {} };
}

export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

export function form(
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): RequestInit {
  return { method: "POST", headers, body: new URLSearchParams(fields) };
}

/** Asks for a code; a parameter that is undefined is left out. */
export async function authorize(
  sandbox: Sandbox,
  given: Readonly<Record<string, string | undefined>> = {},
): Promise<Answered> {
  const all = {
    response_type: "code",
    client_id: "desk",
    redirect_uri: CALLBACK,
    scope: "read offline_access",
    state: "s 1",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    tenant: "acme",
    ...given,
  };
  const query = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return await ask(at(sandbox, "auth", `/authorize?${new URLSearchParams(query).toString()}`));
}

/** Parameters that came back with a redirect. */
export function back({ headers }: Answered): Readonly<Record<string, string>> {
  return Object.fromEntries(new URL(headers.get("location") ?? "none:").searchParams);
}

export async function token(
  sandbox: Sandbox,
  fields: Readonly<Record<string, string>>,
  {
    query = "tenant=acme",
    headers = {},
  }: { readonly query?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answered> {
  return await ask(at(sandbox, "auth", `/token?${query}`), form(fields, headers));
}

export const CLIENT = { client_id: "desk", client_secret: "secret" };

/** Fields that redeem a code. */
export function redeeming(code: string | undefined): Readonly<Record<string, string>> {
  return {
    grant_type: "authorization_code",
    code: code ?? "",
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...CLIENT,
  };
}

/** Tokens of somebody who has agreed. */
export async function signIn(sandbox: Sandbox, user = "31", scope = "read write offline_access") {
  const { code } = back(await authorize(sandbox, { user, scope }));
  const { body } = await token(sandbox, redeeming(code));
  const access = String(body["access_token"]);
  return { access, refresh: String(body["refresh_token"]), bearer: { authorization: `Bearer ${access}` } };
}

/** Headers of a session, with a transaction of their own. */
export function sessionHeaders(
  tokens: { readonly auth: string; readonly context: string },
  transaction = `tx-${randomUUID()}`,
) {
  return {
    authorization: `Bearer ${tokens.auth}`,
    contexttoken: `Bearer ${tokens.context}`,
    "transaction-id": transaction,
  };
}

export const SEED = { auth: "seed-auth", context: "seed-context" };

/** Tells the stand-in what to do. */
export async function control(sandbox: Sandbox, name: string, body: object): Promise<Answered> {
  return await ask(`${new URL(sandbox.url).origin}/__sandbox/${name}`, json(body));
}

export async function counters(sandbox: Sandbox): Promise<Json> {
  return (await ask(`${new URL(sandbox.url).origin}/__sandbox/counters`)).body;
}
