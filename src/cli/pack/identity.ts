import { UsageError, UserError } from "../command.ts";
import type { PackageJson, Person } from "./package-json.ts";

/** What `pack` writes. */
export const KINDS = ["mjs", "mcpb", "server.json"] as const;
export type Kind = (typeof KINDS)[number];

/** What the command line says of whoever hands a server out; it wins over package.json. */
export interface Said {
  readonly version?: string | undefined;
  readonly author?: string | undefined;
  readonly description?: string | undefined;
  /** Name in the MCP Registry. */
  readonly name?: string | undefined;
  /** npm package whose command is the packed server. */
  readonly package?: string | undefined;
  /** Where the bundle will be downloaded. */
  readonly "bundle-url"?: string | undefined;
  readonly repository?: string | undefined;
}

/** Who hands the server out, as what, and where it is got. */
export interface Identity {
  readonly version: string;
  /** For a bundle. */
  readonly author: Person;
  readonly license: string | undefined;
  readonly homepage: string | undefined;
  readonly description: string | undefined;
  readonly repository: { readonly url: string; readonly source: "github" | "gitlab" } | undefined;
  /** For the registry. */
  readonly name: string;
  readonly npm: string | undefined;
  readonly bundleUrl: string | undefined;
}

/** A release, as semantic versioning writes one (semver.org §2, §9, §10): no range, no tag. */
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
/** As the registry's schema has it. */
const NAME = /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/;
/** The registry's longest description, in characters. */
export const MAX_DESCRIPTION = 100;

/**
 * Puts together what only the maintainer can know, from the options and package.json. Nothing is made up.
 *
 * @throws {UsageError} when an option cannot be what it says; {@link UserError} naming everything at once that the wanted files lack.
 */
export function identityOf(api: string, said: Said, known: PackageJson, wanted: readonly Kind[]): Identity {
  const registry = wanted.includes("server.json");
  const version = said.version ?? known.version;
  const author = said.author === undefined ? known.author : { name: said.author };
  const name = said.name ?? known.own?.mcpName;
  const npm = said.package ?? known.own?.name;
  const bundleUrl = said["bundle-url"];
  refuseWrong({ ...said, version, name });
  const example = { version: version ?? "1.0.0", api };
  const missing = [
    ...(version === undefined ? [LACKS.version] : []),
    ...(wanted.includes("mcpb") && author === undefined ? [LACKS.author] : []),
    ...(registry && name === undefined ? [LACKS.name] : []),
    ...(registry && npm === undefined && bundleUrl === undefined ? [LACKS.place] : []),
  ];
  if (missing.length > 0) {
    throw new UserError(
      `${api} cannot be packed yet; it is not known ${missing.map(({ what }) => what).join(", ")}`,
      `give ${missing.map(({ give }) => give(example)).join(" ")}; version and author may also stand in package.json. Or write less: --only mjs`,
    );
  }
  if (registry && npm !== undefined && npm === known.own?.name && known.own.mcpName !== name) {
    const stands = known.own.mcpName === undefined ? "no mcpName" : `the mcpName ${known.own.mcpName}`;
    throw new UserError(
      `package.json says ${stands}, and server.json would say ${name}: the registry compares the two`,
      `set it: npm pkg set mcpName=${name}`,
    );
  }
  return {
    version: version ?? "",
    author: author ?? { name: "" },
    license: known.license,
    homepage: known.homepage,
    description: said.description ?? known.own?.description,
    repository: repositoryOf(said.repository ?? known.repository),
    name: name ?? "",
    npm,
    bundleUrl,
  };
}

interface Example {
  readonly version: string;
  readonly api: string;
}

/** Something that only the maintainer knows: in words, and as an option. */
interface Lacking {
  readonly what: string;
  readonly give: (example: Example) => string;
}

const LACKS = {
  version: { what: "which version it is", give: ({ version }) => `--version ${version}` },
  author: { what: "who answers for the bundle", give: () => '--author "Your Name"' },
  name: { what: "what the registry calls it", give: ({ api }) => `--name io.github.you/${api}` },
  place: {
    what: "where the registry's readers get it",
    give: ({ version, api }) =>
      `--bundle-url https://github.com/you/${api}/releases/download/v${version}/${api}.mcpb (or --package, of npm)`,
  },
} as const satisfies Readonly<Record<string, Lacking>>;

function refuseWrong({ version, name, description, repository, "bundle-url": bundleUrl }: Said): void {
  if (version !== undefined && !VERSION.test(version))
    throw new UsageError(`pack: ${version} is no version; one is like 1.0.0`);
  if (name !== undefined && !NAME.test(name))
    throw new UsageError(`pack: ${name} is no name of the registry; one is like io.github.you/acme`);
  if (description !== undefined && (description === "" || description.length > MAX_DESCRIPTION))
    throw new UsageError(
      `pack: the registry takes a description of 1 to ${MAX_DESCRIPTION} characters; this one has ${description.length}`,
    );
  if (
    bundleUrl !== undefined &&
    !(URL.canParse(bundleUrl) && bundleUrl.startsWith("https://") && bundleUrl.endsWith(".mcpb"))
  )
    throw new UsageError(`pack: ${bundleUrl} is no https URL of an .mcpb file`);
  if (repository !== undefined && repositoryOf(repository) === undefined)
    throw new UsageError(`pack: the registry knows repositories at https://github.com/ and https://gitlab.com/ only`);
}

function repositoryOf(url: string | undefined): Identity["repository"] {
  const [, source] = /^https:\/\/(github|gitlab)\.com\/[^/]+\/[^/]+/.exec(url ?? "") ?? [];
  if (url === undefined || (source !== "github" && source !== "gitlab")) return undefined;
  return { url, source };
}
