import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { callTool } from "../../src/runtime/call/call-tool.ts";
import { Problem } from "../../src/runtime/problem.ts";
import { openSharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { context, deploy } from "../runtime/call/deploy.ts";

// One of several replicas: `node calling-program.mjs <vendor> <limit> <calls> <at a time> <ms between>`. Each call writes `+` when the vendor
// answered it, `-` when a limit of ours refused it, `!` when it failed otherwise.
const [vendor = "", limit = "", calls, atATime, pause] = process.argv.slice(2);
const tool = {
  name: "list_things",
  title: "List things",
  description: "List things.",
  annotations: { readOnlyHint: true },
  input: (await import("zod")).z.strictObject({}),
  request: { method: "GET", path: "/things", server: "api" },
};
const shared = openSharedState(process.env);
const deployment = deploy(vendor, { list_things: tool }, { shared, api: { limits: { calls: limit.split(",") } } });

let warm = false;

async function call(): Promise<void> {
  const startedAt = performance.now();
  try {
    await callTool(deployment, "list_things", {}, context());
    writeSync(1, "+");
  } catch (error) {
    writeSync(1, error instanceof Problem && error.code === "rate_limited" ? "-" : "!");
    if (!(error instanceof Problem && error.code === "rate_limited")) writeSync(2, `${String(error)}\n`);
  }
  const ms = performance.now() - startedAt;
  if (warm && ms > 4_500) writeSync(2, `slow call: ${ms} ms\n`);
}

for (let done = 0; done < Number(calls); done += Number(atATime)) {
  await Promise.all(Array.from({ length: Number(atATime) }, call));
  warm = true; // what the first calls read from the disk is not what is measured
  await sleep(Number(pause));
}
