import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { createDeployment } from "../../src/runtime/load/deployment.ts";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { narrow } from "../../src/runtime/load/narrow.ts";
import { configureTransport } from "../../src/runtime/send/transport.ts";
import { callLogLine, faultLogLine } from "../../src/runtime/serve/call-log.ts";
import { type HttpOptions, serveHttp } from "../../src/runtime/serve/http.ts";
import { legacy, modern, raw, type RpcMessage } from "../mcp/fixture/raw.ts";
import type { Fault, FaultyVendor } from "./vendor.ts";

/** Every timeout and pause is so much shorter than in the product. */
export const TIME_SCALE = 1 / 20;
/** The deadline of a call, scaled: 45 s. */
export const DEADLINE_MS = 45_000 * TIME_SCALE;

const PROJECT = join(import.meta.dirname, "project/generated");
/** What the server shows the vendor, and nobody else may see. */
const CANARY = "canarykey0123456789";

/** The APIs of the tests' project. */
export type Api = "acme" | "club" | "crowd";

/** An API of the tests' project, served over HTTP in this process. */
export interface Served {
  readonly url: string;
  /** Calls a tool, in protocol revision 2026-07-28 or as the revisions before it do. */
  call(
    tool: string,
    args: object,
    options?: { era?: "modern" | "legacy"; headers?: Record<string, string> },
  ): Promise<Called>;
  /** What was logged of calls and of faults. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** What a call came to. */
export interface Called {
  readonly status: number;
  readonly json: RpcMessage;
  /** What the model reads. */
  readonly text: string;
  readonly isError: boolean;
  readonly value: Readonly<Record<string, unknown>> | undefined;
  readonly ms: number;
}

/** Serves an API of the tests' project in front of a vendor, with the times of the suite. */
export async function serve(
  vendor: Pick<FaultyVendor, "url" | "connect" | "environment">,
  api: Api = "acme",
  { timeScale = TIME_SCALE, ...options }: Partial<HttpOptions> & { readonly timeScale?: number } = {},
): Promise<Served> {
  await configureTransport({ timeScale, ...(vendor.connect && { connect: vendor.connect }) });
  const stateDirectory = mkdtempSync(join(tmpdir(), "toolwright-faults-"));
  const environment = { ACME_URL: vendor.url, ACME_KEY: CANARY, CLUB_CLIENT_ID: "club", ...vendor.environment };
  const deployment = createDeployment({
    api: await loadApi(join(PROJECT, api)),
    mode: "live",
    environment,
    accessEnvironment: environment,
    stateDirectory,
  });
  const log: string[] = [];
  const serving = await serveHttp({
    apis: narrow([deployment]),
    version: "1",
    port: 0,
    timeoutMs: DEADLINE_MS,
    onCall: (record) => log.push(callLogLine(record)),
    onFault: (error) => log.push(faultLogLine(error)),
    environment,
    ...options,
  });
  return {
    url: serving.url,
    log,
    async call(tool, args, { era = "modern", headers = {} } = {}) {
      const request = (era === "modern" ? modern : legacy)("tools/call", { name: tool, arguments: args });
      const start = performance.now();
      const answer = await raw(serving.url, { ...request, headers: { ...request.headers, ...headers } });
      return calledOf(answer, performance.now() - start);
    },
    async close() {
      await serving.close();
      await configureTransport({ timeScale: TIME_SCALE });
      rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
}

/** Serves an API in front of a vendor while something goes on, and closes both however it ends. */
export async function inFrontOf(
  fault: Fault,
  work: (vendor: FaultyVendor, served: Served) => Promise<void>,
  { api = "acme", ...options }: Partial<HttpOptions> & { readonly api?: Api; readonly timeScale?: number } = {},
): Promise<void> {
  const vendor = await fault();
  const served = await serve(vendor, api, options);
  try {
    await work(vendor, served);
  } finally {
    await served.close();
    await vendor.close();
  }
}

function calledOf({ status, json }: { readonly status: number; readonly json: RpcMessage }, ms: number): Called {
  const { content, isError, structuredContent } = (json.result ?? {}) as {
    readonly content?: readonly { readonly text?: string }[];
    readonly isError?: boolean;
    readonly structuredContent?: Readonly<Record<string, unknown>>;
  }; // a result of tools/call, or none
  const text = content?.map((part) => part.text ?? "").join("\n") ?? "";
  return { status, json, text, isError: isError === true, value: structuredContent, ms };
}

/** What was logged of each call: `ok`, or the code of its problem. */
export function statusesIn(log: readonly string[]): readonly string[] {
  return log.flatMap((line) => (JSON.parse(line) as { readonly status?: string }).status ?? []);
}

/** The same of the last one. */
export function statusIn(log: readonly string[]): string | undefined {
  return statusesIn(log).at(-1);
}

/** What holds of every call, whatever its vendor did. */
export function expectSound(called: Called, log: readonly string[], strings: readonly string[] = []): void {
  expect(called.status, "HTTP of ours").toBe(200);
  expect(called.json.error, "a tool result, never an error of JSON-RPC").toBeUndefined();
  expect(called.json.result).toHaveProperty("content.0.type");
  expect(called.text).not.toBe("");
  const text = called.text.replace(/ to another host \([^)]+\)/, ""); // which is told, as the operator has to know it
  if (called.isError) expect(text).not.toMatch(/:\/\/|127\.0\.0\.1|localhost|acme\.test|\.ts:\d|\bat \w+ \(/);
  expect(statusIn(log)).not.toBe("internal");
  for (const secret of [CANARY, ...strings]) expect(`${called.text}\n${log.join("\n")}`).not.toContain(secret);
}

/** Rejections and exceptions that nobody handled, from now on. */
export function watchUnhandled(): { readonly seen: readonly unknown[]; stop(): void } {
  const seen: unknown[] = [];
  const note = (error: unknown) => void seen.push(error);
  process.on("unhandledRejection", note).on("uncaughtException", note);
  return { seen, stop: () => void process.off("unhandledRejection", note).off("uncaughtException", note) };
}

/** Timers, sockets and servers that keep this process alive. */
export function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(?:Timeout|TCP.*|TLS.*|FS.*|Immediate)$/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Waits until there is nothing that was not there before. */
export async function expectResources(before: Readonly<Record<string, number>>): Promise<void> {
  const more = () => Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0));
  for (let round = 0; round < 300 && more().length > 0; round++) await pause(10);
  expect(more(), "left behind").toEqual([]);
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
