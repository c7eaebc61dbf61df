import { createHash } from "node:crypto";
import { firstOf } from "../../runtime/shape/cut-text.ts";
import type { Identity } from "./identity.ts";
import type { PackedVariable } from "./variables.ts";

/** What an entry says of a packed server. */
export interface Listed {
  readonly title: string;
  /** At most 100 characters. */
  readonly description: string;
  readonly identity: Identity;
  readonly variables: readonly PackedVariable[];
  /** The bundle, of which the entry says the digest. */
  readonly bundle: Uint8Array;
}

/** The registry's longest title, in characters. */
const MAX_TITLE = 100;

/**
 * `server.json`, which `mcp-publisher publish` sends to the MCP Registry: an npm package whose command is the packed server, a bundle
 * to download, or both.
 *
 * @see https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json
 */
export function registryEntry({ title, description, identity, variables, bundle }: Listed): object {
  const { name, version, repository, homepage, npm, bundleUrl } = identity;
  const common = { transport: { type: "stdio" }, environmentVariables: variables.map(variableOf) };
  const fileSha256 = createHash("sha256").update(bundle).digest("hex");
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name,
    title: firstOf(title, MAX_TITLE),
    description,
    version,
    ...(repository && { repository }),
    ...(homepage !== undefined && { websiteUrl: homepage }),
    packages: [
      ...(npm === undefined ? [] : [{ registryType: "npm", identifier: npm, version, ...common }]),
      ...(bundleUrl === undefined ? [] : [{ registryType: "mcpb", identifier: bundleUrl, fileSha256, ...common }]),
    ],
  };
}

const FORMATS = { text: "string", switch: "boolean", folder: "filepath", file: "filepath" } as const;

function variableOf({ name, description, required, secret, fallback, kind }: PackedVariable): object {
  return {
    name,
    description,
    isRequired: required,
    isSecret: secret,
    ...(kind !== "text" && { format: FORMATS[kind] }),
    ...(fallback !== undefined && fallback !== "" && { default: fallback }),
  };
}
