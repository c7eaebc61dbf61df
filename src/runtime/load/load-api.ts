import { z } from "zod";
import type { ApiDefinition } from "../../definition/api.ts";
import type { Catalog } from "../../definition/catalog.ts";
import type { LoadedApi } from "../deployment.ts";
import { filesInFolder, type GeneratedFiles } from "./generated-files.ts";
import { hookGenerated, importIndex } from "./module-hook.ts";
import { StartError } from "./start-error.ts";

/** What `tools/list` relies on; everything else of a schema is the model's business. */
const CATALOG = z.object({
  tools: z.array(
    z.object({
      name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -"), // what every host accepts
      title: z.string(),
      description: z.string(),
      inputSchema: z.object({ type: z.literal("object") }),
      annotations: z.object({ readOnlyHint: z.boolean().optional() }),
      outputSchema: z.object({}).optional(),
      _meta: z.object({}).optional(),
    }),
  ),
});

/** The part of `index.ts` without which nothing can start; the types of the rest were checked when it was generated. */
const DEFINITION = z.object({
  name: z.string(),
  title: z.string(),
  servers: z.record(z.string(), z.union([z.object({ url: z.string() }), z.object({ hosts: z.array(z.string()) })])),
  tools: z.custom<object>((value) => typeof value === "object" && value !== null),
});

/**
 * Reads a generated API: its catalog and its `index.ts`. No tool module is read; each loads on its first call.
 *
 * @param folder `generated/<api>`.
 * @param runtimeUrl What the modules get as `toolwright/runtime`. Default: the runtime that is running.
 * @throws {StartError} when a file is missing or is not what `generate` writes; the message names the file.
 */
export async function loadApi(folder: string, runtimeUrl: string = runningRuntime()): Promise<LoadedApi> {
  return await loadFiles(filesInFolder(folder), runtimeUrl);
}

/** The same from wherever the files are. */
export async function loadFiles(files: GeneratedFiles, runtimeUrl: string): Promise<LoadedApi> {
  const catalog = readCatalog(files);
  const generated = await readDefinition(files, runtimeUrl);
  const index = files.nameOf("index.ts");
  for (const { name } of catalog.tools) {
    if (!Object.hasOwn(generated.tools, name)) {
      throw unusable(index, `has no tool "${name}", which catalog.json beside it lists`);
    }
  }
  const tools = Object.entries(generated.tools).map(([name, load]) => {
    const hooked = () => {
      hookGenerated(files, runtimeUrl);
      return load();
    };
    return [name, hooked] as const;
  });
  return { definition: { ...generated, tools: Object.fromEntries(tools) }, catalog };
}

function readCatalog(files: GeneratedFiles): Catalog {
  const file = files.nameOf("catalog.json");
  const text = files.read("catalog.json");
  if (text === undefined) throw unusable(file, "does not exist");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw unusable(file, `is not JSON: ${reason(error)}`);
  }
  const checked = CATALOG.safeParse(content);
  if (!checked.success) throw unusable(file, `is not a catalog: ${firstIssue(checked.error)}`);
  const catalog = content as Catalog; // checked just now; the original, since a schema is shown with all its keywords
  const names = new Set<string>();
  for (const { name } of catalog.tools) {
    if (names.has(name)) throw unusable(file, `lists "${name}" twice`);
    names.add(name);
  }
  return catalog;
}

async function readDefinition(files: GeneratedFiles, runtimeUrl: string): Promise<ApiDefinition> {
  const file = files.nameOf("index.ts");
  const text = files.read("index.ts");
  if (text === undefined) throw unusable(file, "does not exist");
  let exported: unknown;
  try {
    exported = await importIndex(text, files, runtimeUrl);
  } catch (error) {
    throw unusable(file, `cannot be loaded: ${reason(error)}`);
  }
  const checked = z.object({ api: DEFINITION }).safeParse(exported);
  if (!checked.success) throw unusable(file, `does not describe an API: ${firstIssue(checked.error)}`);
  return (exported as { readonly api: ApiDefinition }).api; // checked as far as starting needs it
}

/**
 * Where the running runtime lies: beside us in the sources; in a bundle, what this package's `exports` say, since a chunk's own place
 * tells nothing.
 */
function runningRuntime(): string {
  if (import.meta.url.endsWith(".ts")) return new URL("../index.ts", import.meta.url).href;
  return import.meta.resolve("toolwright/runtime");
}

function unusable(file: string, what: string): StartError {
  return new StartError(`${file} ${what}`, "run `toolwright generate` to write it again");
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return "it has another shape";
  const place = issue.path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${place === "" ? "" : `${place.replace(/^\./, "")}: `}${issue.message}`;
}

/** The first line: what follows it in Node's errors is a stack or an excerpt. */
function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
