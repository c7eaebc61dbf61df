import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Call } from "../../../src/definition/call.ts";
import { carryOutAction } from "../../../src/runtime/credentials/action.ts";
import { liveCredentialOf } from "../../../src/runtime/credentials/credentials.ts";
import type { Deployment } from "../../../src/runtime/deployment.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { describeRequest } from "../../../src/runtime/request/describe-request.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { context, problemOf } from "../call/deploy.ts";
import { callWith, stateDirectory } from "./deploy.ts";
import { PASTED, type SessionVendor, startSessionVendor, TOKENS } from "./session-vendor.ts";

const running: SessionVendor[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (one) => await one.close()));
});

async function vendor(): Promise<SessionVendor> {
  const started = await startSessionVendor();
  running.push(started);
  return started;
}

const ENVIRONMENT = {
  ACME_AUTH_TOKEN: PASTED.auth,
  ACME_CONTEXT_TOKEN: PASTED.context,
  ACME_TRANSACTION_ID: "tx-canary",
};

/** The vendor's own places, spoken for by a stand-in on loopback, as in a sandbox or with `--server`. */
function deploy(
  url: string,
  options: { environment?: Readonly<Record<string, string>>; stateDirectory?: string; readOnly?: boolean } = {},
): Deployment {
  const definition = {
    name: "acme",
    title: "Acme",
    servers: {
      api: { url: "https://gateway.acme.example" },
      session: { url: "https://acme.example" },
      other: { url: "https://other.example" },
    },
    credentials: { oauth: TOKENS },
    tools: {},
  };
  return createDeployment({
    api: { definition, catalog: { tools: [] } },
    mode: "live",
    environment: options.environment ?? ENVIRONMENT,
    serverOverrides: { api: url, session: url, other: url },
    stateDirectory: options.stateDirectory ?? stateDirectory(),
    readOnly: options.readOnly,
  });
}

test("several headers at once, with an id that is new for each request", async () => {
  const acme = await vendor();
  const deployment = deploy(acme.url);
  await callWith(deployment);
  await callWith(deployment);
  const calls = acme.requests.filter(({ what }) => what === "GET /things");
  const ids = calls.map(({ headers }) => String(headers["transaction-id"]));
  for (const id of ids) expect(id).toMatch(/^tx-canary-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(2);
});

test("tokens that are pasted become a session while they are good, and it is renewed when they end", async () => {
  const acme = await vendor();
  const deployment = deploy(acme.url, { readOnly: true }); // signing in changes nothing of the vendor's data
  await callWith(deployment);
  expect(acme.requests.map(({ what }) => what)).toEqual([
    "GET /auth/csrf",
    "POST /auth/callback",
    "GET /auth/session",
    "GET /things",
  ]);
  acme.expire();
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await callWith(deployment)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(acme.requests.filter(({ what }) => what === "GET /auth/session")).toHaveLength(2);
});

test("cookies of the vendor's https origin work at a stand-in on loopback, and by the rules of that origin", async () => {
  const acme = await vendor();
  const deployment = deploy(acme.url);
  await callWith(deployment);
  const cookies = acme.requests.map(({ what, cookie }) => [what, cookie.replaceAll(/=[0-9a-f]{24}/g, "=…")]);
  expect(cookies).toEqual([
    ["GET /auth/csrf", ""],
    ["POST /auth/callback", "__Host-csrf=…"],
    ["GET /auth/session", "__Host-csrf=…; __Secure-session=…"],
    ["GET /things", ""], // gateway.acme.example: not the host that set them
  ]);
  await callWith(deployment, { request: { method: "GET", path: "/own", server: "session", credential: "oauth" } });
  expect(acme.requests.at(-1)?.cookie).toMatch(/^__Host-csrf=.*; __Secure-session=/);
});

test("no cookie and no token reaches a server that the credential does not name", async () => {
  const acme = await vendor();
  const deployment = deploy(acme.url);
  await callWith(deployment);
  const foreign: Call["request"] = { method: "GET", path: "/x", server: "other", credential: "oauth" };
  expect(await problemOf(callWith(deployment, { request: foreign }))).toMatchObject({ code: "internal" });
  await problemOf(callWith(deployment, { request: { method: "GET", path: "/x", server: "other" } }));
  const { headers, cookie } = acme.requests.at(-1) ?? { headers: {}, cookie: "none" };
  expect(cookie).toBe("");
  expect(JSON.stringify(headers)).not.toMatch(/canary|auth-|context-/);
});

test("what was renewed outlives the process and wins over its seed, until the seed changes", async () => {
  const acme = await vendor();
  const directory = stateDirectory();
  await callWith(deploy(acme.url, { stateDirectory: directory }));
  const asked = acme.requests.length;
  await callWith(deploy(acme.url, { stateDirectory: directory }));
  expect(acme.requests).toHaveLength(asked + 1);
  acme.tokens = { auth: "second-auth", context: "second-context" };
  const environment = { ...ENVIRONMENT, ACME_AUTH_TOKEN: "second-auth", ACME_CONTEXT_TOKEN: "second-context" };
  await callWith(deploy(acme.url, { stateDirectory: directory, environment }));
  expect(acme.requests.slice(asked + 1).map(({ what }) => what)).toEqual([
    "GET /auth/csrf",
    "POST /auth/callback",
    "GET /auth/session",
    "GET /things",
  ]);
  const [file = ""] = readdirSync(join(directory, "credentials"));
  expect(readFileSync(join(directory, "credentials", file), "utf8")).not.toContain("second-auth"); // a mark of the seed, not the seed
});

test("the guide's config.json seeds too, its cookies included; the environment goes before it, and a change of it is seen", async () => {
  const acme = await vendor();
  const config = join(stateDirectory(), "config.json");
  const first = deploy(acme.url);
  await callWith(first); // which gives a session, whose cookie somebody copies
  const cookie = acme.requests.at(-2)?.cookie ?? "";
  const jar = JSON.stringify((await liveCredentialOf(first, "oauth")?.look())?.held.cookies);
  const value = /"key":"__Secure-session","value":"([0-9a-f]+)"/.exec(jar)?.[1] ?? "";
  expect(cookie).not.toContain(value); // it was rotated
  acme.expire();
  writeFileSync(
    config,
    JSON.stringify({ authToken: "old", contextToken: "old", sessionCookies: { "__Secure-session": value } }),
  );
  const deployment = deploy(acme.url, { environment: { ACME_CONFIG: config, ACME_TRANSACTION_ID: "tx" } });
  await callWith(deployment);
  expect(acme.requests.slice(-3).map(({ what }) => what)).toEqual(["GET /things", "GET /auth/session", "GET /things"]);
  acme.tokens = { auth: "third-auth", context: "third-context" };
  writeFileSync(config, JSON.stringify({ authToken: "third-auth", contextToken: "third-context" }));
  await callWith(deployment);
  expect(acme.requests.at(-1)?.headers["authorization"]).toMatch(/^Bearer auth-/); // a session of the new tokens
});

test("a session that is over says what to give anew, asks the vendor twice at most, and shows no token", async () => {
  const acme = await vendor();
  const deployment = deploy(acme.url);
  await callWith(deployment);
  acme.expire();
  acme.endSession();
  const before = acme.requests.length;
  const problems = await Promise.all(Array.from({ length: 10 }, async () => await problemOf(callWith(deployment))));
  for (const problem of problems) {
    expect(problem).toMatchObject({
      code: "reauthorize",
      message:
        "Acme did not take this server's sign-in (403). Whoever runs this server must check ACME_AUTH_TOKEN, ACME_CONTEXT_TOKEN, ACME_TRANSACTION_ID.",
    });
  }
  const signIn = acme.requests.slice(before).filter(({ what }) => what.includes("/auth/"));
  expect(signIn.map(({ what }) => what)).toEqual(["GET /auth/session", "GET /auth/csrf", "POST /auth/callback"]);
});

test("without a value that its headers need, nothing is sent, and what is missing is named", async () => {
  const acme = await vendor();
  const { ACME_TRANSACTION_ID: _, ...environment } = ENVIRONMENT;
  const problem = await problemOf(callWith(deploy(acme.url, { environment })));
  expect(problem).toMatchObject({ code: "reauthorize" });
  expect(problem.message).toMatch(
    /^Acme cannot be signed in to without ACME_TRANSACTION_ID\. Whoever runs this server/,
  );
  expect(acme.requests).toEqual([]);
});

test("what the session gives by itself need not be there to begin with", async () => {
  const acme = await vendor();
  const { ACME_CONTEXT_TOKEN: _, ...environment } = ENVIRONMENT;
  await callWith(deploy(acme.url, { environment }));
  expect(acme.requests.map(({ what }) => what)).toEqual([
    "GET /auth/csrf",
    "POST /auth/callback",
    "GET /auth/session",
    "GET /things",
  ]);
});

test("the actions of a credential tell how it stands and no value of it", async () => {
  const acme = await vendor();
  const deployment = deploy(acme.url);
  const act = async (action: "establish" | "refresh" | "check" | "reload") =>
    (await carryOutAction({ credential: "oauth", action }, deployment, context())).body;
  expect(await act("check")).toEqual({ credential: "oauth", status: "valid" });
  expect(acme.requests).toEqual([]);
  const established = await act("establish");
  expect(established).toMatchObject({
    credential: "oauth",
    status: "valid",
    expires_at: expect.stringMatching(/Z$/) as string,
  });
  await act("refresh");
  expect(acme.requests.map(({ what }) => what).slice(-1)).toEqual(["GET /auth/session"]);
  await callWith(deployment);
  const checked = await act("check");
  expect(checked).toMatchObject({ status: "valid", accepted_at: expect.stringMatching(/Z$/) as string });
  expect(JSON.stringify([established, checked, await act("reload")])).not.toMatch(/auth-|context-|canary/);
});

test("T35 a dry run sends nothing and shows nothing", async () => {
  const acme = await vendor();
  const deployment = deploy(acme.url);
  const call: Call = { request: { method: "GET", path: "/things", server: "api", credential: "oauth" } };
  const shown = JSON.stringify(
    describeRequest(await fillRequest(call, { inputs: {}, steps: {}, environment: {} }, deployment)),
  );
  expect(shown).not.toMatch(/canary/);
  expect(shown).toContain('"authorization":"Bearer ***"');
  expect(acme.requests).toEqual([]);
});
