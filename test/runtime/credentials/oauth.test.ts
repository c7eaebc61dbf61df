import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Authority, type Rules, startAuthority } from "./authority.ts";
import { callWith, deployAt, stateDirectory, WRITE } from "./deploy.ts";
import { problemOf } from "../call/deploy.ts";

const CLIENT = { grant: "client_credentials" } as const;
const running: Authority[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (one) => await one.close()));
});

async function vendor(rules: Partial<Rules> = {}): Promise<Authority> {
  const started = await startAuthority(rules);
  running.push(started);
  return started;
}

test("client credentials: one token for many calls, the secret in the body, further parameters where they belong", async () => {
  const acme = await vendor();
  const deployment = deployAt(acme.url, {
    oauth2: {
      ...CLIENT,
      scope: "all:standard",
      parameters: { tenant: "$env.TENANT:-", other: "$env.NONE:-" },
      tokenParametersIn: "query",
    },
    environment: { TENANT: "acme prod" },
  });
  for (let i = 0; i < 3; i++) expect((await callWith(deployment)).body).toEqual({ data: { ok: true } });
  expect(acme.tokenForms.map((form) => Object.fromEntries(form))).toEqual([
    {
      grant_type: "client_credentials",
      client_id: "client-1",
      client_secret: "s3cret-of-client",
      scope: "all:standard",
    },
  ]);
  expect(acme.tokenQueries.map(String)).toEqual(["tenant=acme+prod"]);
});

test("16 a token that has expired is renewed once and the call made again, writes too", async () => {
  const acme = await vendor();
  const deployment = deployAt(acme.url, { oauth2: CLIENT });
  await callWith(deployment);
  acme.expire();
  expect((await callWith(deployment, WRITE)).status).toBe(200);
  expect(acme.tokenForms).toHaveLength(2);
  expect(acme.calls.map(({ what }) => what)).toEqual(["GET /things", "POST /things", "POST /things"]);
});

test("17 a token that is refused although it is new is not renewed again and again", async () => {
  const acme = await vendor({ closed: true });
  const deployment = deployAt(acme.url, { oauth2: CLIENT });
  for (let i = 0; i < 3; i++) {
    const problem = await problemOf(callWith(deployment));
    expect(problem).toMatchObject({
      code: "reauthorize",
      message:
        "Acme refused GET /things (401 Unauthorized): unauthorized. Whoever runs this server must check ACME_CLIENT_ID, ACME_CLIENT_SECRET.",
    });
  }
  expect(acme.tokenForms).toHaveLength(1);
  expect(acme.calls).toHaveLength(3);
});

test("69 200 calls that meet an expired token at once cause one renewal, and are all answered", async () => {
  const acme = await vendor({ apiDelayMs: 5, tokenDelayMs: 20 });
  const deployment = deployAt(acme.url, {
    environment: { ACME_REFRESH_TOKEN: acme.refreshToken() },
    stateDirectory: stateDirectory(),
  });
  await callWith(deployment);
  acme.expire();
  acme.tokenForms.length = 0;
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => await callWith(deployment, i % 2 ? WRITE : {})),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 200 }, () => 200));
  expect(acme.tokenForms).toHaveLength(1);
  expect(acme.reused).toEqual([]);
}, 30_000);

test("a token that lasts so long is renewed before it ends, and while it still lasts a vendor that fails does no harm", async () => {
  const acme = await vendor({ expiresIn: 3 });
  const deployment = deployAt(acme.url, { oauth2: CLIENT });
  await callWith(deployment);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  acme.rules.tokenAnswer = { status: 503, body: "" };
  await callWith(deployment);
  expect(acme.tokenForms).toHaveLength(2);
  acme.rules.tokenAnswer = undefined;
  await callWith(deployment);
  expect(acme.tokenForms).toHaveLength(3);
  expect(acme.calls.map(({ authorization }) => authorization)).toHaveLength(3); // and none was refused
});

test("67 a refresh token that is refused ends the login: nobody asks again, in no process, until somebody signs in", async () => {
  const acme = await vendor();
  const directory = stateDirectory();
  const changes = { environment: { ACME_REFRESH_TOKEN: acme.refreshToken() }, stateDirectory: directory };
  const deployment = deployAt(acme.url, changes);
  await callWith(deployment);
  acme.expire();
  acme.rules.tokenAnswer = { status: 400, body: '{"error":"invalid_grant","error_description":"CANARY"}' };
  const want = {
    code: "reauthorize",
    message:
      "Acme no longer accepts this server's sign-in (invalid_grant). Whoever runs this server must sign in: toolwright login acme.",
  };
  const problems = await Promise.all(Array.from({ length: 20 }, async () => await problemOf(callWith(deployment))));
  for (const problem of problems) expect(problem).toMatchObject(want);
  expect(await problemOf(callWith(deployAt(acme.url, changes)))).toMatchObject({ code: "reauthorize" });
  expect(acme.tokenForms).toHaveLength(2);
});

test.each([
  ["68 503", { status: 503, body: "" }],
  ["68 a page", { status: 502, body: "<h1>CANARY</h1>", type: "text/html" }],
  ["429", { status: 429, body: '{"error":"slow_down"}' }],
] as const)("%s of the token endpoint keeps the login", async (_, tokenAnswer) => {
  const acme = await vendor();
  const deployment = deployAt(acme.url, { environment: { ACME_REFRESH_TOKEN: acme.refreshToken() } });
  await callWith(deployment);
  acme.expire();
  acme.rules.tokenAnswer = tokenAnswer;
  const problem = await problemOf(callWith(deployment));
  expect(problem).toMatchObject({ code: "upstream_unreachable", facts: { retryable: true } });
  expect(problem.message).not.toContain("CANARY");
  acme.rules.tokenAnswer = undefined;
  expect((await callWith(deployment)).status).toBe(200);
});

test("a vendor that says in a 200 that the token has expired is understood", async () => {
  const acme = await vendor({ refusesInside: true });
  const deployment = deployAt(acme.url, {
    oauth2: CLIENT,
    server: {
      successCriteria: ["!$response.body#/errors"],
      unauthorizedCriteria: [
        "$statusCode == 401",
        { context: "$response.body#/errors/0/message", condition: "(?i)unauthorized|expired|jwt", type: "regex" },
      ],
    },
  });
  await callWith(deployment);
  acme.expire();
  expect((await callWith(deployment)).body).toEqual({ data: { ok: true } });
  expect(acme.tokenForms).toHaveLength(2);
});

test("what nobody signed in for says what to do, and costs no request", async () => {
  const acme = await vendor();
  const problem = await problemOf(callWith(deployAt(acme.url, { stateDirectory: stateDirectory() })));
  expect(problem).toMatchObject({
    code: "reauthorize",
    message: "Acme has not been signed in to yet. Whoever runs this server must sign in: toolwright login acme.",
  });
  expect([...acme.calls, ...acme.tokenForms]).toEqual([]);
});

test("T40 tokens are kept in a file that only its owner reads, in a folder of the same kind", async () => {
  const acme = await vendor();
  const directory = stateDirectory();
  await callWith(deployAt(acme.url, { oauth2: CLIENT, stateDirectory: directory }));
  const folder = join(directory, "credentials");
  const [file = "", ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, file), "utf8")).toContain(acme.accessToken());
  const other = deployAt(acme.url, { oauth2: CLIENT, stateDirectory: directory });
  await callWith(other);
  expect(acme.tokenForms).toHaveLength(1); // a new process finds it there
});

test("a token is only of use to the seed that it grew from", async () => {
  const acme = await vendor();
  const directory = stateDirectory();
  await callWith(deployAt(acme.url, { oauth2: CLIENT, stateDirectory: directory }));
  await callWith(
    deployAt(acme.url, { oauth2: CLIENT, stateDirectory: directory, environment: { ACME_CLIENT_ID: "client-2" } }),
  );
  expect(acme.tokenForms.map((form) => form.get("client_id"))).toEqual(["client-1", "client-2"]);
});

test("a call that is cancelled while a token is obtained ends, and the others get it", async () => {
  const acme = await vendor({ tokenDelayMs: 200 });
  const deployment = deployAt(acme.url, { oauth2: CLIENT });
  const cancel = new AbortController();
  const { context } = await import("../call/deploy.ts");
  const one = callWith(deployment, {}, context({ signal: cancel.signal }));
  const other = callWith(deployment);
  setTimeout(() => cancel.abort(new Error("gone")), 20);
  await expect(one).rejects.toThrow("gone");
  expect((await other).status).toBe(200);
  expect(acme.tokenForms).toHaveLength(1);
});
