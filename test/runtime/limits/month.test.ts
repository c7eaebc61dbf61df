import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "rolldown";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { endedWithTests } from "../../children.ts";
import type { Deployment } from "../../../src/runtime/deployment.ts";
import { chargeCall, meterRequests } from "../../../src/runtime/limits/charge.ts";
import { readLimits } from "../../../src/runtime/limits/limits.ts";
import { context, deploy, problemOf } from "../call/deploy.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "quota-test-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true });
});

/** A deployment as a new process would make it: with nothing remembered. */
function fresh(limit = "5/month", more: Parameters<typeof deploy>[2] = {}): Deployment {
  return deploy("http://127.0.0.1:9", {}, { stateDirectory: directory, api: { limits: { calls: [limit] } }, ...more });
}

async function quotaFile(): Promise<string> {
  const [name, ...others] = await readdir(join(directory, "quota"));
  expect(others).toEqual([]);
  return join(directory, "quota", name ?? "");
}

function at(time: string) {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(time) });
}

test("R6: the month survives a restart, and the refusal says whose limit it is, when to come back and what to change", async () => {
  at("2026-11-21T10:00:00Z");
  const more = {
    api: {
      limits: { calls: ["{$env.ACME_CALLS_PER_MONTH:-3}/month", "100/minute"], source: "the vendor guide's figure" },
    },
  };
  const make = () => deploy("http://127.0.0.1:9", {}, { stateDirectory: directory, ...more });
  await chargeCall(make());
  await chargeCall(make());
  const last = make();
  await chargeCall(last);
  const problem = await problemOf(chargeCall(last));
  expect(problem).toMatchObject({ code: "rate_limited", facts: { retryable: true, retryAfterSeconds: 828_000 } });
  expect(problem.message).toBe(
    "The local limit of 3 calls a month to Acme is used up (the vendor guide's figure; override with ACME_CALLS_PER_MONTH); the request was not sent. Come back in 828,000 seconds, at 2026-12-01T00:00:00Z. Left: 99 of 100 calls per minute.",
  );
});

test("a figure that somebody set is no longer the guide's", async () => {
  const limits = { calls: ["{$env.ACME_CALLS_PER_MONTH:-3}/month"], source: "the vendor guide's figure" };
  const deployment = deploy("http://127.0.0.1:9", {}, { environment: { ACME_CALLS_PER_MONTH: "1" }, api: { limits } });
  await chargeCall(deployment);
  const { message } = await problemOf(chargeCall(deployment));
  expect(message).toContain(
    "The local limit of 1 call a month to Acme is used up (override with ACME_CALLS_PER_MONTH);",
  );
});

test("a month is a calendar month in UTC: the last second and the first are two months", async () => {
  at("2026-12-31T23:59:59.500Z");
  const deployment = fresh("1/month");
  await chargeCall(deployment);
  expect((await problemOf(chargeCall(deployment))).facts.retryAfterSeconds).toBe(1);
  at("2027-01-01T00:00:00Z");
  await chargeCall(deployment);
  expect(await readLimits(deployment)).toEqual([
    { name: "calls per month", used: 1, limit: 1, resetsAt: Date.UTC(2027, 1, 1) },
  ]);
});

test("what a short window refuses is not taken from the month", async () => {
  const deployment = deploy(
    "http://127.0.0.1:9",
    {},
    { stateDirectory: directory, api: { limits: { calls: ["10/month", "2/minute"] } } },
  );
  await chargeCall(deployment);
  await chargeCall(deployment);
  expect((await problemOf(chargeCall(deployment))).message).toContain("2 calls a minute");
  expect((await readLimits(deployment)).map(({ name, used }) => [name, used])).toEqual([
    ["calls per minute", 2],
    ["calls per month", 2],
  ]);
});

test("what the month refuses is given back to the short window", async () => {
  const deployment = deploy(
    "http://127.0.0.1:9",
    {},
    { stateDirectory: directory, api: { limits: { calls: ["1/month", "9/minute"] } } },
  );
  await chargeCall(deployment);
  await problemOf(chargeCall(deployment));
  expect((await readLimits(deployment))[0]).toMatchObject({ name: "calls per minute", used: 1 });
});

test("the file is for its owner alone, and names neither the host nor the credential", async () => {
  const deployment = deploy(
    "http://127.0.0.1:9",
    {},
    {
      stateDirectory: directory,
      environment: { ACME_KEY: "canary-secret" },
      api: { limits: { calls: ["5/month"] }, credentials: { key: { servers: ["api"], bearer: "$env.ACME_KEY" } } },
    },
  );
  await chargeCall(deployment);
  const file = await quotaFile();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(directory, "quota"))).mode & 0o777).toBe(0o700);
  expect(file).toMatch(/acme-[0-9a-f]{32}-calls-\d{4}-\d{2}\.log$/);
  expect(await readFile(file, "utf8")).toMatch(/^\+0000000001 [0-9a-f]{19}\n$/);
});

test("T42 a new key for the same account brings no new month; another account has its own", async () => {
  const make = (key: string, host: string | undefined) =>
    deploy(
      host ?? "http://127.0.0.1:9",
      {},
      {
        stateDirectory: directory,
        environment: { ACME_KEY: key },
        api: {
          limits: { calls: ["1/month"] },
          servers: {
            api:
              host === undefined ? { url: "x" } : { url: "http://{domain}", variables: { domain: "$env.ACME_DOMAIN" } },
          },
          credentials: { key: { servers: ["api"], bearer: "$env.ACME_KEY" } },
        },
      },
    );
  await chargeCall(make("one", "http://tenant-a.example"));
  await problemOf(chargeCall(make("two", "http://tenant-a.example")));
  await chargeCall(make("one", "http://tenant-b.example"));
  // The host may stand in the URL itself.
  const whole = (key: string) =>
    deploy(
      "http://tenant-c.example",
      {},
      {
        stateDirectory: directory,
        environment: { ACME_KEY: key },
        api: {
          limits: { calls: ["1/month"] },
          servers: { api: { url: "http://{$env.ACME_DOMAIN}" } },
          credentials: { key: { servers: ["api"], bearer: "$env.ACME_KEY" } },
        },
      },
    );
  await chargeCall(whole("one"));
  await problemOf(chargeCall(whole("two")));
  // One host for all: there the key is the account.
  await chargeCall(make("one", undefined));
  await chargeCall(make("two", undefined));
  await problemOf(chargeCall(make("two", undefined)));
});

test.each([
  ["the sandbox", { mode: "sandbox" }],
  ["a server without a state directory", { stateDirectory: undefined }],
] as const)("%s counts the month in memory and writes nothing", async (_name, more) => {
  const deployment = fresh("1/month", more);
  await chargeCall(deployment);
  expect((await problemOf(chargeCall(deployment))).code).toBe("rate_limited");
  expect(await readdir(directory)).toEqual([]);
});

const record = "+0000000001 0123456789abcdef012\n";
test.each([
  "{",
  '{"calls":1}\n',
  "\0\0\0\0",
  "\0".repeat(32),
  record.slice(0, -1),
  `${record}+00000`,
  record.replace("1", "x"),
  record.replace("+", " "),
  `${record.slice(0, -1)} `,
])("a file that holds %j refuses every call, in words for the operator, and is left as it is", async (content) => {
  await chargeCall(fresh());
  const file = await quotaFile();
  await writeFile(file, content);
  const problem = await problemOf(chargeCall(fresh()));
  expect(problem.code).toBe("internal");
  expect(problem.message).toMatch(
    /cannot count its calls of the month, so it makes none\. The file quota.acme-.*delete it to start/,
  );
  expect(problem.message).not.toContain(directory);
  expect(await readFile(file, "utf8")).toBe(content);
});

test("a state directory that cannot be written refuses every call, and the next one tries again", async () => {
  await writeFile(join(directory, "quota"), "in the way");
  const deployment = fresh();
  expect((await problemOf(chargeCall(deployment))).message).toContain("cannot be read and written");
  await rm(join(directory, "quota"));
  await chargeCall(deployment);
});

test("a charge that is taken back is free again", async () => {
  const deployment = fresh("1/month");
  const giveBack = await chargeCall(deployment);
  await giveBack();
  await chargeCall(deployment);
  expect((await readLimits(deployment))[0]).toMatchObject({ used: 1 });
});

test("a charge is given back to the month that it was taken from, and to no other", async () => {
  at("2026-12-31T23:59:59.500Z");
  const deployment = fresh("1/month");
  const giveBack = await chargeCall(deployment);
  at("2027-01-01T00:00:00Z");
  await chargeCall(deployment);
  await giveBack();
  expect((await readLimits(deployment))[0]).toMatchObject({ used: 1 });
});

test("a limit of an operation is counted apart from the calls", async () => {
  const limits = { calls: ["9/month"], operations: { "GET /tickets/{id}": ["9/month"] } };
  const deployment = fresh("9/month", { api: { limits } });
  await chargeCall(deployment);
  await chargeCall(deployment);
  await meterRequests(deployment, { method: "GET", path: "/tickets/{id}", server: "api" }, context()).attempt();
  const again = fresh("9/month", { api: { limits } });
  expect((await readLimits(again)).map(({ name, used }) => [name, used])).toEqual([
    ["calls per month", 2],
    ["GET /tickets/{id} per month", 1],
  ]);
  expect((await readdir(join(directory, "quota"))).toSorted()).toEqual([
    expect.stringMatching(/-GET%20%2Ftickets%2F%7Bid%7D-/),
    expect.stringMatching(/-calls-/),
  ]);
});

test("a file that somebody deletes starts the month again, for those who count in it too", async () => {
  const deployment = fresh("1/month");
  await chargeCall(deployment);
  await problemOf(chargeCall(deployment));
  await rm(await quotaFile());
  expect((await readLimits(deployment))[0]).toMatchObject({ used: 0 });
  await chargeCall(deployment);
  await problemOf(chargeCall(deployment));
});

test("what cannot be counted for the month is not taken from the minute either", async () => {
  await writeFile(join(directory, "quota"), "in the way");
  const deployment = fresh("9/month", { api: { limits: { calls: ["9/month", "9/minute"] } } });
  await problemOf(chargeCall(deployment));
  await rm(join(directory, "quota"));
  expect((await readLimits(deployment))[0]).toMatchObject({ name: "calls per minute", used: 0 });
});

describe("several processes", () => {
  const run = promisify(execFile);
  let script: string;
  let state: string;
  beforeEach(async () => {
    script = join(directory, "process.mjs");
    state = join(directory, "state");
    await build({
      input: join(import.meta.dirname, "quota-process.ts"),
      platform: "node",
      output: { file: script, codeSplitting: false },
      logLevel: "silent",
    });
  });

  const used = async () => (await readLimits(fresh("9/month", { stateDirectory: state })))[0]?.used ?? 0;

  test("R6: with parallel calls spend exactly the limit", async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, [script, state, "60", "150"])));
    const outcomes = runs.flatMap(({ stdout }) => [...stdout]);
    expect(outcomes).toHaveLength(240);
    expect(outcomes.filter((outcome) => outcome === "+")).toHaveLength(150);
    expect(outcomes.filter((outcome) => outcome === "-")).toHaveLength(90);
    expect(await used()).toBe(150);
  });

  test("86 that are killed lose nothing that was charged, and at most the calls that were under way", async () => {
    let charged = 0;
    for (let round = 0; round < 3; round++) {
      const children = [1, 2, 3].map(() =>
        endedWithTests(spawn(process.execPath, [script, state, "1000000", "1000000"])),
      );
      await Promise.all(
        children.map(async (child) => {
          child.stdout.on("data", (chunk: Buffer) => (charged += chunk.length));
          await once(child.stdout, "data");
          setTimeout(() => child.kill("SIGKILL"), 20 + round * 15);
          await once(child, "close");
        }),
      );
    }
    expect(charged).toBeGreaterThan(100);
    expect(await used()).toBeGreaterThanOrEqual(charged);
    expect(await used()).toBeLessThanOrEqual(charged + 90); // nine processes with ten calls each
    await chargeCall(fresh("2000000/month", { stateDirectory: state })); // nobody has left anything in the way
  });
});
