import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { UserError } from "../command.ts";

/** A person, as package.json and a bundle's manifest write one. */
export interface Person {
  readonly name: string;
  readonly email?: string;
  readonly url?: string;
}

/** What package.json says of whoever hands a server out; everything may be missing. */
export interface PackageJson {
  readonly version?: string | undefined;
  readonly author?: Person | undefined;
  readonly license?: string | undefined;
  readonly homepage?: string | undefined;
  /** URL for a browser. */
  readonly repository?: string | undefined;
  /** The package is the packed server: one of its commands is that very file. Otherwise the rest says nothing of it. */
  readonly own?: {
    readonly name: string;
    readonly mcpName: string | undefined;
    readonly description: string | undefined;
  };
}

const PERSON = z.union([
  z.string(),
  z.object({ name: z.string(), email: z.string().optional(), url: z.string().optional() }),
]);
const PACKAGE = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  description: z.string().optional(),
  private: z.boolean().optional(),
  mcpName: z.string().optional(),
  author: PERSON.optional(),
  license: z.string().optional(),
  homepage: z.string().optional(),
  repository: z.union([z.string(), z.object({ url: z.string() })]).optional(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

/**
 * Reads the package.json of a folder; nothing when there is none.
 *
 * @param file Name of the packed server, `acme.mjs`.
 * @throws {UserError} when it is no package.json.
 */
export function readPackageJson(folder: string, file: string): PackageJson {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return {};
  const { name, version, author, license, homepage, repository, ...rest } = parse(path);
  const bins = typeof rest.bin === "string" ? [rest.bin] : Object.values(rest.bin ?? {});
  const own = name !== undefined && rest.private !== true && bins.some((bin) => basename(bin) === file);
  const url = typeof repository === "string" ? repository : repository?.url;
  return {
    version,
    author: personOf(author),
    license,
    homepage,
    repository: url === undefined ? undefined : browserUrl(url),
    ...(own && { own: { name, mcpName: rest.mcpName, description: rest.description } }),
  };
}

function parse(path: string): z.infer<typeof PACKAGE> {
  const help = "correct it: `npm pkg fix`, or give what is needed by options";
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, help);
  }
  const checked = PACKAGE.safeParse(content);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new UserError(`${path}: ${issue?.path.join(".") ?? ""} is not what npm writes there`, help);
}

/** `Jane Doe <jane@example.com> (https://example.com)`, as npm reads it. */
function personOf(author: z.infer<typeof PERSON> | undefined): Person | undefined {
  if (author === undefined) return undefined;
  if (typeof author !== "string") {
    const { name, email, url } = author;
    return { name, ...(email !== undefined && { email }), ...(url !== undefined && { url }) };
  }
  const [, name = "", email, url] = /^([^<(]*)(?:<([^>]*)>)?\s*(?:\(([^)]*)\))?/.exec(author) ?? [];
  if (name.trim() === "") return undefined;
  return { name: name.trim(), ...(email !== undefined && { email }), ...(url !== undefined && { url }) };
}

/** `git+https://github.com/you/acme.git`, `github:you/acme` and `you/acme` → `https://github.com/you/acme`; undefined: none of a browser's. */
function browserUrl(text: string): string | undefined {
  const [, host = "github", path] = /^(?:(github|gitlab):)?([\w.-]+\/[\w.-]+)$/.exec(text) ?? [];
  if (path !== undefined) return `https://${host}.com/${path}`;
  const url = text
    .replace(/^git\+/, "")
    .replace(/^(?:git|ssh):\/\/(?:git@)?/, "https://")
    .replace(/^git@([^:]+):/, "https://$1/")
    .replace(/\.git$/, "");
  return URL.canParse(url) && url.startsWith("https://") ? url : undefined;
}
