import { readFileSync, realpathSync } from "node:fs";
import nodeModule from "node:module";
import { pathToFileURL } from "node:url";

/** The one module that generated code imports besides its siblings. */
const RUNTIME = "toolwright/runtime";
/** An import of `index.ts`, at the start of a line as the generator writes it: vendors' texts that look like one stand within a line. */
const SPECIFIER = /^(import \{[^}\n]*\} from |    (?:"[^"\n]*"|[\w$]+): \(\) => import\()"([^"\n]+)"/gm;

/** Hooks in this thread came with Node 22.15 and 23.5; the types that we compile against are those of Node 20. */
const { registerHooks } = nodeModule as { readonly registerHooks?: (hooks: Hooks) => void };

interface Hooks {
  resolve(specifier: string, context: { readonly parentURL?: string }, next: (specifier: string) => Resolved): Resolved;
  load(url: string, context: object, next: (url: string) => Loaded): Loaded;
}
interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}
interface Loaded {
  readonly format: string;
  readonly source: string | Uint8Array;
  readonly shortCircuit?: boolean;
}

/** Folders whose modules Node already serves as they stand. */
const hooked = new Set<string>();

/**
 * Imports the `index.ts` of a generated API, which lists the tools and loads none.
 *
 * It is read with its imports made absolute and `defineApi` alone for the runtime, so that neither the hook (30 ms on Node 20, which
 * runs hooks in a thread of their own) nor the runtime with all of Zod (10 ms) is loaded before a tool is called.
 */
export async function importIndex(folder: string, runtimeUrl: string): Promise<unknown> {
  const url = new URL("index.ts", folderUrl(folder));
  if (transpiled(runtimeUrl)) return await import(url.href);
  const text = readFileSync(url, "utf8").replace(SPECIFIER, (_all, before: string, specifier: string) => {
    const target = specifier === RUNTIME ? DEFINE_API : new URL(specifier, url).href;
    return `${before}"${target.replaceAll("'", "%27")}"`; // text of a vendor that looks like an import cannot end its own quotes
  });
  return await import(moduleUrl(text));
}

/**
 * Serves the `.ts` files of one folder as the JavaScript that they are, and answers their `toolwright/runtime` with the running runtime.
 * Files elsewhere are none of its business. A second call for the same folder does nothing.
 */
export function hookGenerated(folder: string, runtimeUrl: string): void {
  const base = folderUrl(folder).href;
  if (hooked.has(base)) return;
  hooked.add(base);
  if (!registerHooks) {
    if (!transpiled(runtimeUrl)) nodeModule.register(THREAD_HOOK, { data: { base, runtimeUrl } });
    return;
  }
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === RUNTIME && context.parentURL?.startsWith(base)
        ? { url: runtimeUrl, shortCircuit: true }
        : next(specifier),
    load: (url, _context, next) =>
      url.startsWith(base) && url.endsWith(".ts")
        ? { format: "module", source: readFileSync(new URL(url)), shortCircuit: true }
        : next(url),
  });
}

/** The same hook for Node 20, which runs it in another thread; as a URL, so that it needs no file beside the bundle. */
const THREAD_HOOK = moduleUrl(`
import { readFile } from "node:fs/promises";
let base, runtimeUrl;
export function initialize(data) { ({ base, runtimeUrl } = data); }
export async function resolve(specifier, context, next) {
  return specifier === "${RUNTIME}" && context.parentURL?.startsWith(base) ? { url: runtimeUrl, shortCircuit: true } : next(specifier, context);
}
export async function load(url, context, next) {
  return url.startsWith(base) && url.endsWith(".ts") ? { format: "module", source: await readFile(new URL(url)), shortCircuit: true } : next(url, context);
}`);

/** What `index.ts` needs of the runtime. */
const DEFINE_API = moduleUrl("export const defineApi = (api) => api;");

function moduleUrl(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/** We run from sources: whoever made that possible (vitest) serves the generated modules as well. */
function transpiled(runtimeUrl: string): boolean {
  return runtimeUrl.endsWith(".ts");
}

/** Node names a module by its real path, so links are followed first. */
function folderUrl(folder: string): URL {
  return new URL(`${pathToFileURL(realpathSync(folder)).href}/`);
}
