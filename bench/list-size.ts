import { answerTo, startServer } from "./processes.ts";
import type { Row } from "./run.ts";

/** Bytes of the whole answer to `tools/list`, as it goes over the wire. */
export async function listSize(): Promise<readonly Row[]> {
  const child = startServer({ FRESHSERVICE_DOMAIN: "acme.freshservice.com", FRESHSERVICE_API_KEY: "bench" });
  const initialize = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } };
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: initialize })}\n`);
  await answerTo(child, 1);
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" })}\n`);
  const answer = await answerTo(child, 2);
  child.stdin.end();
  const bytes = Buffer.byteLength(answer);
  const tools = (JSON.parse(answer) as { result: { tools: unknown[] } }).result.tools.length;
  return [
    {
      what: "tools/list",
      figure: `${bytes} bytes, ${Math.round(bytes / tools)} a tool`,
      against: `${tools} tools`,
      budget: "36000 bytes",
    },
  ];
}
