import { readFileSync } from "node:fs";
import { answerTo, median, startServer, timeProcess } from "./processes.ts";
import type { Row } from "./run.ts";

const ENV = { FRESHSERVICE_DOMAIN: "acme.freshservice.com", FRESHSERVICE_API_KEY: "bench" };
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
};

/** From starting the process to the answer to `tools/list`, and the memory it holds then. */
export async function startTime(): Promise<readonly Row[]> {
  const empty = await timeProcess(["-e", "0"], 9);
  const figures: number[] = [];
  const memory: number[] = [];
  for (let i = 0; i < 9; i++) {
    const started = performance.now();
    const child = startServer(ENV);
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: META } })}\n`);
    await answerTo(child, 1);
    figures.push(performance.now() - started);
    memory.push(residentMegabytes(child.pid ?? 0));
    child.stdin.end();
    await new Promise((done) => child.once("exit", done));
  }
  const start = median(figures);
  return [
    {
      what: "stdio start to answered tools/list, 34 tools",
      figure: `${start.toFixed(0)} ms, ${(start / empty).toFixed(1)} ×`,
      against: `empty node ${empty.toFixed(0)} ms`,
      budget: "3 ×",
    },
    { what: "memory after start (RSS)", figure: `${median(memory).toFixed(0)} MB`, against: "", budget: "70 MB" },
  ];
}

/** Linux only; elsewhere the figure is not known. */
function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
