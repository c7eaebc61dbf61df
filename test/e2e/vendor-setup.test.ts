import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { acmeAnswer } from "./project.ts";
import { startRecorder } from "./recorder.ts";
import { ownEnvironment, run } from "./server.ts";

/** What whoever sets a vendor up is told when something is not as its page in docs/ says. */
const doctor = async (api: string, env: Readonly<Record<string, string>>, more: readonly string[] = []) =>
  await run(["doctor", api, ...more], { env: ownEnvironment(env) });

test("a key out of a file that ends with a line break is told of, and is not shown", async () => {
  const { out } = await doctor("freshservice", {
    FRESHSERVICE_DOMAIN: "acme.invalid",
    FRESHSERVICE_API_KEY: "canary-key\n",
  });
  expect(out).toMatch(
    /^ {2}warning {2}FRESHSERVICE_API_KEY is set .*white space before or after it\n {11}fix: take .*line break/m,
  );
  expect(out).toMatch(/^ {2}ok {7}FRESHSERVICE_DOMAIN is set/m);
  expect(out).not.toContain("canary");
});

test("Freshservice by OAuth: what a sign-in needs, and nothing about the key", async () => {
  const { code, note } = await run(["login", "freshservice"], { env: ownEnvironment() });
  expect(code).toBe(1);
  for (const name of ["CLIENT_ID", "CLIENT_SECRET", "DOMAIN", "ORGANISATION"])
    expect(note).toContain(`FRESHSERVICE_${name}`);
  expect(note).not.toContain("FRESHSERVICE_API_KEY");
});

test("HaloITSM without custom functions: they are not served, and nothing is wrong with that", async () => {
  const { out } = await doctor("halo-itsm", { HALOITSM_DOMAIN: "acme.invalid", HALOITSM_CLIENT_ID: "id" });
  expect(out).toMatch(/^ {2}skipped {2}HALOITSM_OPEN_TICKETS_REPORT is not set: CF_get_open_tickets is not served$/m);
  expect(out).toMatch(/\n2 problems, no warnings\n/); // the host, and that nobody is signed in
});

test("a host that is somebody else's: not the ids among the arguments", async () => {
  const other = await startRecorder((request) => (request.method === "HEAD" ? acmeAnswer(request) : undefined));
  const env = { FRESHSERVICE_API_KEY: "sandbox-key" };
  const { code, out } = await doctor("freshservice", env, ["--live", "--server", other.url]);
  await other.close();
  expect(code).toBe(1);
  expect(out).toMatch(
    /problem {2}fetchAgents: .*404.*\n {11}fix: check that the variables of its server name the right host/,
  );
});

describe("Halo LMS", () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox("specs/halo-lms/sandbox.yaml")));
  afterAll(async () => await sandbox.close());
  const servers = () => Object.entries(sandbox.servers).flatMap(([name, url]) => ["--server", `${name}=${url}`]);
  const TOKEN = { HALO_AUTH_TOKEN: "sandbox-auth-token" };
  const ALONE = { ...TOKEN, HALO_TRANSACTION_ID: "sandbox" };

  test("without the transaction id the doctor and a call say so", async () => {
    const { code, out } = await doctor("halo-lms", TOKEN, servers());
    expect(code).toBe(1);
    expect(out).toMatch(
      /problem {2}credential "tokens": it cannot begin without HALO_TRANSACTION_ID\n {11}fix: add HALO_TRANSACTION_ID=…/,
    );
    const called = await run(["call", "list_classes", ...servers()], { env: ownEnvironment(TOKEN) });
    expect(called).toMatchObject({ code: 1, out: "" });
    expect(called.note).toContain("Halo LMS cannot be signed in to without HALO_TRANSACTION_ID.");
  });

  test("a context token that nobody gave is the auth token", async () => {
    const { code, out } = await doctor("halo-lms", ALONE, servers());
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}skipped {2}credential "tokens": no session yet; the first call begins one$/m);
    const called = await run(["call", "user", '{"user_id":"user-2"}', ...servers()], { env: ownEnvironment(ALONE) });
    expect(JSON.parse(called.out)).toMatchObject({ name: "Ana Reyes" });
  });

  test("nobody's tokens: what to set", async () => {
    const { out } = await doctor("halo-lms", {}, servers());
    expect(out).toMatch(
      /problem {2}credential "tokens": nobody is signed in\n {11}fix: check HALO_AUTH_TOKEN, HALO_CONTEXT_TOKEN, HALO_TRANSACTION_ID/,
    );
  });
});
