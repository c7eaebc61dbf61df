import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import ky from "ky";
import { Agent } from "undici";
import { callTool } from "../src/runtime/call/call-tool.ts";
import { createDeployment } from "../src/runtime/load/deployment.ts";
import { loadApi } from "../src/runtime/load/load-api.ts";
import { median } from "./processes.ts";
import type { Row } from "./run.ts";

const ROUNDS = 2_000;
const TICKET = {
  ticket: { id: 1023, subject: "VPN drops", description: "<p>Every few minutes.</p>", status: 2, priority: 3 },
};

/** What the runtime adds to one call over the bare HTTP client with the same pool, in turns, so that a busy moment hits both. */
export async function callOverhead(): Promise<readonly Row[]> {
  const server = createServer((_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify(TICKET)),
  );
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  const api = await loadApi(resolve("generated/freshservice"), pathToFileURL(resolve("dist/runtime.js")).href);
  const environment = {
    FRESHSERVICE_DOMAIN: "unused.example.com",
    FRESHSERVICE_API_KEY: "bench",
    FRESHSERVICE_CALLS_PER_MINUTE: "1000000",
    FRESHSERVICE_REQUESTS_PER_MINUTE: "1000000",
  };
  // The sandbox's mode keeps the month in memory: a file would be measured otherwise. Sub-limits of single operations are taken out.
  const definition = { ...api.definition, limits: { ...api.definition.limits, operations: {} } };
  const deployment = createDeployment({
    api: { ...api, definition },
    mode: "sandbox",
    environment,
    serverOverrides: { api: url },
  });
  const dispatcher = new Agent({ keepAliveTimeout: 60_000 });
  const bare = async () => await ky.get(`${url}/tickets/1023`, { dispatcher } as object).json();
  const ours = async () => {
    const deadlineAt = Date.now() + 45_000;
    await callTool(
      deployment,
      "fetchTicket",
      { ticket_id: 1023 },
      { signal: AbortSignal.timeout(45_000), deadlineAt, progress: () => {} },
    );
  };
  const times: { readonly bare: number[]; readonly ours: number[] } = { bare: [], ours: [] };
  for (let i = 0; i < ROUNDS + 200; i++) {
    const [first, second] = [await timed(bare), await timed(ours)];
    if (i < 200) continue; // the first rounds compile
    times.bare.push(first);
    times.ours.push(second);
  }
  server.closeAllConnections();
  server.close();
  await dispatcher.close();
  const [bareMs, oursMs] = [median(times.bare), median(times.ours)];
  return [
    {
      what: "one call through the runtime, p50",
      figure: `${oursMs.toFixed(2)} ms, +${(oursMs - bareMs).toFixed(2)} ms`,
      against: `bare ky ${bareMs.toFixed(2)} ms`,
      budget: "+0.30 ms",
    },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
