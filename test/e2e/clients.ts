import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** What a tool call came to, the same from every client. */
export interface Called {
  readonly isError: boolean;
  readonly text: string;
  /** `structuredContent`; undefined for errors. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** Everything, as the SDK hands it over. */
  readonly result: unknown;
}

/** What a call may have besides its arguments. */
export interface CallOptions {
  readonly onProgress?: (done: number) => void;
  /** `_meta` of the request. */
  readonly meta?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What the tests need of an MCP client. */
export interface TestClient {
  readonly instructions: string;
  readonly serverTitle: string;
  tools(): Promise<readonly { readonly name: string; readonly description?: string; readonly inputSchema: object }[]>;
  call(name: string, args?: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Called>;
  close(): Promise<void>;
}

/** The clients that exist out there, by the protocol that they speak. */
export const CLIENTS = ["SDK v2, 2026-07-28", "SDK v2, legacy", "SDK v1"] as const;
export type ClientKind = (typeof CLIENTS)[number];

/** Where the server is: a URL, or a command to start. */
export type Target =
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>; readonly cwd?: string };

/**
 * Connects a real client of one kind.
 *
 * @param onNotes Told what a server over stdio writes to standard error. Default: it goes to ours.
 */
export async function connect(kind: ClientKind, target: Target, onNotes?: (text: string) => void): Promise<TestClient> {
  const info = { name: "toolwright-tests", version: "1.0.0" };
  if (kind === "SDK v1") {
    const client = new ClientV1(info);
    const transport =
      "url" in target
        ? new HttpV1(new URL(target.url), withHeaders(target))
        : heard(new StdioV1(stdio(target, onNotes)), onNotes);
    await client.connect(transport);
    return wrap(client as unknown as AnyClient);
  }
  const mode = kind === "SDK v2, legacy" ? ("legacy" as const) : ({ pin: "2026-07-28" } as const);
  const client = new ClientV2(info, { versionNegotiation: { mode } });
  await client.connect(
    "url" in target
      ? new HttpV2(new URL(target.url), withHeaders(target))
      : heard(new StdioV2(stdio(target, onNotes)), onNotes),
  );
  return wrap(client as unknown as AnyClient);
}

function withHeaders({ headers }: Extract<Target, { readonly url: string }>) {
  return headers === undefined ? {} : { requestInit: { headers: { ...headers } } };
}

function heard<T extends StdioV1 | StdioV2>(transport: T, onNotes: ((text: string) => void) | undefined): T {
  transport.stderr?.on("data", (chunk: Buffer) => onNotes?.(chunk.toString()));
  return transport;
}

function stdio(target: Extract<Target, { readonly args: readonly string[] }>, onNotes: unknown) {
  return {
    command: process.execPath,
    args: [...target.args],
    env: { PATH: process.env["PATH"] ?? "", ...target.env },
    stderr: onNotes === undefined ? ("inherit" as const) : ("pipe" as const),
    ...(target.cwd !== undefined && { cwd: target.cwd }),
  };
}

/** The part that both generations of the SDK have in common. */
interface AnyClient {
  getInstructions(): string | undefined;
  getServerVersion(): { readonly title?: string } | undefined;
  listTools(): Promise<{ readonly tools: readonly { readonly name: string; readonly inputSchema: object }[] }>;
  callTool(
    params: { name: string; arguments: object; _meta?: object },
    ...options: readonly unknown[]
  ): Promise<CallResult>;
  close(): Promise<void>;
}
interface CallResult {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
}

function wrap(client: AnyClient): TestClient {
  const v1 = client instanceof ClientV1;
  return {
    instructions: client.getInstructions() ?? "",
    serverTitle: client.getServerVersion()?.title ?? "",
    tools: async () => (await client.listTools()).tools,
    async call(name, args = {}, { onProgress, meta, signal } = {}) {
      const options = {
        ...(onProgress && { onprogress: (progress: { progress: number }) => onProgress(progress.progress) }),
        ...(signal && { signal }),
      };
      const params = { name, arguments: args, ...(meta && { _meta: meta }) };
      const result = await client.callTool(params, ...(v1 ? [undefined, options] : [options]));
      return {
        isError: result.isError === true,
        text: result.content.map(({ text }) => text ?? "").join("\n"),
        value: result.structuredContent,
        result,
      };
    },
    close: async () => await client.close(),
  };
}
