import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { CLI, ownEnvironment, serve } from "../e2e/server.ts";

/** The ways in which a client reaches a server. */
export const WAYS = [
  { sdk: "SDK v2, 2026-07-28", over: "stdio", asks: true },
  { sdk: "SDK v2, 2026-07-28", over: "HTTP", asks: true },
  { sdk: "SDK v1", over: "stdio", asks: true },
  { sdk: "SDK v1", over: "HTTP", asks: false }, // stateless: no question can reach it
] as const;
export type Way = (typeof WAYS)[number];

/** What a tool call came to. */
export interface Called {
  readonly isError: boolean;
  /** All text of the answer. */
  readonly text: string;
  /** `structuredContent`; undefined for errors. */
  readonly value: unknown;
}

/** Says what the person does with a question. */
export type Person = (question: string) => "accept" | "decline" | "cancel";

/** A client with a person behind it, connected to a server of its own in a sandbox. */
export interface DayClient {
  readonly call: (tool: string, args: Readonly<Record<string, unknown>>) => Promise<Called>;
  /** Everything that the server wrote to standard error so far. */
  readonly notes: () => string;
  readonly close: () => Promise<void>;
}

/** Starts `toolwright serve <args>` and connects a client to it. */
export async function connectDay(way: Way, args: readonly string[], person: Person): Promise<DayClient> {
  if (way.over === "HTTP") {
    const serving = await serve(args, ownEnvironment());
    const { connect, notes: _, ...client } = clientOf(way, person, new URL(serving.url));
    await connect();
    const close = async () => {
      await client.close();
      await serving.stop();
    };
    return { ...client, notes: () => serving.notes(), close };
  }
  const { connect, ...client } = clientOf(way, person, ["serve", ...args]);
  await connect();
  return client;
}

/** The part that both generations of the SDK have in common. */
interface AnyClient {
  callTool(params: { name: string; arguments: object }): Promise<{
    readonly isError?: boolean;
    readonly content: readonly { readonly type: string; readonly text?: string }[];
    readonly structuredContent?: unknown;
  }>;
  close(): Promise<void>;
}

function clientOf(
  way: Way,
  person: Person,
  to: URL | readonly string[],
): DayClient & { readonly connect: () => Promise<void> } {
  const info = { name: "toolwright-tests", version: "1.0.0" };
  const started =
    to instanceof URL ? undefined : { command: process.execPath, args: [CLI, ...to], env: ownEnvironment() };
  const answer = (message: string) => {
    const action = person(message);
    return action === "accept" ? { action, content: {} } : { action };
  };
  if (way.sdk === "SDK v1") {
    const client = new ClientV1(info, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message));
    const transport = started ? new StdioV1({ ...started, stderr: "pipe" }) : new HttpV1(to as URL); // it is one of the two
    return wrap(client as unknown as AnyClient, transport, async () => await client.connect(transport));
  }
  const client = new ClientV2(info, {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  });
  client.setRequestHandler("elicitation/create", ({ params }) => answer(params.message));
  const transport = started ? new StdioV2({ ...started, stderr: "pipe" }) : new HttpV2(to as URL); // as above
  return wrap(client as unknown as AnyClient, transport, async () => await client.connect(transport));
}

function wrap(client: AnyClient, transport: object, connect: () => Promise<void>) {
  let notes = "";
  if ("stderr" in transport)
    (transport.stderr as NodeJS.ReadableStream).on("data", (chunk: Buffer) => (notes += chunk.toString())); // "pipe"
  return {
    connect,
    notes: () => notes,
    call: async (tool: string, args: Readonly<Record<string, unknown>>): Promise<Called> => {
      const { isError, content, structuredContent } = await client.callTool({ name: tool, arguments: args });
      const text = content.map((part) => part.text ?? "").join("\n");
      return { isError: isError === true, text, value: structuredContent };
    },
    close: async () => await client.close(),
  };
}
