import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join, posix } from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { addApi } from "../../generator/propose/add-api.ts";
import { printProposal } from "../../generator/propose/print.ts";
import type { Proposal } from "../../generator/propose/proposal.ts";
import { UserError } from "../command.ts";
import { packageDirectory } from "../../generator/version.ts";
import type { Source } from "./source.ts";

/** Where a description will stand in the project, relative to it. */
export function specPath({ spec, inside }: Source, name: string): string {
  const main = spec?.summary.file ?? "openapi.yaml";
  if (inside) return main;
  const single = (spec?.files.length ?? 1) === 1;
  return `specs/${name}/${single ? `openapi${extname(main).toLowerCase().replace(".yml", ".yaml")}` : main}`;
}

/** Works out every file that `init` writes: path → text, the copied description included. Nothing is written yet. */
export function filesFor(proposal: Proposal, source: Source, projectDir: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  if (!source.inside && source.spec) {
    for (const file of source.spec.files) {
      const target = file === source.spec.summary.file ? proposal.spec : `specs/${proposal.name}/${file}`;
      files.set(target, readFileSync(join(source.folder, file), "utf8"));
    }
  }
  const toolsFile = `specs/${proposal.name}/tools.yaml`;
  const { api, tools } = printProposal(proposal, toolsFile);
  if (tools !== undefined)
    files.set(
      toolsFile,
      `${schemaLine(projectDir, toolsFile, "#/definitions/tools")}# The tools of ${oneLine(proposal.title)}, by the names that the model calls. What is commented out does not exist for it.\n${tools}`,
    );
  for (const [file, text] of files) refuseOverwriting(projectDir, file, text);
  files.set("tools.yaml", configText(projectDir, { name: proposal.name, api }));
  return files;
}

/** Names of the APIs that the project's tools.yaml has; none when there is no such file, or nobody can read it. */
export function apisIn(projectDir: string): readonly string[] {
  const path = join(projectDir, "tools.yaml");
  if (!existsSync(path)) return [];
  const document = parseDocument(readFileSync(path, "utf8"), { schema: "core", merge: false });
  const apis: unknown = document.errors.length > 0 ? undefined : document.get("apis");
  return isMap(apis) ? apis.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : [];
}

/** Writes the files, tools.yaml last: whoever stops half-way has nothing that is half there. */
export function writeFiles(projectDir: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    const path = join(projectDir, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function configText(projectDir: string, { name, api }: { readonly name: string; readonly api: string }): string {
  const path = join(projectDir, "tools.yaml");
  const existing = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const added = addApi(existing, { name, api, header: header(projectDir) });
  if ("text" in added) return added.text;
  switch (added.problem) {
    case "taken":
      throw new UserError(
        `tools.yaml has an API "${name}" already`,
        `give this one another name with --name, or remove \`${name}:\` first`,
      );
    case "broken":
      throw new UserError("tools.yaml is not valid YAML", "run `toolwright generate` to see where, and mend it first");
    case "shape":
      throw new UserError(
        "nothing can be added to tools.yaml as it is written",
        "write `apis:` as a block, each API on lines of its own",
      );
  }
}

function header(projectDir: string): string {
  return `${schemaLine(projectDir, "tools.yaml", "")}# What the model may do, and nothing else: every API that is served, every tool of it.
# Next: read it; shorten what is too long, remove what nobody should do, allow what is missing. Then run \`toolwright generate\`
# and read generated/. The grammar: docs/tools-yaml.md of the package toolwright.
`;
}

/** Tells an editor the grammar, where it is at hand. */
function schemaLine(projectDir: string, file: string, definition: string): string {
  const places = ["docs/tools.schema.json", "node_modules/toolwright/docs/tools.schema.json"];
  const found = places.find(
    (place) => existsSync(join(projectDir, place)) && existsSync(join(packageDirectory(), "docs/tools.schema.json")),
  );
  return found === undefined
    ? ""
    : `# yaml-language-server: $schema=${posix.relative(posix.dirname(file), found).replace(/^(?!\.)/, "./")}${definition}\n`;
}

function refuseOverwriting(projectDir: string, file: string, text: string): void {
  const path = join(projectDir, file);
  if (!existsSync(path) || readFileSync(path, "utf8") === text) return;
  throw new UserError(
    `${file} exists and holds something else`,
    "give the API another name with --name, or move the file away",
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
