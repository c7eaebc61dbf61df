import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ApiDefinition } from "../../src/definition/api.ts";
import type { Call, Step } from "../../src/definition/call.ts";
import type { Request } from "../../src/definition/request.ts";
import { requestOf } from "../../src/definition/call.ts";
import type { CatalogTool } from "../../src/definition/catalog.ts";
import { stepsOf } from "../../src/definition/tool.ts";
import type { ToolDefinition } from "../../src/runtime/define-tool.ts";
import { loadApi } from "../../src/runtime/load/load-api.ts";

/** Folders here that are vendors: whole projects with `tools.yaml`, `specs/`, `generated/` and `days/`. */
export const VENDORS: readonly string[] = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

export function folderOf(vendor: string): string {
  return join(import.meta.dirname, vendor);
}

/** A tool of a vendor, as its module says it. */
export interface VendorTool {
  readonly shown: CatalogTool;
  readonly definition: ToolDefinition;
  readonly steps: readonly Step[];
  readonly calls: readonly Call[];
  readonly requests: readonly Request[];
}

/** An API of a vendor, all of its modules read. */
export interface VendorApi {
  readonly definition: ApiDefinition;
  readonly tools: readonly VendorTool[];
}

/** The APIs that were generated in a vendor's folder. */
export async function apisOf(vendor: string): Promise<readonly VendorApi[]> {
  const generated = join(folderOf(vendor), "generated");
  const names = existsSync(generated) ? readdirSync(generated) : [];
  return await Promise.all(names.map(async (name) => await readApi(join(generated, name))));
}

async function readApi(folder: string): Promise<VendorApi> {
  const { definition, catalog } = await loadApi(folder);
  const tools = catalog.tools.map(async (shown): Promise<VendorTool> => {
    const module = await definition.tools[shown.name]?.();
    const [tool] = Object.values(module ?? {}) as readonly ToolDefinition[]; // a module exports its tool alone
    if (!tool) throw new Error(`${folder} has no module of ${shown.name}`);
    const steps = stepsOf(tool);
    const calls = steps.flatMap((step) => step.calls);
    return { shown, definition: tool, steps, calls, requests: calls.flatMap((call) => requestOf(call) ?? []) };
  });
  return { definition, tools: await Promise.all(tools) };
}
