import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.ts";
import { plan } from "../../../src/generator/plan/plan.ts";
import type { ApiPlan, ToolPlan } from "../../../src/generator/plan/tool-plan.ts";
import { readToolsFile } from "../../../src/generator/tools-file/read-tools-file.ts";
import { loadSpec } from "../../../src/spec/load-spec.ts";

/** A project of one API, `acme`. */
export interface Given {
  /** `paths:` of its description. */
  readonly paths: object;
  readonly schemas?: object;
  /** `tools:` of its tools.yaml. */
  readonly tools: object;
  /** Other settings of the API. */
  readonly api?: object;
}

/** What planning a project came to. */
export interface PlannedProject {
  readonly api: ApiPlan;
  readonly tool: (name?: string) => ToolPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** `CODE pointer: message`, for comparing. */
  readonly said: readonly string[];
}

/** Writes a project, reads it and plans it, as `toolwright generate` does. */
export async function planProject({ paths, schemas = {}, tools, api = {} }: Given): Promise<PlannedProject> {
  const projectDir = mkdtempSync(join(tmpdir(), "plan-"));
  mkdirSync(join(projectDir, "specs"));
  const description = { openapi: "3.1.0", info: { title: "Acme", version: "1" }, paths, components: { schemas } };
  writeFileSync(join(projectDir, "specs/acme.json"), JSON.stringify(description));
  const settings = { spec: "specs/acme.json", servers: { api: { url: "https://acme.example" } }, ...api, tools };
  writeFileSync(join(projectDir, "tools.yaml"), stringify({ apis: { acme: settings } }));

  const { config, diagnostics: ofFile } = await readToolsFile(projectDir);
  if (!config) throw new Error(`tools.yaml: ${JSON.stringify(ofFile)}`);
  const { spec, diagnostics: ofSpec } = await loadSpec({
    projectDir,
    file: "specs/acme.json",
    at: { file: "tools.yaml", pointer: "" },
  });
  if (!spec) throw new Error(`spec: ${JSON.stringify(ofSpec)}`);
  const { apis, diagnostics: ofPlan } = plan(config, new Map([["acme", spec]]));
  const [planned] = apis;
  if (!planned) throw new Error("nothing was planned");
  const diagnostics = [...ofFile, ...ofSpec, ...ofPlan];
  const tool = (name = "t"): ToolPlan => {
    const found = planned.tools.find((one) => one.name === name);
    if (!found) throw new Error(`${name} was not planned: ${JSON.stringify(diagnostics)}`);
    return found;
  };
  const said = diagnostics.map(
    ({ code, at, message }) => `${code} ${at.pointer.replace("/apis/acme", "")}: ${message}`,
  );
  return { api: planned, tool, diagnostics, said };
}

/** An operation that answers with this schema. */
export function answering(schema: object, operation: object = {}): object {
  return { responses: { 200: { description: "", content: { "application/json": { schema } } } }, ...operation };
}

/** A required JSON body of this schema. */
export function jsonBody(schema: object): object {
  return { required: true, content: { "application/json": { schema } } };
}
