import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { emptyProject } from "../../e2e/project.ts";
import { ownEnvironment, run, serve } from "../../e2e/server.ts";
import { ACME } from "../../mcp/fixture/bundle.ts";
import { legacy, raw } from "../../mcp/fixture/raw.ts";
import { KEY_ACCESS } from "./fixture/door.ts";
import { callTool, listTools, nameIn } from "./fixture/rpc.ts";
import { nameFor, startVendor } from "./fixture/vendor.ts";

const KEY = "annskey0123456789ann";
let project: ReturnType<typeof emptyProject>;
let vendor: Awaited<ReturnType<typeof startVendor>>;
beforeAll(async () => {
  vendor = await startVendor();
  project = emptyProject();
  cpSync(ACME, join(project.directory, "generated/acme"), { recursive: true });
  const index = join(project.directory, "generated/acme/index.ts");
  const access = `  access: ${JSON.stringify(KEY_ACCESS)},\n  tools: {`;
  writeFileSync(index, readFileSync(index, "utf8").replace("  tools: {", access));
  writeFileSync(join(project.directory, "tools.yaml"), "apis: { acme: { spec: x, tools: {} } }\n");
});
afterAll(async () => {
  project.remove();
  await vendor.close();
});

const environment = (more: Record<string, string> = {}) =>
  ownEnvironment({ ACME_DOMAIN: "acme.example.com", ACME_ACCESS: "api-key-passthrough", ...more });
const start = async (args: readonly string[], more: Record<string, string> = {}) => {
  const server = await serve(["acme", "--server", vendor.url, ...args], environment(more), project.directory);
  onTestFinished(async () => void (await server.stop()));
  return server;
};

test("the built command line serves keys, logs by digest, and takes tools away by the environment", async () => {
  const server = await start(["--log"], { TOOLWRIGHT_EXCEPT: "createThing", TOOLWRIGHT_READ_ONLY: "1" });
  expect(server.banner).toContain("api-key-passthrough");
  expect(server.banner).toContain('--header "X-Acme-Api-Key: <your key>"');
  const key = { "x-acme-api-key": KEY };
  expect((await raw(server.url, legacy("ping"))).status).toBe(401);
  expect((await listTools(server.url, key)).names).toEqual(["downloadThing", "fetchThing", "fetchThings"]);
  expect(nameIn(await callTool(server.url, "fetchThing", key))).toBe(nameFor(KEY));
  expect(server.notes()).toMatch(/"caller":"[0-9a-f]{32}"/);
  expect(server.notes()).not.toContain(KEY);
});

test("--public-url lets it listen elsewhere, and is what people are told", async () => {
  const server = await start(["--host", "0.0.0.0", "--public-url", "https://mcp.example.com/tools"]);
  expect(server.banner).toContain("https://mcp.example.com/tools/mcp");
});

test.each([
  [["--host", "0.0.0.0"], "access of Acme has no access.public_url"],
  [["--allow-origin", "app.example.com"], "app.example.com is no origin"],
] as const)("%j is refused: %s", async (args, words) => {
  const given = ["serve", "acme", "--http", "0", "--server", vendor.url, ...args];
  const { code, note } = await run(given, { env: environment(), cwd: project.directory });
  expect(note).toContain(words);
  expect(code).toBeGreaterThan(0);
});

test("doctor says who can connect, and that callers bring the key", async () => {
  const { out } = await run(["doctor", "acme", "--server", vendor.url], { env: environment(), cwd: project.directory });
  expect(out).toContain("ACME_API_KEY is not set; callers bring their own");
  expect(out).toContain("Claude Code: sends X-Acme-Api-Key");
});
