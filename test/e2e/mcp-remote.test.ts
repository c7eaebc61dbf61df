import { createRequire } from "node:module";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { connect } from "./clients.ts";
import { ownEnvironment, serve } from "./server.ts";
import { FRESHSERVICE_TOOLS } from "./tool-names.ts";

test("a client that only knows stdio reaches the HTTP server through mcp-remote", async () => {
  const serving = await serve(["freshservice", "--sandbox"], ownEnvironment());
  const home = mkdtempSync(join(tmpdir(), "toolwright-mcp-remote-"));
  const client = await connect("SDK v1", {
    args: [binaryOf("mcp-remote"), serving.url, "--transport", "http-only", "--silent"],
    env: { HOME: home, MCP_REMOTE_CONFIG_DIR: home },
  });
  expect((await client.tools()).map(({ name }) => name)).toEqual(FRESHSERVICE_TOOLS);
  expect((await client.call("fetchTicket", { ticket_id: 10234 })).value).toMatchObject({ id: 10234 });
  await client.close();
  expect(await serving.stop()).toBe(0);
});

/** The script behind a package's command. */
function binaryOf(name: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: Record<string, string> };
  return join(dirname(manifest), bin[name] ?? "");
}
