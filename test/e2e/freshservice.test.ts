import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReferee, type Received, type Referee } from "../../src/sandbox/referee.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { CLIENTS, connect, type Target, type TestClient } from "./clients.ts";
import { journey } from "./freshservice-journey.ts";
import { CLI, ownEnvironment, serve, type Serving } from "./server.ts";
import { FRESHSERVICE_TOOLS } from "./tool-names.ts";

/** Limits out of the way: these tests make more calls than a person would. */
const MANY = { FRESHSERVICE_CALLS_PER_MINUTE: "100000", FRESHSERVICE_REQUESTS_PER_MINUTE: "100000" };
const KEY = `Basic ${Buffer.from("sandbox-key:X").toString("base64")}`;

let referee: Referee;
beforeAll(async () => {
  referee = await createReferee("specs/freshservice/openapi.yaml");
});

describe.each(["stdio", "http"] as const)("over %s", (transport) => {
  describe.each(CLIENTS)("with %s", (kind) => {
    let sandbox: Sandbox;
    let serving: Serving | undefined;
    let client: TestClient;
    const requests: (Received & { readonly url: string })[] = [];

    beforeAll(async () => {
      sandbox = await startSandbox("specs/freshservice/sandbox.yaml", {
        perMinute: 100_000,
        onRequest: (request) => requests.push(request),
      });
      const env = ownEnvironment({ ...sandbox.environment, ...MANY });
      const args = ["freshservice", "--server", sandbox.url];
      if (transport === "http") serving = await serve(args, env);
      const target: Target = serving ? { url: serving.url } : { args: [CLI, "serve", ...args], env };
      client = await connect(kind, target);
    });
    afterAll(async () => {
      await client?.close();
      await serving?.stop();
      await sandbox?.close();
    });

    test("exactly the 34 tools are listed, each described to its last argument", async () => {
      const tools = await client.tools();
      expect(tools.map(({ name }) => name)).toEqual(FRESHSERVICE_TOOLS);
      for (const { name, description, inputSchema } of tools) {
        expect(description, name).toMatch(/\S.*\./);
        const { properties = {} } = inputSchema as { properties?: Record<string, { description?: string }> };
        for (const [argument, schema] of Object.entries(properties))
          expect(schema.description, `${name}.${argument}`).toMatch(/\S/);
      }
    });

    test("all 34 are called, each answer means what it should, each write is read back", async () => {
      const called = new Set<string>();
      await journey(client, called);
      expect([...called].sort()).toEqual(FRESHSERVICE_TOOLS);
    });

    test("every request was one that the description allows", () => {
      expect(requests.length).toBeGreaterThan(34);
      for (const request of requests) {
        const verdict = referee.judge(request);
        expect({ url: request.url, verdict }).toMatchObject({ verdict: { is: "valid" } });
      }
    });

    test("250 tickets are paged 40 at a time, each of them once", async () => {
      const { requester } = await manyTickets(sandbox, 250);
      const seen: unknown[] = [];
      let pages = 0;
      for (let cursor: unknown; pages === 0 || cursor !== undefined; pages++) {
        const { value } = await client.call("fetchTickets", {
          requester_id: requester,
          workspace_id: 0,
          limit: 40,
          ...(cursor ? { cursor } : {}),
        });
        seen.push(...(value?.["items"] as { id: unknown }[]).map(({ id }) => id));
        cursor = value?.["next_cursor"];
      }
      expect(pages).toBe(7);
      expect(seen).toHaveLength(250);
      expect(new Set(seen).size).toBe(250);
    });

    test("a page larger than the vendor's is fetched in several requests, with progress", async () => {
      const { requester } = await manyTickets(sandbox, 0);
      const done: number[] = [];
      const { value } = await client.call(
        "fetchTickets",
        { requester_id: requester, workspace_id: 0, limit: 150 },
        { onProgress: (n) => done.push(n) },
      );
      expect(value?.["items"]).toHaveLength(150);
      expect(done).toEqual([100, 150]);
    });

    test("what a model gets wrong is said in its own words", async () => {
      const unknown = await client.call("fetchTicket", { ticket: 1023 });
      expect(unknown).toMatchObject({ isError: true, value: undefined });
      expect(unknown.text).toMatch(/ticket_id/);
      const absent = await client.call("fetchTicket", { ticket_id: 9 });
      expect(absent.text).toMatch(/not found|404/i);
      const refused = await client.call("placeRequestServiceCatalogItem", { display_id: 3 });
      expect(refused.text).toMatch(/reason/);
      const combined = await client.call("fetchTickets", { query: "status:2", email: "john@acme.com" });
      expect(combined.text).toMatch(/email.*query|query.*email/s);
    });

    test("a file goes up with a ticket, and back comes its name", async () => {
      const base64 = readFileSync("LICENSE").toString("base64");
      const { value, text } = await client.call("createTicket", {
        subject: "With a file",
        description: "See there.",
        requester_id: 21000500001,
        attachments: [{ name: "licence.txt", base64 }],
      });
      expect(text).not.toContain("refused");
      const read = await client.call("fetchTicket", { ticket_id: value?.["id"] });
      expect(read.value?.["attachments"]).toEqual([
        expect.objectContaining({ name: "licence.txt", size: readFileSync("LICENSE").length }),
      ]);
    });
  });
});

/** Puts tickets of one person straight into the sandbox; 0 only names the person who has them. */
async function manyTickets(sandbox: Sandbox, count: number): Promise<{ readonly requester: number }> {
  const requester = 21000500004; // Sofia Rossi
  const have = await fetch(`${sandbox.url}/tickets?requester_id=${requester}&workspace_id=0&per_page=100`, {
    headers: { authorization: KEY },
  });
  const { tickets } = (await have.json()) as { tickets: unknown[] };
  for (let made = tickets.length; made < count; made++) {
    await fetch(`${sandbox.url}/tickets`, {
      method: "POST",
      headers: { authorization: KEY, "content-type": "application/json" },
      body: JSON.stringify({
        subject: `Ticket ${made}`,
        description: "One of many.",
        requester_id: requester,
        status: 2,
        priority: 1,
      }),
    });
  }
  return { requester };
}
