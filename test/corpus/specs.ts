import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The package itself. From `test/corpus/` and from the bundle in `node_modules/.corpus/` it is two folders up. */
export const ROOT = resolve(import.meta.dirname, "../..");
/** Third parties' descriptions, which are not ours to copy; `TOOLWRIGHT_CORPUS` names another folder. */
export const CORPUS = resolve(ROOT, process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");

/** One description of the corpus. */
export interface CorpusSpec {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Operations that the manifest counts. */
  readonly operations: number;
  readonly bytes: number;
  /** It belongs to another file and describes nothing alone: `init` has to say so, and to end well. */
  readonly companion: boolean;
}

/** Two descriptions of target vendors, which stand beside the corpus. */
const VENDORS = [
  { file: "freshservice.swagger2.yaml", operations: 217 },
  { file: "haloitsm.openapi30.json", operations: 1216 },
];

/** Everything that a whole run reads, smallest first; empty where there is no corpus. */
export function corpusSpecs(): readonly CorpusSpec[] {
  const manifest = join(CORPUS, "manifest.tsv");
  if (!existsSync(manifest)) return [];
  const rows = readFileSync(manifest, "utf8").trim().split("\n").slice(1);
  const listed = rows
    .map((row) => row.split("\t"))
    .map(([, file = "", version = "", , operations]) => ({
      file: join(CORPUS, file),
      operations: Number(operations),
      companion: version === "?",
    }));
  const vendors = VENDORS.map((one) => ({ ...one, file: join(CORPUS, "../specs", one.file), companion: false }));
  return [...listed, ...vendors]
    .filter(({ file }) => existsSync(file))
    .map((one) => ({ ...one, name: nameOf(one.file), bytes: readFileSync(one.file).byteLength }))
    .sort((one, other) => one.operations - other.operations || one.bytes - other.bytes);
}

/** `…/digitalocean/DigitalOcean-public.v2.yaml` → `DigitalOcean-public.v2` */
function nameOf(file: string): string {
  const parts = file.split(/[/\\]/);
  const last = (parts.at(-1) ?? "").replace(/\.(?:json|yaml)$/, "");
  return last === "swagger" ? (parts.at(-3) ?? last) : last;
}
