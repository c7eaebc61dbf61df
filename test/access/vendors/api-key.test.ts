import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { legacy, raw } from "../../mcp/fixture/raw.ts";
import type { TestClient } from "../../mcp/fixture/clients.ts";
import { hashOf, type ServedVendor, serveVendor } from "./fixture/vendor.ts";

/** Two people of the stand-in, each with a key of his own (specs/freshservice/sandbox.yaml). */
const ANDREA = { key: "sandbox-key", user: 21000400001 };
const RAVI = { key: "sandbox-key-ravi", user: 21000400002 };
const MODE = { FRESHSERVICE_ACCESS: "api-key-passthrough" };

let served: ServedVendor;
beforeAll(async () => void (served = await serveVendor("freshservice", MODE)));
afterAll(async () => await served.stop());

/** `claude mcp add --transport http freshservice URL --header "NAME: VALUE"`, as the banner has it. */
function claudeCode(key: string): Record<string, string> {
  const [, name = "", value = ""] = /--header "([^:"]+): ([^"]+)"/.exec(served.banner) ?? [];
  return { [name]: value.replace("<your key>", key) };
}

/** `.vscode/mcp.json`, once the person was asked for the input. */
function vsCode(key: string): Record<string, string> {
  const settings = {
    inputs: [{ type: "promptString", id: "key", description: "Freshservice API key", password: true }],
    servers: {
      freshservice: { type: "http", url: served.url, headers: { "X-Freshservice-Api-Key": "${input:key}" } },
    },
  };
  const { headers } = settings.servers.freshservice;
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace("${input:key}", key)]));
}

const FORMS = [
  { form: "Claude Code, --header", headers: claudeCode, connect: connectV2 },
  { form: "VS Code, headers", headers: vsCode, connect: connectV1 },
] as const;

test.each(FORMS)("$form: two people with two keys, each as himself", async ({ headers, connect }) => {
  for (const { key, user } of [ANDREA, RAVI]) {
    const client = await connect(served.url, headers(key));
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(34);
    const before = (await served.requests()).length;
    const ticket = await create(client, `As ${user}`);
    expect(await noteAuthor(client, ticket)).toBe(String(user));
    const asked = (await served.requests()).slice(before);
    expect(new Set(asked.map((one) => one.user))).toEqual(new Set([user]));
    const sent = hashOf(`Basic ${Buffer.from(`${key}:X`).toString("base64")}`);
    expect(new Set(asked.map(({ credentials }) => credentials["authorization"]))).toEqual(new Set([sent]));
    expect(asked.flatMap((one) => one.headers)).not.toContain("x-freshservice-api-key");
  }
});

test("T30 two people with two keys never meet, however their calls mix", async () => {
  const people = await Promise.all(
    [ANDREA, RAVI].map(async (person) => ({ ...person, client: await connectV1(served.url, vsCode(person.key)) })),
  );
  const before = (await served.requests()).length;
  const rounds = Array.from({ length: 4 }, (_, round) =>
    people.map(async ({ client, user }) => {
      const ticket = await create(client, `Round ${round} of ${user}`);
      return [await noteAuthor(client, ticket), String(user)];
    }),
  );
  for (const [author, user] of await Promise.all(rounds.flat())) expect(author).toBe(user);
  const asked = (await served.requests()).slice(before);
  const pairs = new Set(asked.map(({ user, credentials }) => `${user} ${credentials["authorization"]}`));
  expect(pairs).toEqual(
    new Set(
      [ANDREA, RAVI].map(({ key, user }) => `${user} ${hashOf(`Basic ${Buffer.from(`${key}:X`).toString("base64")}`)}`),
    ),
  );
  expect(asked).toHaveLength(2 * 4 * 3);
  const callers = new Set([...served.notes().matchAll(/"caller":"([0-9a-f]{32})"/g)].map(([, caller]) => caller));
  expect(callers.size).toBe(2);
  for (const { key } of people) expect(served.notes()).not.toContain(`"${key}"`);
});

test("a key that the vendor does not know is the vendor's to refuse; without one, nothing is asked", async () => {
  const stranger = await connectV1(served.url, vsCode("somebody-elses-key"));
  const refused = await stranger.callTool({ name: "fetchTickets", arguments: {} });
  expect(refused.isError).toBe(true);
  expect(JSON.stringify(refused)).toContain("check the key");
  const before = (await served.requests()).length;
  for (const headers of [{}, { authorization: "Bearer sandbox-token" }, { authorization: "sandbox-key" }]) {
    const asked = legacy("tools/list");
    const { status } = await raw(served.url, { ...asked, headers: { ...asked.headers, ...headers } });
    expect(status).toBe(401);
  }
  expect(await served.requests()).toHaveLength(before);
});

test("the guide's raw Authorization is taken only where the operator says so", async () => {
  const lenient = await serveVendor("freshservice", { ...MODE, FRESHSERVICE_RAW_AUTHORIZATION: "true" });
  onTestFinished(async () => await lenient.stop());
  const client = await connectV2(lenient.url, { Authorization: RAVI.key });
  expect(await noteAuthor(client, await create(client, "As the guide has it"))).toBe(String(RAVI.user));
});

async function create(client: TestClient, subject: string): Promise<number> {
  const args = { subject, description: "It does not start.", email: "john@acme.com" };
  const { isError, content, structuredContent } = await client.callTool({ name: "createTicket", arguments: args });
  expect(isError ?? false, JSON.stringify(content)).toBe(false);
  return Number(/"id":\s*(\d+)/.exec(JSON.stringify(structuredContent))?.[1]);
}

/** Writes a note, and reads who the vendor says wrote it. */
async function noteAuthor(client: TestClient, ticket: number): Promise<string | undefined> {
  await client.callTool({ name: "createTicketNote", arguments: { ticket_id: ticket, body: "Looked at it." } });
  const shown = await client.callTool({
    name: "fetchTicket",
    arguments: { ticket_id: ticket, include: ["conversations"] },
  });
  return /"user_id":\s*(\d+)/.exec(JSON.stringify(shown.structuredContent))?.[1];
}

async function connectV2(url: string, headers: Record<string, string>): Promise<TestClient> {
  const client = new Client({ name: "claude-code", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  onTestFinished(async () => await client.close());
  return client as unknown as TestClient; // the same methods, typed by the specification at large
}

async function connectV1(url: string, headers: Record<string, string>): Promise<TestClient> {
  const client = new ClientV1({ name: "vs-code", version: "1" });
  await client.connect(new TransportV1(new URL(url), { requestInit: { headers } }));
  onTestFinished(async () => await client.close());
  return client as unknown as TestClient; // as above
}
