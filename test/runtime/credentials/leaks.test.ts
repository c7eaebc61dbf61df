import { inspect } from "node:util";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { Problem } from "../../../src/runtime/problem.ts";
import { describeRequest } from "../../../src/runtime/request/describe-request.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { callLogLine, faultLogLine } from "../../../src/runtime/serve/call-log.ts";
import { context, problemOf } from "../call/deploy.ts";
import { startAuthority } from "./authority.ts";
import { callWith, deployAt } from "./deploy.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(closing.splice(0).map(async (close) => await close()));
});

/** A host that nobody should speak to, or a vendor that answers as it is told; it records all that reaches it. */
async function recorder(answer: (path: string) => { status: number; headers?: Record<string, string>; body?: string }) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      seen.push(JSON.stringify([request.method, request.url, request.headers, body]));
      const { status, headers, body: text = "" } = answer(request.url ?? "");
      response.writeHead(status, headers).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test("T12 a token endpoint that redirects is not followed: no secret reaches the other host", async () => {
  const canary = await recorder(() => ({ status: 200 }));
  for (const status of [301, 302, 303, 307, 308]) {
    const acme = await recorder(() => ({ status, headers: { location: `${canary.url}/oauth/token` } }));
    const deployment = deployAt(acme.url, { oauth2: { grant: "client_credentials" } });
    expect(await problemOf(callWith(deployment))).toMatchObject({ code: "upstream_unreachable" });
    expect(acme.seen).toHaveLength(1);
  }
  expect(canary.seen).toEqual([]);
});

test("T12 a redirect of the API takes no token along", async () => {
  const canary = await recorder(() => ({ status: 200, body: "{}" }));
  const acme = await recorder((path) =>
    path === "/oauth/token"
      ? {
          status: 200,
          headers: { "content-type": "application/json" },
          body: '{"access_token":"canary-token","token_type":"bearer"}',
        }
      : { status: 307, headers: { location: `${canary.url}/x` } },
  );
  const deployment = deployAt(acme.url, { oauth2: { grant: "client_credentials" } });
  expect(await problemOf(callWith(deployment))).toMatchObject({ code: "unexpected_redirect" });
  expect(canary.seen).toEqual([]);
});

const SECRETS = ["s3cret-of-client", "seed-refresh-canary"];

test("T35 whatever a vendor says of secrets, no problem, log line, warning, dry run or stack shows one", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const shown: string[] = [];
  const acme = await startAuthority();
  closing.push(acme.close);
  const echo = `${SECRETS.join(" ")} ${encodeURIComponent(acme.refreshToken())} ${acme.refreshToken()}`;
  const answers = [
    { status: 400, body: JSON.stringify({ error: "invalid_grant", error_description: echo }) },
    { status: 400, body: JSON.stringify({ error: echo }) },
    { status: 401, body: JSON.stringify({ error: "invalid_client", error_uri: echo }) },
    { status: 500, body: echo, type: "text/html" },
    { status: 200, body: JSON.stringify({ access_token: 5, token_type: echo }) },
    { status: 200, body: JSON.stringify({ access_token: echo, token_type: "bearer", expires_in: echo }) },
    { status: 200, body: echo, type: "text/plain" },
  ];
  for (const tokenAnswer of answers) {
    const deployment = deployAt(acme.url, { environment: { ACME_REFRESH_TOKEN: acme.refreshToken() } });
    acme.rules.tokenAnswer = tokenAnswer;
    const problem = await problemOf(callWith(deployment));
    const wrapped = new Problem("internal", "x", { cause: problem });
    shown.push(
      problem.message,
      inspect(problem, { depth: 10 }),
      JSON.stringify(problem.facts),
      faultLogLine(problem),
      inspect(wrapped),
    );
    shown.push(callLogLine({ api: "acme", tool: "x", status: problem.code, ms: 1 }));
  }
  acme.rules.tokenAnswer = undefined;
  const deployment = deployAt(acme.url, { environment: { ACME_REFRESH_TOKEN: acme.refreshToken() } });
  await callWith(deployment);
  const request = { method: "GET", path: "/things", server: "api", credential: "oauth" } as const;
  const filled = await fillRequest({ request }, { inputs: {}, steps: {}, environment: {} }, deployment, context());
  shown.push(JSON.stringify(describeRequest(filled)), ...warned.mock.calls.map(String));
  for (const text of shown) {
    for (const secret of [...SECRETS, ...acme.given, acme.refreshToken()]) expect(text).not.toContain(secret);
  }
});

test("T35 a vendor that repeats the token in its refusal is masked", async () => {
  const acme = await recorder((path) =>
    path === "/oauth/token"
      ? {
          status: 200,
          headers: { "content-type": "application/json" },
          body: '{"access_token":"canary-token","token_type":"bearer"}',
        }
      : {
          status: 403,
          headers: { "content-type": "application/json" },
          body: '{"message":"token canary-token may not do this"}',
        },
  );
  const problem = await problemOf(callWith(deployAt(acme.url, { oauth2: { grant: "client_credentials" } })));
  expect(problem.message).toContain("token *** may not do this");
});

test("a token that was obtained at one host is not shown to another", async () => {
  const acme = await startAuthority();
  const other = await startAuthority();
  closing.push(acme.close, other.close);
  const { stateDirectory } = await import("./deploy.ts");
  const directory = stateDirectory();
  await callWith(deployAt(acme.url, { stateDirectory: directory, oauth2: { grant: "client_credentials" } }));
  await callWith(deployAt(other.url, { stateDirectory: directory, oauth2: { grant: "client_credentials" } }));
  expect(other.calls.map(({ authorization }) => authorization)).toEqual([`Bearer ${other.accessToken()}`]);
});

test("T14 a sandbox asks its stand-in for tokens, wherever the vendor's own endpoint is", async () => {
  const acme = await startAuthority();
  closing.push(acme.close);
  const deployment = deployAt(acme.url, {
    mode: "sandbox",
    oauth2: { grant: "client_credentials", tokenUrl: "https://login.acme.example/oauth/token" },
  });
  expect((await callWith(deployment)).status).toBe(200);
  expect(acme.tokenForms).toHaveLength(1);
});
