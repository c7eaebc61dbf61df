import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Credential } from "../../../src/definition/api.ts";

/** A vendor with a session of cookies, and what reached it. */
export interface SessionVendor {
  readonly url: string;
  /** `GET /csrf`, with the cookies and headers that came along. */
  readonly requests: {
    readonly what: string;
    readonly cookie: string;
    readonly headers: Readonly<Record<string, unknown>>;
  }[];
  /** Tokens that are taken now. */
  tokens: { auth: string; context: string };
  /** Ends the tokens that are taken now. */
  readonly expire: () => void;
  /** Ends the session too. */
  readonly endSession: () => void;
  readonly close: () => Promise<void>;
}

/** The tokens that a person pasted; good until they expire. */
export const PASTED = { auth: "pasted-auth-canary", context: "pasted-context-canary" };

/** A vendor as next-auth makes them: CSRF token, callback that sets the session's cookie, session that gives tokens. */
export async function startSessionVendor(): Promise<SessionVendor> {
  let session = "";
  let csrf = "";
  const vendor = { requests: [] as SessionVendor["requests"], tokens: { ...PASTED } };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      const { pathname } = new URL(request.url ?? "/", "http://x");
      const what = `${request.method} ${pathname}`;
      const cookie = request.headers.cookie ?? "";
      vendor.requests.push({ what, cookie, headers: request.headers });
      const json = (status: number, value: unknown, cookies: string[] = []): unknown =>
        response
          .writeHead(status, { "content-type": "application/json", "set-cookie": cookies })
          .end(JSON.stringify(value));
      if (what === "GET /auth/csrf") {
        csrf = random();
        return json(200, { csrfToken: csrf }, [`__Host-csrf=${csrf}; Path=/; HttpOnly; Secure; SameSite=Lax`]);
      }
      if (what === "POST /auth/callback") {
        const form = new URLSearchParams(body);
        const fits = form.get("csrfToken") === csrf && cookie.includes(`__Host-csrf=${csrf}`);
        if (!fits || form.get("authToken") !== vendor.tokens.auth) return json(403, { error: "csrf" });
        session = random();
        return json(200, {}, [
          `__Secure-session=${session}; Path=/; HttpOnly; Secure`,
          "__Host-wrong=1; Domain=acme.example; Path=/; Secure", // which no browser takes
          "sneaky=1; Domain=example; Path=/",
        ]);
      }
      if (what === "GET /auth/session") {
        if (session === "" || !cookie.includes(`__Secure-session=${session}`)) return json(200, {});
        vendor.tokens = { auth: `auth-${random()}`, context: `context-${random()}` };
        session = random();
        const expires = new Date(Date.now() + 2_592_000_000).toISOString();
        return json(200, { authToken: vendor.tokens.auth, contextToken: vendor.tokens.context, expires }, [
          `__Secure-session=${session}; Path=/; HttpOnly; Secure`,
        ]);
      }
      const { authorization, contexttoken } = request.headers;
      const good =
        authorization === `Bearer ${vendor.tokens.auth}` && contexttoken === `Bearer ${vendor.tokens.context}`;
      if (good) json(200, { data: { ok: true } });
      else json(401, { error: "unauthorized" });
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(vendor, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    expire: () => (vendor.tokens = { auth: random(), context: random() }),
    endSession: () => (session = ""),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function random(): string {
  return randomBytes(12).toString("hex");
}

const session = (path: string, more: object = {}) =>
  ({ method: "GET", server: "session", path, ...more }) as { method: "GET"; server: string; path: string };

/** The credential of such a vendor. */
export const TOKENS: Credential = {
  servers: ["api", "session"],
  headers: {
    authorization: "Bearer {$credentials.authToken}",
    contexttoken: "Bearer {$credentials.contextToken}",
    "transaction-id": "{$credentials.transactionId}-{$uuid}",
  },
  session: {
    seed: {
      authToken: "$env.ACME_AUTH_TOKEN:-",
      contextToken: "$env.ACME_CONTEXT_TOKEN:-",
      transactionId: "$env.ACME_TRANSACTION_ID:-",
    },
    configFile: "$env.ACME_CONFIG:-",
    establish: [
      { stepId: "csrf", calls: [{ request: session("/auth/csrf") }], outputs: { token: "$response.body#/csrfToken" } },
      {
        stepId: "callback",
        calls: [
          {
            request: session("/auth/callback", {
              method: "POST",
              body: {
                contentType: "application/x-www-form-urlencoded",
                payload: { csrfToken: "$steps.csrf.outputs.token", authToken: "$credentials.authToken", json: "true" },
              },
            }),
          },
        ],
      },
      {
        stepId: "session",
        calls: [{ request: session("/auth/session") }],
        outputs: {
          authToken: "$response.body#/authToken",
          contextToken: "$response.body#/contextToken",
          expires: "$response.body#/expires",
        },
      },
    ],
    refresh: [
      {
        stepId: "session",
        calls: [{ request: session("/auth/session") }],
        outputs: {
          authToken: "$response.body#/authToken",
          contextToken: "$response.body#/contextToken",
          expires: "$response.body#/expires",
        },
      },
    ],
    values: { authToken: "$steps.session.outputs.authToken", contextToken: "$steps.session.outputs.contextToken" },
    expires: "$steps.session.outputs.expires",
    cookies: true,
  },
};
