import { join } from "node:path";
import type { ServedApi } from "../runtime/load/narrow.ts";
import type { Page } from "../runtime/serve/respond.ts";
import type { InFlight } from "../runtime/serve/in-flight.ts";
import { packageDirectory, version } from "../generator/version.ts";

/** The page for people, ready to be served beside MCP; read only when there is somebody to show it to. */
export async function consolePage(apis: readonly ServedApi[]): Promise<(calls: InFlight) => Page> {
  const { openConsole } = await import("../console/console.ts");
  const names = apis.map(({ deployment }) => deployment.api.definition.name);
  const paths = Object.fromEntries(names.map((name) => [name, names.length === 1 ? "/mcp" : `/mcp/${name}`]));
  const pageDirectory = join(packageDirectory(), "dist/console");
  return (calls) => openConsole({ apis, version: version(), paths, calls, pageDirectory });
}
