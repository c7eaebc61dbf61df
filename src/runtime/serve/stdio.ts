import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { ServedApi } from "../load/narrow.ts";
import { Problem } from "../problem.ts";
import { untilStopped } from "./drain.ts";
import { trackCalls } from "./in-flight.ts";
import { type ServingOptions, mcpServers } from "./mcp-server.ts";
import { toolTable } from "./tool-table.ts";

/** How APIs are served over standard input and output. */
export interface StdioOptions extends ServingOptions {
  /** Several are merged; their tools are then called `<api>_<tool>`. */
  readonly apis: readonly ServedApi[];
}

/** No message is longer; the SDK would end the connection without a word. */
const MAX_LINE_BYTES = 10 * 1024 * 1024;

/**
 * Serves over standard input and output until the client closes it, or a signal comes. Running calls are then ended: whoever asked
 * has gone. Nothing but the protocol is written to standard output.
 *
 * @returns the exit code: 0, or 1 when a message was too long to be read.
 */
export async function serveStdioApi(options: StdioOptions): Promise<number> {
  const calls = trackCalls(options.timeoutMs);
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: MAX_LINE_BYTES });
  let exitCode = 0;
  const [shared] = options.apis.flatMap(({ deployment }) => deployment.shared ?? []); // all APIs of a process have the same
  const handle = serveStdio(mcpServers(toolTable(options.apis), calls, options, { shared }), {
    transport,
    onerror(error) {
      if (!error.message.startsWith("ReadBuffer exceeded")) return;
      exitCode = 1;
      options.onFault?.(
        new Problem("invalid_arguments", "A message of more than 10 MiB came in; the connection is closed."),
      );
    },
  });
  const ended = new Promise<void>((resolve) => {
    const close = transport.onclose?.bind(transport);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport has this one hook, and the SDK has taken it
    transport.onclose = () => {
      close?.();
      resolve();
    };
  });
  await untilStopped(async () => {
    calls.stop();
    await handle.close();
    await options.telemetry?.close();
  }, ended);
  return exitCode;
}
