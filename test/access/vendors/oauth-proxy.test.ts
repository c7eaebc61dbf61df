import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { TestClient } from "../../mcp/fixture/clients.ts";
import { connect, discover, registered, signInAs } from "../clients/drive.ts";
import { type ClientShape, SHAPES } from "../clients/shapes.ts";
import { askToken, type Tokens } from "../proxy/fixture/oauth.ts";
import { type Asked, hashOf, personAt, type ServedVendor, serveVendor, tokensIn } from "./fixture/vendor.ts";

/** How two people work with a vendor. */
interface Vendor {
  readonly api: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Two people, by the vendor's keys. */
  readonly people: readonly [number, number];
  /** A read, and what it answers to each of them. */
  readonly reads: readonly [tool: string, args: object];
  readonly creates: readonly [tool: string, args: (subject: string) => Record<string, unknown>, operation: string];
  /** Where the vendor's own data say who it was. */
  readonly whoDid: (client: TestClient, ticket: number) => Promise<unknown>;
  /** What of the vendor's authorization request is the vendor's own. */
  readonly authorization: { readonly path: string; readonly query: Readonly<Record<string, unknown>> };
}

const FRESHSERVICE: Vendor = {
  api: "freshservice",
  settings: { FRESHSERVICE_ACCESS: "oauth-proxy" },
  people: [21000400001, 21000400002],
  reads: ["fetchTickets", {}],
  creates: [
    "createTicket",
    (subject) => ({ subject, description: "It does not start.", email: "john@acme.com" }),
    "createTicket",
  ],
  async whoDid(client, ticket) {
    await client.callTool({ name: "createTicketNote", arguments: { ticket_id: ticket, body: "Looked at it." } });
    const shown = await client.callTool({
      name: "fetchTicket",
      arguments: { ticket_id: ticket, include: ["conversations"] },
    });
    return /"user_id":\s*(\d+)/.exec(JSON.stringify(shown.structuredContent))?.[1];
  },
  authorization: {
    path: "/oauth/v2/authorize",
    query: {
      client_id: "sandbox-client",
      scope: expect.stringMatching(/^freshservice\.tickets\.view (?:freshservice\.[\w.]+ ?){19}$/),
    },
  },
};

const HALO_ITSM: Vendor = {
  api: "halo-itsm",
  settings: { HALOITSM_ACCESS: "oauth-proxy" },
  people: [7, 8],
  reads: ["my_tickets", {}],
  creates: [
    "create_ticket",
    (summary) => ({ summary, details: "It does not start.", tickettype_id: 1 }),
    "upsertTickets",
  ],
  async whoDid(client, ticket) {
    const assigned = await client.callTool({ name: "assign_to_me", arguments: { ticket_id: ticket } });
    return /"agent_id":\s*(\d+)/.exec(JSON.stringify(assigned.structuredContent))?.[1];
  },
  authorization: {
    path: "/auth/authorize",
    query: { client_id: "sandbox-client", scope: "all:standard offline_access", tenant: "acme" },
  },
};

describe.each([FRESHSERVICE, HALO_ITSM])("oauth-proxy in front of the sandbox of $api", (vendor) => {
  let served: ServedVendor;
  beforeAll(async () => void (served = await serveVendor(vendor.api, vendor.settings)));
  afterAll(async () => await served.stop());

  test.each(SHAPES)("$name: two people create tickets, and the vendor sees two", async (shape) => {
    const challenge = await discover(served, shape);
    expect(challenge).toBe("read write"); // so that a client which asks for what it is told may write
    const client = await registered(served, shape);
    const seen: { vendor?: URL } = {};
    const received: unknown[] = [];
    const mine: Asked[][] = [];
    let tokens: Tokens | undefined;
    for (const user of vendor.people) {
      tokens = await signInAs(served, shape, { client, challenge, person: personAt(served, user, seen) });
      const before = (await served.requests()).length;
      received.push(tokens, await work(vendor, await connect(served, shape, tokens), `${shape.name} of ${user}`, user));
      mine.push((await served.requests()).slice(before).filter(({ operation }) => operation !== "token"));
    }
    expect(seen.vendor?.pathname).toBe(vendor.authorization.path);
    expect(Object.fromEntries(seen.vendor?.searchParams ?? [])).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      redirect_uri: `${served.origin}/oauth/callback`,
      ...vendor.authorization.query,
    });
    // The vendor sees two identities, each with one token of its own, which no client has seen.
    expect(mine.map((asked) => [...new Set(asked.map(({ user }) => user))])).toEqual(vendor.people.map((one) => [one]));
    const shown = mine.map((asked) => [...new Set(asked.map(({ credentials }) => credentials["authorization"]))]);
    expect(shown.map(({ length }) => length)).toEqual([1, 1]);
    expect(new Set(shown.flat()).size).toBe(2);
    for (const token of tokensIn(received)) {
      for (const scheme of ["", "Bearer ", "bearer "]) expect(shown.flat()).not.toContain(hashOf(`${scheme}${token}`));
    }
    const created = mine.flat().filter(({ operation }) => operation === vendor.creates[2]);
    expect(new Set(created.map(({ user }) => user))).toEqual(new Set(vendor.people));
    expect(mine.flat().every(({ status = 0 }) => status < 400)).toBe(true);

    const refreshed = await askToken(served.origin, client, {
      grant_type: "refresh_token",
      refresh_token: tokens?.refresh_token ?? "",
    });
    expect(refreshed.status).toBe(200);
  });

  test("the sandbox's own key or token is never shown for anybody", async () => {
    const key = hashOf(`Basic ${Buffer.from("sandbox-key:X").toString("base64")}`);
    const shown = (await served.requests()).flatMap(({ credentials }) => Object.values(credentials));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown).not.toContain(key);
    expect(shown).not.toContain(hashOf("Bearer sandbox-token"));
  });
});

test("a scope that the vendor did not give is the vendor's to refuse, operation by operation", async () => {
  const served = await freshservice();
  const shape = shapeOf("Claude Code");
  const client = await registered(served, shape);
  const person = personAt(served, 21000400002, {}, "freshservice.tickets.view");
  const tokens = await signInAs(served, shape, { client, challenge: "read write", person });
  const connected = await connect(served, shape, tokens);
  const read = await connected.callTool({ name: "fetchTickets", arguments: {} });
  expect(read.isError ?? false).toBe(false);
  const [name, args] = FRESHSERVICE.creates;
  const created = await connected.callTool({ name, arguments: args("Not allowed") });
  expect(created.isError).toBe(true); // an error of the tool: our own token is as good as before
  const refused = (await served.requests()).find(({ operation }) => operation === "createTicket");
  expect(refused).toMatchObject({ status: 403, user: 21000400002 });
  expect((await connected.listTools()).tools.length).toBeGreaterThan(0);
  await connected.close();
});

test("a client with an id and a secret of the operator's needs no registration", async () => {
  const connector = {
    FRESHSERVICE_CONNECTOR_ID: "connector",
    FRESHSERVICE_CONNECTOR_SECRET: "connector-secret-0123456789",
  };
  const served = await freshservice(connector);
  const shape = shapeOf("Claude connector"); // with its advanced settings
  const client = {
    client_id: "connector",
    client_secret: "connector-secret-0123456789",
    redirectUri: shape.redirectUri,
  };
  const challenge = await discover(served, shape);
  for (const user of FRESHSERVICE.people) {
    const tokens = await signInAs(served, shape, { client, challenge, person: personAt(served, user) });
    await work(FRESHSERVICE, await connect(served, shape, tokens), `Connector of ${user}`, user);
  }
  const wrong = { ...client, client_secret: "another-secret-0123456789" };
  const { status, body } = await askToken(served.origin, wrong, { grant_type: "refresh_token", refresh_token: "x" });
  expect([status, body["error"]]).toEqual([401, "invalid_client"]);
});

async function freshservice(more: Readonly<Record<string, string>> = {}): Promise<ServedVendor> {
  const served = await serveVendor("freshservice", { ...FRESHSERVICE.settings, ...more });
  onTestFinished(async () => await served.stop());
  return served;
}

function shapeOf(wanted: string): ClientShape {
  const shape = SHAPES.find(({ name }) => name === wanted);
  if (!shape) throw new Error(`there is no client ${wanted}`);
  return shape;
}

/** Lists, reads, creates a ticket, and asks the vendor's data who it was. */
async function work(vendor: Vendor, client: TestClient, subject: string, user: number): Promise<unknown> {
  const [reads, query] = vendor.reads;
  const [creates, args] = vendor.creates;
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining([reads, creates]));
  const read = await client.callTool({ name: reads, arguments: { ...query } });
  expect(read.isError ?? false, JSON.stringify(read.content)).toBe(false);
  const created = await client.callTool({ name: creates, arguments: args(subject) });
  expect(created.isError ?? false, JSON.stringify(created.content)).toBe(false);
  const id = Number(/"id":\s*(\d+)/.exec(JSON.stringify(created.structuredContent))?.[1]);
  expect(await vendor.whoDid(client, id)).toBe(String(user));
  await client.close();
  return [tools, read, created];
}
