import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a vendor with OAuth 2 did, and how it does it. */
export interface Authority {
  readonly url: string;
  /** Forms that reached the token endpoint. */
  readonly tokenForms: URLSearchParams[];
  /** Queries of the token endpoint. */
  readonly tokenQueries: URLSearchParams[];
  /** Requests to the API: method, path and what was shown. */
  readonly calls: {
    readonly what: string;
    readonly authorization: string | undefined;
    readonly headers: IncomingMessage["headers"];
  }[];
  /** Tokens that were ever given out. */
  readonly given: string[];
  /** Every token that was revoked. */
  readonly revoked: string[];
  /** Refresh tokens that came a second time: a real vendor would end the login. */
  readonly reused: string[];
  readonly rules: Rules;
  /** The access token that is taken now. */
  readonly accessToken: () => string;
  readonly refreshToken: () => string;
  /** Ends the access token that is taken now. */
  readonly expire: () => void;
  readonly close: () => Promise<void>;
}

/** What a test may change while the vendor runs. */
export interface Rules {
  /** Seconds; undefined: not told. */
  expiresIn: number | undefined;
  /** An answer instead of a token. */
  tokenAnswer: { readonly status: number; readonly body: string; readonly type?: string } | undefined;
  tokenDelayMs: number;
  /** Of an API answer. */
  apiDelayMs: number;
  /** Everything is refused, whatever is shown. */
  closed: boolean;
  /** Access tokens end after so many calls. */
  callsPerToken: number;
  /** Refusals come in a 200, as GraphQL does it. */
  refusesInside: boolean;
}

/** A vendor whose refresh tokens are good for one use (RFC 9700 §4.14.2), and which is strict about it. */
export async function startAuthority(changes: Partial<Rules> = {}): Promise<Authority> {
  const rules: Rules = {
    expiresIn: undefined,
    tokenAnswer: undefined,
    tokenDelayMs: 0,
    apiDelayMs: 0,
    closed: false,
    callsPerToken: Infinity,
    refusesInside: false,
    ...changes,
  };
  const seen = { tokenForms: [], tokenQueries: [], calls: [], given: [], revoked: [], reused: [] } as Pick<
    { -readonly [K in keyof Authority]: Authority[K] },
    "tokenForms" | "tokenQueries" | "calls" | "given" | "revoked" | "reused"
  >;
  const spent = new Set<string>();
  let access = "";
  let refresh = `refresh-${random()}`;
  let code = random();
  let challenge = "";
  let left = rules.callsPerToken;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => void answer(request, response, body));
  });

  async function answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const url = new URL(request.url ?? "/", "http://vendor.invalid");
    if (url.pathname === "/oauth/token") {
      seen.tokenForms.push(new URLSearchParams(body));
      seen.tokenQueries.push(url.searchParams);
      await pause(rules.tokenDelayMs);
      return token(new URLSearchParams(body), response);
    }
    if (url.pathname === "/oauth/authorize") {
      const back = new URL(url.searchParams.get("redirect_uri") ?? "");
      challenge = url.searchParams.get("code_challenge") ?? "";
      code = random();
      back.search = new URLSearchParams({ code, state: url.searchParams.get("state") ?? "" }).toString();
      response.writeHead(302, { location: back.href }).end(); // whoever comes is signed in and consents
      return;
    }
    if (url.pathname === "/oauth/revoke") {
      seen.revoked.push(new URLSearchParams(body).get("token") ?? "");
      response.writeHead(200).end();
      return;
    }
    const { authorization } = request.headers;
    seen.calls.push({ what: `${request.method} ${url.pathname}`, authorization, headers: request.headers });
    await pause(rules.apiDelayMs);
    const good = !rules.closed && access !== "" && authorization === `Bearer ${access}` && left > 0;
    left--;
    if (good) json(response, 200, { data: { ok: true } });
    else if (rules.refusesInside) json(response, 200, { data: null, errors: [{ message: "JWT Expired" }] });
    else json(response, 401, { error: "unauthorized" });
  }

  function token(form: URLSearchParams, response: ServerResponse): void {
    if (rules.tokenAnswer) {
      const { status, body, type = "application/json" } = rules.tokenAnswer;
      response.writeHead(status, { "content-type": type }).end(body);
      return;
    }
    if (form.get("grant_type") === "authorization_code") {
      const verified =
        createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url") === challenge;
      if (!verified || form.get("code") !== code) return json(response, 400, { error: "invalid_grant" });
      code = random(); // good for one use
    }
    if (form.get("grant_type") === "refresh_token") {
      const shown = form.get("refresh_token") ?? "";
      if (spent.has(shown)) seen.reused.push(shown);
      if (shown !== refresh) return json(response, 400, { error: "invalid_grant", error_description: shown });
      spent.add(shown);
      refresh = `refresh-${random()}`;
    }
    access = `access-${random()}`;
    left = rules.callsPerToken;
    seen.given.push(access, refresh);
    json(response, 200, {
      access_token: access,
      token_type: "Bearer",
      ...(rules.expiresIn !== undefined && { expires_in: rules.expiresIn }),
      ...(form.get("grant_type") !== "client_credentials" && { refresh_token: refresh }),
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...seen,
    rules,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessToken: () => access,
    refreshToken: () => refresh,
    expire: () => (access = ""),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function random(): string {
  return randomBytes(12).toString("hex");
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
