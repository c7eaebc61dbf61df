import { posix } from "node:path";
import { plan } from "../../src/generator/plan/plan.ts";
import type { ApiPlan } from "../../src/generator/plan/tool-plan.ts";
import type { ToolsFile } from "../../src/generator/tools-file/tools-file.ts";
import { loadSpec } from "../../src/spec/load-spec.ts";

const ORIGIN = { file: "tools.yaml", pointer: "/apis/acme" };

/**
 * Plans operations of a description as if tools.yaml named each of them and said nothing more.
 *
 * @param most Operations; when there are more, as many are taken at even distances.
 */
export async function planSpec(projectDir: string, file: string, most = Infinity): Promise<ApiPlan> {
  const { spec } = await loadSpec({ projectDir, file: posix.normalize(file), at: ORIGIN });
  if (!spec) throw new Error(`${file} cannot be read`);
  const step = Math.max(1, spec.entries.length / most);
  const count = Math.min(most, spec.entries.length);
  const taken = Array.from({ length: count }, (_, index) => spec.entries[Math.floor(index * step)]);
  const tools = taken.flatMap((entry, index) =>
    entry ? [{ name: `op${index}`, origin: ORIGIN, settings: { operation: `${entry.method} ${entry.path}` } }] : [],
  );
  const settings = { spec: file, servers: { api: { url: "https://acme.example" } } };
  const api = { name: "acme", origin: ORIGIN, settings, tools, brokenTools: [], toolsOrigin: ORIGIN, files: [] };
  const config: ToolsFile = { apis: [api], files: [] };
  const [planned] = plan(config, new Map([["acme", spec]])).apis;
  if (!planned) throw new Error(`${file} cannot be planned`);
  return planned;
}
