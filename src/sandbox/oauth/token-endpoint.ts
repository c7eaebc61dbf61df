import { timingSafeEqual } from "node:crypto";
import type { Answer } from "../answer.ts";
import type { ClientRule } from "../grammar/identity.ts";
import type { Row } from "../row.ts";
import { type Authority, scopesOf, unknownScope } from "./authorize.ts";
import { challengeOf, type TokenAnswer } from "./tokens.ts";

/** A request to the token endpoint. */
export interface TokenRequest {
  readonly query: URLSearchParams;
  /** The fields of the form. */
  readonly form: Row;
  /** The Authorization header. */
  readonly authorization: string | undefined;
}

/** A refusal by the words of RFC 6749 §5.2. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, description: string, status = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }
}

/** The token endpoint (RFC 6749 §3.2). */
export function answerToken(request: TokenRequest, authority: Authority): Answer {
  try {
    return answer(200, grant(request, authority));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error;
    const challenge = status === 401 ? { "www-authenticate": 'Basic realm="token"' } : {};
    return answer(status, { error: code, error_description: message }, challenge);
  }
}

function grant(request: TokenRequest, authority: Authority): TokenAnswer {
  const { rule, tokens } = authority;
  const { query, form } = request;
  for (const [name, value] of Object.entries(rule.parameters))
    if ((query.get(name) ?? form[name]) !== value)
      throw new Refusal("invalid_request", `${name} is missing, or is not known`);
  for (const name of query.keys())
    if (!Object.hasOwn(rule.parameters, name))
      throw new Refusal("invalid_request", `${name} does not belong in the address`); // §2.3.1: credentials never do
  const client = clientOf(request, rule.clients);
  const type = field(form, "grant_type");
  if (!["authorization_code", "refresh_token", "client_credentials"].includes(type))
    throw new Refusal("unsupported_grant_type", `there is no grant ${type}`);
  if (!client.grants.some((allowed) => allowed === type))
    throw new Refusal("unauthorized_client", `this client may not use ${type}`);
  const scopes = form["scope"] === undefined ? undefined : scopesOf(String(form["scope"]));
  const unknown = unknownScope(scopes ?? [], rule);
  if (unknown !== undefined) throw new Refusal("invalid_scope", `there is no scope ${unknown}`);
  if (type === "client_credentials")
    return tokens.issue({ client: client.id, user: client.user, scopes: scopes ?? [] });
  const given =
    type === "refresh_token"
      ? tokens.refresh(field(form, "refresh_token"), client.id, scopes)
      : redeem(form, client, authority);
  if (given === "invalid_scope") throw new Refusal("invalid_scope", "more than was agreed to");
  if (!given) throw new Refusal("invalid_grant", "it was never given out, has expired, was used, or is not yours");
  return given;
}

function redeem(form: Row, client: ClientRule, { tokens }: Authority): TokenAnswer | undefined {
  const redirectUri = field(form, "redirect_uri");
  const verifier = form["code_verifier"];
  return tokens.redeem(field(form, "code"), (code) => {
    if (code.client !== client.id || code.redirectUri !== redirectUri) return false;
    if (code.challenge === undefined) return verifier === undefined; // RFC 9700 §2.1.1: no downgrade
    const isVerifier = typeof verifier === "string" && /^[A-Za-z0-9._~-]{43,128}$/.test(verifier);
    return isVerifier && challengeOf(verifier) === code.challenge;
  });
}

/** Who asks: by Basic or by the form, never both (RFC 6749 §2.3). */
function clientOf({ form, authorization }: TokenRequest, clients: readonly ClientRule[]): ClientRule {
  const basic = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  const [user, password] = basic === undefined ? [] : pair(Buffer.from(basic, "base64").toString("utf8"));
  if (basic !== undefined && form["client_secret"] !== undefined)
    throw new Refusal("invalid_request", "the client names itself twice");
  const id = user ?? form["client_id"];
  const client = clients.find((known) => known.id === id);
  const secret = password ?? form["client_secret"];
  const fits = client?.secret === undefined ? secret === undefined : equal(String(secret ?? ""), client.secret);
  if (client && fits) return client;
  throw new Refusal("invalid_client", "the client is not known, or its secret is wrong", 401);
}

/** Both halves are form-encoded (RFC 6749 §2.3.1). */
function pair(text: string): readonly string[] {
  const colon = text.indexOf(":");
  return [text.slice(0, colon), text.slice(colon + 1)].map((half) => {
    try {
      return decodeURIComponent(half.replaceAll("+", " "));
    } catch {
      return half;
    }
  });
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function field(form: Row, name: string): string {
  const value = form[name];
  if (typeof value === "string" && value !== "") return value;
  throw new Refusal("invalid_request", `${name} is missing`);
}

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "cache-control": "no-store", pragma: "no-cache", ...headers }, body };
}
