import { afterAll, beforeAll, expect, test } from "vitest";
import { CLIENTS, connect, type TestClient } from "./clients.ts";
import { ACME_ENVIRONMENT, acmeAnswer, acmeProject, type TestProject } from "./project.ts";
import { type Recorder, startRecorder } from "./recorder.ts";
import { CLI, ownEnvironment, run } from "./server.ts";

// Somebody's own API in a folder of its own: no package.json, no node_modules, nothing to build.
let project: TestProject;
let recorder: Recorder;
beforeAll(async () => {
  project = acmeProject();
  recorder = await startRecorder(acmeAnswer);
});
afterAll(async () => {
  await recorder.close();
  project.remove();
});

test("a description and a tools.yaml become modules that import the runtime and nothing else", async () => {
  expect(await run(["generate"], { cwd: project.directory })).toMatchObject({ code: 0, note: "" });
  expect(Object.keys(project.listing())).toEqual([
    ".env.example",
    "generated/acme/README.md",
    "generated/acme/catalog.json",
    "generated/acme/index.ts",
    "generated/acme/manifest.json",
    "generated/acme/tools/create_ticket.ts",
    "generated/acme/tools/get_ticket.ts",
    "generated/acme/tools/list_tickets.ts",
    "specs/acme.yaml",
    "tools.yaml",
  ]);
  expect(project.read("generated/acme/tools/get_ticket.ts").match(/from "(.*)"/g)).toEqual([
    'from "toolwright/runtime"',
  ]);
});

test.each(CLIENTS)("%s calls them over stdio, as they stand", async (kind) => {
  recorder.requests.length = 0;
  const before = project.listing();
  const args = [CLI, "serve", "--server", recorder.url];
  const target = { args, env: ownEnvironment(ACME_ENVIRONMENT), cwd: project.directory };
  const client: TestClient = await connect(kind, target);
  try {
    const tools = await client.tools();
    expect(tools.map(({ name }) => name)).toEqual(["create_ticket", "get_ticket", "list_tickets"]);
    expect(client.serverTitle).toBe("Acme");
    const listed = await client.call("list_tickets", { state: "open", limit: 2 });
    expect(listed.value).toEqual({
      items: [
        { id: 1, subject: "Printer on fire" },
        { id: 2, subject: "VPN drops" },
      ],
      next_cursor: expect.stringMatching(/\S/),
    });
    expect(JSON.parse(listed.text)).toEqual(listed.value);
    expect((await client.call("get_ticket", { ticket_id: 2 })).value).toMatchObject({ subject: "VPN drops" });
    expect((await client.call("create_ticket", { subject: "New" })).value).toEqual({ id: 3, subject: "New" });
    const wrong = await client.call("create_ticket", { subjekt: "New" });
    expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining("did you mean subject?") });
  } finally {
    await client.close();
  }
  expect(recorder.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /tickets?state=open&page=1&per_page=2",
    "GET /tickets/2",
    "POST /tickets",
  ]);
  expect(new Set(recorder.requests.map(({ authorization }) => authorization))).toEqual(
    new Set(["Bearer acme-secret-token"]),
  );
  expect(project.listing()).toEqual(before); // serving leaves nothing behind
});
