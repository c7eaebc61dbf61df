import { resolve } from "node:path";
import { version as toolwrightVersion } from "../../generator/version.ts";
import { loadApi } from "../../runtime/load/load-api.ts";
import { defineCommand, UsageError } from "../command.ts";
import { SERVING_CONFIG } from "../options.ts";
import { bundleManifest } from "../pack/bundle-manifest.ts";
import { refuseOutdated } from "../pack/current.ts";
import { describeServer } from "../pack/describe.ts";
import { identityOf, type Kind, KINDS } from "../pack/identity.ts";
import { readPackageJson } from "../pack/package-json.ts";
import { registryEntry } from "../pack/registry-entry.ts";
import { readGenerated, serverFile } from "../pack/server-file.ts";
import { packedVariables } from "../pack/variables.ts";
import { writePacked } from "../pack/write.ts";
import { zip } from "../pack/zip.ts";
import { oneApi, servingProject } from "../project.ts";
import { columns } from "../terminal.ts";

export const command = defineCommand({
  usage: "API [--out DIR]",
  about: `Makes of one API what can be handed out: API.mjs, the whole server in one file (node API.mjs); API.mcpb, the bundle that Claude
Desktop installs; server.json, the entry for the MCP Registry. Nothing of the environment or of .env gets into them.
Version, author and repository come from package.json in this folder, or beside --config, unless an option says them.`,
  options: {
    out: { type: "string", value: "DIR", help: "write here (default: packed/API)" },
    only: { type: "string", multiple: true, value: "KIND,…", help: `only these of ${KINDS.join(", ")}` },
    version: { type: "string", value: "V", help: "version of the server: 1.0.0" },
    author: { type: "string", value: "NAME", help: "who answers for the bundle" },
    description: { type: "string", value: "TEXT", help: "what the server is for, in at most 100 characters" },
    name: {
      type: "string",
      value: "ID",
      help: "name in the registry: io.github.you/acme (or mcpName of package.json)",
    },
    package: { type: "string", value: "NPM", help: "npm package whose command is API.mjs" },
    "bundle-url": { type: "string", value: "URL", help: "where API.mcpb will be downloaded" },
    repository: { type: "string", value: "URL", help: "where its source is, at GitHub or GitLab" },
    config: SERVING_CONFIG,
  },
  examples: [
    ["toolwright pack {api} --only mjs --version 1.0.0", "one file, for a colleague or a container"],
    ['toolwright pack {api} --only mcpb --version 1.0.0 --author "Jane Doe"', "a bundle for Claude Desktop"],
  ],
  async run({ positionals, values, terminal }) {
    const project = servingProject(values.config);
    const found = oneApi("pack", project, positionals);
    const { name } = found;
    const wanted = kindsOf(values.only);
    const file = `${name}.mjs`;
    // What ships with toolwright is handed out by whoever packs it: his package.json tells of him, not ours.
    const known = readPackageJson(values.config === undefined ? process.cwd() : project.directory, file);
    const identity = identityOf(name, values, known, wanted);
    terminal.progress("comparing generated/ with the specs");
    await refuseOutdated(project, name);
    const files = readGenerated(found.directory);
    const api = await loadApi(found.directory);
    const variables = await packedVariables(api);
    const { title } = api.definition;
    const description = describeServer(api, identity);
    terminal.progress("packing");
    const carried = { api: name, version: identity.version, toolwright: toolwrightVersion(), files };
    const server = serverFile(carried, title);
    const manifest = bundleManifest(api, file, { identity, variables, description });
    const bundle = zip({ "manifest.json": `${JSON.stringify(manifest, null, 2)}\n`, [file]: server });
    const entry = registryEntry({ title, description, identity, variables, bundle });
    const contents: Readonly<Record<Kind, readonly [file: string, content: string | Uint8Array, use: string]>> = {
      mjs: [file, server, `start it: node ${file}`],
      mcpb: [`${name}.mcpb`, bundle, "open it with Claude Desktop"],
      "server.json": ["server.json", `${JSON.stringify(entry, null, 2)}\n`, "publish it: mcp-publisher publish"],
    };
    const written = writePacked(
      resolve(values.out ?? `packed/${name}`),
      wanted.map((kind) => contents[kind]),
    );
    terminal.out(columns(written.map(({ path, bytes, use }) => [path, sizeOf(bytes), use])));
    if (wanted.includes("server.json") && !identity.repository)
      terminal.note("server.json names no repository: --repository adds one");
    return 0;
  },
});

function kindsOf(only: readonly string[] | undefined): readonly Kind[] {
  if (only === undefined) return KINDS;
  return only
    .flatMap((text) => text.split(","))
    .map((text) => {
      const kind = KINDS.find((known) => known === text.trim());
      if (!kind) throw new UsageError(`pack: there is no kind "${text.trim()}"; there is ${KINDS.join(", ")}`);
      return kind;
    });
}

/** `5.6 MB`, `1.2 kB` (SI). */
function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
