import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { parse } from "yaml";
import { asRaw } from "./description.ts";
import { CORPUS, type CorpusSpec, ROOT } from "./specs.ts";

/** The command line, as it is shipped. */
const CLI = join(ROOT, "dist/cli.js");

/** What a command of a run came to. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly note: string;
  readonly seconds: number;
}

/** A project that `init` and `generate` made of a description, in a folder of its own. */
export interface CorpusProject {
  readonly directory: string;
  /** What `init` is given. */
  readonly description: string;
  /** `generated/corpus`. */
  readonly generated: string;
  run(args: readonly string[]): Promise<Ran>;
  typeCheck(): Promise<Ran>;
  /** Values for every variable that the server wants; all of them hold {@link SECRET}. */
  environment(): Readonly<Record<string, string>>;
  /** The operation of each tool, by tools.yaml: `list_tickets` → `GET /tickets`. */
  operations(): ReadonlyMap<string, string>;
  /** Names of what no argument fills: parameters that tools.yaml hides without a value, and what the credentials fill. */
  hidden(): ReadonlySet<string>;
  /** The comments of tools.yaml on operations that cannot be tools: `GET /things: the reason`. */
  reasons(): readonly string[];
  /** Of everything generated. */
  bytes(): number;
  remove(): void;
}

/** What is sent as a credential, to be found again in what was recorded. */
export const SECRET = "corpus-credential";

/** The name of the one API. */
export const API = "corpus";

/** A project without anything but, of a description of several files, their folder: `init` reads nothing outside of a project. */
export function corpusProject({ file }: CorpusSpec): CorpusProject {
  const directory = mkdtempSync(join(tmpdir(), "toolwright-corpus-"));
  const [folder = "", ...rest] = relative(CORPUS, file).split(sep);
  const several = rest.length > 0 && folder !== "..";
  if (several) cpSync(join(CORPUS, folder), join(directory, folder), { recursive: true });
  const generated = join(directory, "generated", API);
  const apiAndTools = (): readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>] => {
    const read = (one: string) => asRaw(parse(readFileSync(join(directory, one), "utf8")));
    const api = asRaw(asRaw(read("tools.yaml")["apis"])[API]);
    return [api, typeof api["tools"] === "string" ? read(api["tools"]) : asRaw(api["tools"])];
  };
  return {
    directory,
    generated,
    description: several ? [folder, ...rest].join("/") : file,
    run: async (args) => await run(process.execPath, [CLI, ...args], directory),
    async typeCheck() {
      writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(tsconfig()));
      writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }));
      return await run(process.execPath, [TSC, "-p", directory], directory);
    },
    environment() {
      const text = readFileSync(join(directory, ".env.example"), { encoding: "utf8", flag: "a+" });
      const names = [...text.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name = ""]) => name);
      return Object.fromEntries(
        names.map((name) => [name, /_(?:URL|HOST|DOMAIN)$/.test(name) ? "acme.example" : SECRET]),
      );
    },
    reasons() {
      const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((one) =>
        one.endsWith("tools.yaml"),
      );
      const lines = files.flatMap((one) => readFileSync(join(directory, one), "utf8").split("\n"));
      return lines.flatMap((line) => /^\s*#\s+([A-Z]+ \/.*: .+)$/.exec(line)?.[1] ?? []);
    },
    hidden() {
      const [api, tools] = apiAndTools();
      const parameters = Object.values(tools).flatMap((tool) => Object.entries(asRaw(asRaw(tool)["parameters"])));
      const unsaid = parameters.filter(([, one]) => asRaw(one)["hide"] === true && asRaw(one)["value"] === undefined);
      const shown = Object.values(asRaw(api["credentials"])).flatMap((one) =>
        ["headers", "query"].flatMap((place) => Object.keys(asRaw(asRaw(one)[place]))),
      );
      return new Set([...unsaid.map(([key]) => key.replace(/^(?:query|header|body)\./, "")), ...shown]);
    },
    operations() {
      const [, tools] = apiAndTools();
      return new Map(Object.entries(tools).map(([name, tool]) => [name, String(asRaw(tool)["operation"])]));
    },
    bytes: () => sizeOf(join(directory, "generated")),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

const TSC = join(dirname(createRequire(join(ROOT, "package.json")).resolve("typescript/package.json")), "bin/tsc");

/** As strict as our own, over what was generated; `toolwright/runtime` is the source, as in this repository. */
function tsconfig(): unknown {
  return {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: {
      paths: { "toolwright/runtime": [join(ROOT, "src/runtime/index.ts")] },
      typeRoots: [join(ROOT, "node_modules/@types")],
    },
    include: ["generated"],
    exclude: [],
  };
}

async function run(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  const started = performance.now();
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const [out, note] = ["", ""].map((text) => ({ text })) as [{ text: string }, { text: string }]; // two of them
  child.stdout.on("data", (chunk: Buffer) => (out.text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (note.text += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, out: out.text, note: note.text, seconds: (performance.now() - started) / 1000 };
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
