import type { LoadedApi } from "../../runtime/deployment.ts";
import type { Identity } from "./identity.ts";
import type { PackedVariable } from "./variables.ts";

/** What a packed server runs on, as package.json of Toolwright has it. */
export const NODE_RANGE = ">=20.19";

/**
 * `manifest.json` of a bundle: what a host shows before it installs it, what it asks for, and how it starts it.
 *
 * Every optional field has the default "": a host that finds neither a value nor a default hands `${user_config.x}` on as it stands,
 * and an empty variable is one that is not set.
 *
 * @param file Name of the packed server in the bundle.
 * @see https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md
 */
export function bundleManifest(
  { definition, catalog }: LoadedApi,
  file: string,
  {
    identity,
    variables,
    description,
  }: { readonly identity: Identity; readonly variables: readonly PackedVariable[]; readonly description: string },
): object {
  const { version, author, license, homepage, repository } = identity;
  const keyed = variables.map((variable) => ({ key: variable.name.toLowerCase(), variable }));
  return {
    manifest_version: "0.3",
    name: definition.name,
    display_name: definition.title,
    version,
    description,
    author,
    ...(repository && { repository: { type: "git", url: repository.url } }),
    ...(homepage !== undefined && { homepage }),
    server: {
      type: "node",
      entry_point: file,
      mcp_config: {
        command: "node",
        args: [`\${__dirname}/${file}`],
        env: Object.fromEntries(keyed.map(({ key, variable }) => [variable.name, `\${user_config.${key}}`])),
      },
    },
    tools: catalog.tools.map(({ name, description }) => ({ name, description })),
    ...(license !== undefined && { license }),
    compatibility: { platforms: ["darwin", "linux", "win32"], runtimes: { node: NODE_RANGE } },
    user_config: Object.fromEntries(keyed.map(({ key, variable }) => [key, option(variable)])),
  };
}

const TYPES = { text: "string", switch: "boolean", folder: "directory", file: "file" } as const;

function option({ title, description, required, secret, kind }: PackedVariable): object {
  return {
    type: TYPES[kind],
    title,
    description,
    required,
    ...(secret && { sensitive: true }),
    ...(!required && { default: kind === "switch" ? false : "" }),
  };
}
