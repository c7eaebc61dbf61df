import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { standInOf, type StandIn } from "../../days/stand-in.ts";
import { ownEnvironment, serve, type Serving } from "../../e2e/server.ts";
import { connect, discover, registered, type SignInServer, signInBy } from "../clients/driver.ts";
import { SHAPES } from "../clients/shapes.ts";
import { openBrowser } from "../proxy/fixture/browser.ts";
import { rpc } from "../proxy/fixture/oauth.ts";

/** Vendors that know no registration of clients: this server stands in front of them with the one client that they know. */
const VENDORS = [
  {
    api: "halo-itsm",
    environment: { HALOITSM_ACCESS: "oauth-proxy" },
    people: [7, 8],
    read: { name: "my_tickets", arguments: {} },
    create: (summary: string) => ({
      name: "create_ticket",
      arguments: { summary, details: "From the tests.", user_id: 31, client_id: 12, tickettype_id: 1 },
    }),
    creating: "upsertTickets",
  },
  {
    api: "freshservice",
    environment: { FRESHSERVICE_ACCESS: "oauth-proxy" },
    people: [21000400001, 21000400002],
    read: { name: "fetchTickets", arguments: { limit: 2 } },
    create: (subject: string) => ({
      name: "createTicket",
      arguments: { subject, description: "From the tests.", email: "john.miller@acme.com", status: 2, priority: 1 },
    }),
    creating: "createTicket",
  },
] as const;

describe.each(VENDORS)("$api behind oauth-proxy", ({ api, environment, people, read, create, creating }) => {
  let serving: Serving;
  let server: SignInServer;
  let standIn: StandIn;
  beforeAll(async () => {
    serving = await serve([api, "--sandbox"], ownEnvironment(environment));
    server = { origin: new URL(serving.url).origin, url: serving.url };
    standIn = standInOf(serving.notes());
  });
  afterAll(async () => await serving.stop());

  test.each(SHAPES)("$name: two people, and the vendor sees two identities", async (shape) => {
    const challenge = await discover(server, shape);
    const client = await registered(server, shape);
    const before = (await standIn.requests()).length;
    for (const person of people) {
      await standIn.control({ user: person });
      const tokens = await signInBy(server, openBrowser(), { shape, client, challenge });
      const connected = await connect(server, shape, tokens);
      const { tools } = await connected.listTools();
      const wanted = shape.calls === "create_ticket" ? create(`${shape.name}, ${person}`) : read;
      expect(tools.map(({ name }) => name)).toContain(wanted.name);
      const answer = await connected.callTool(wanted);
      expect(answer.isError ?? false, JSON.stringify(answer)).toBe(false);
      await connected.close();
    }
    const seen = (await standIn.requests()).slice(before).filter(({ user }) => user !== undefined);
    const asked = shape.calls === "create_ticket" ? seen.filter(({ operation }) => operation === creating) : seen;
    expect([...new Set(asked.map(({ user }) => user))].map(String)).toEqual(people.map(String));
    expect(new Set(asked.flatMap(({ credentials }) => Object.values(credentials))).size).toBe(people.length);
  });
});

describe("freshservice with keys that people bring", () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await serve(
      ["freshservice", "--sandbox"],
      ownEnvironment({ FRESHSERVICE_ACCESS: "api-key-passthrough", FRESHSERVICE_API_KEY: "of-the-server" }),
    );
  });
  afterAll(async () => await serving.stop());

  /** How a client adds what its user wrote: `claude mcp add --header "X-…: …"`, and `headers` of VS Code's mcp.json. */
  const asked = async (headers: Readonly<Record<string, string>>) =>
    await rpc(serving.url, undefined, "tools/call", { name: "fetchWorkspaces", arguments: {} }, headers);

  test.each([
    ["Claude Code and VS Code: the dedicated header", { "x-freshservice-api-key": "sandbox-key" }],
    ["the dedicated scheme", { authorization: "Freshservice-Key sandbox-key" }],
  ])("%s", async (_, headers) => {
    const { status, body } = await asked(headers);
    expect([status, body.result?.isError ?? false]).toEqual([200, false]);
  });

  test("another one's key is another one: the vendor refuses it, and ours takes its place nowhere", async () => {
    const { status, body } = await asked({ "x-freshservice-api-key": "not-a-key-of-the-account" });
    expect([status, body.result?.isError]).toEqual([200, true]);
    expect((await asked({})).status).toBe(401);
    expect((await asked({ authorization: "Bearer sandbox-key" })).status).toBe(401);
    expect((await asked({ authorization: "sandbox-key" })).status).toBe(401); // bare: only behind the named switch
  });
});
