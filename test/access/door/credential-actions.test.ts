import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { Access } from "../../../src/definition/access.ts";
import type { ToolDefinition } from "../../../src/runtime/define-tool.ts";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { ACME } from "../../mcp/fixture/bundle.ts";
import { KEY_ACCESS, OWN_KEY, serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";

/** Everything that can be done with a credential, each as a tool. */
const head = (name: string) => ({ name, title: name, description: name, annotations: {}, input: z.strictObject({}) });
const TOOLS: readonly ToolDefinition[] = [
  ...(["establish", "refresh", "check", "reload"] as const).map((action) => ({
    ...head(action),
    request: { credential: "key", action },
  })),
  { ...head("ask"), request: { method: "GET", path: "/things/1", server: "api", credential: "key" }, check: true },
];

let issuer: Awaited<ReturnType<typeof startIssuer>>;
beforeAll(async () => (issuer = await startIssuer()));
afterAll(async () => await issuer.close());

async function serve(access: Access, environment: Readonly<Record<string, string>>) {
  const { definition } = await loadApi(ACME);
  const tools = Object.fromEntries(TOOLS.map((tool) => [tool.name, async () => ({ [tool.name]: tool })]));
  const shown = TOOLS.map(({ name, title, description, annotations }) => ({
    name,
    title,
    description,
    annotations,
    inputSchema: { type: "object", properties: {} },
  }));
  const loaded = { definition: { ...definition, tools }, catalog: { tools: shown } };
  const door = await serveDoor({ loaded, access, environment });
  onTestFinished(async () => await door.close());
  return door;
}

interface Called {
  readonly isError?: boolean;
  readonly content: readonly { readonly text?: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
}
type Call = (name: string) => Promise<Called>;

const CLIENTS: Readonly<Record<string, (url: string, headers: Record<string, string>) => Promise<Call>>> = {
  async "SDK v2"(url, headers) {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    onTestFinished(async () => await client.close());
    return async (name) => (await client.callTool({ name, arguments: {} })) as unknown as Called; // typed at large
  },
  async "SDK v1"(url, headers) {
    const client = new ClientV1({ name: "test", version: "1" });
    await client.connect(new TransportV1(new URL(url), { requestInit: { headers } }));
    onTestFinished(async () => await client.close());
    return async (name) => (await client.callTool({ name, arguments: {} })) as unknown as Called; // likewise
  },
};

describe.each(Object.keys(CLIENTS))("actions of a credential, with %s", (kind) => {
  const connect = async (url: string, headers: Record<string, string>): Promise<Call> => {
    const call = await CLIENTS[kind]?.(url, headers);
    if (!call) throw new Error(`there is no client ${kind}`);
    return call;
  };

  test("of this server are refused to callers who bring a key", async () => {
    const door = await serve(KEY_ACCESS, {});
    await refusesAll(door, await connect(door.url, { "x-acme-api-key": "annskey0123456789ann" }));
  });

  test("of this server are refused to people who connect an account of their own", async () => {
    const { resourceServer, ...access } = issuerAccess("per-person");
    const { introspection: _introspection, ...rest } = resourceServer;
    const door = await serve({ ...access, resourceServer: rest }, { ISSUER: issuer.url });
    const token = await issuer.token(door.url, { sub: "ann", scope: "read write" });
    await refusesAll(door, await connect(door.url, { authorization: `Bearer ${token}` }));
  });

  test("are carried out where everybody uses the server's own", async () => {
    const door = await serve(KEY_ACCESS, { ACME_ACCESS: "env" });
    const call = await connect(door.url, {});
    for (const { name } of TOOLS) {
      const { structuredContent } = await call(name);
      expect(structuredContent).toEqual({ credential: "key", status: name === "ask" ? "valid" : "set" });
    }
    expect(door.vendor.seen.length).toBe(1);
  });
});

async function refusesAll({ vendor }: Awaited<ReturnType<typeof serve>>, call: Call): Promise<void> {
  for (const { name } of TOOLS) {
    const { isError, content } = await call(name);
    expect(isError, name).toBe(true);
    const text = content.map((one) => one.text).join("");
    expect(text).toContain('The credential "key" is each caller\'s own here');
    expect(text).not.toContain(OWN_KEY);
  }
  expect(vendor.seen).toEqual([]);
}
