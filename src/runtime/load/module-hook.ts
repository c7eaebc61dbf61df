import { readFileSync } from "node:fs";
import nodeModule from "node:module";
import type { GeneratedFiles } from "./generated-files.ts";

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
export async function importIndex(index: string, files: GeneratedFiles, runtimeUrl: string): Promise<unknown> {
  const url = new URL("index.ts", files.url());
  if (transpiled(runtimeUrl)) return await import(url.href);
  const text = index.replace(SPECIFIER, (_all, before: string, specifier: string) => {
    const target = specifier === RUNTIME ? DEFINE_API : new URL(specifier, url).href;
    return `${before}"${target.replaceAll("'", "%27")}"`; // text of a vendor that looks like an import cannot end its own quotes
  });
  return await import(moduleUrl(text));
}

/**
 * Serves the `.ts` files of one API as the JavaScript that they are, and answers their `toolwright/runtime` with the running runtime.
 * Files elsewhere are none of its business. A second call for the same place does nothing.
 */
export function hookGenerated(files: GeneratedFiles, runtimeUrl: string): void {
  const base = files.url();
  const { texts } = files;
  if (hooked.has(base)) return;
  hooked.add(base);
  if (!registerHooks) {
    if (!transpiled(runtimeUrl)) nodeModule.register(THREAD_HOOK, { data: { base, runtimeUrl, texts } });
    return;
  }
  registerHooks({
    resolve(specifier, { parentURL }, next) {
      const from = parentURL?.startsWith(base) ? parentURL : undefined;
      const url = from !== undefined && specifier === RUNTIME ? runtimeUrl : carriedUrl(specifier, from, texts);
      return url === undefined ? next(specifier) : { url, shortCircuit: true };
    },
    load(url, _context, next) {
      if (!url.startsWith(base) || !url.endsWith(".ts")) return next(url);
      return { format: "module", source: texts?.[url] ?? readFileSync(new URL(url)), shortCircuit: true };
    },
  });
}

/** URL of a module whose text is carried along, seen from another of them; undefined: it is none. */
function carriedUrl(
  specifier: string,
  from: string | undefined,
  texts: GeneratedFiles["texts"] = {},
): string | undefined {
  const url = from !== undefined && specifier.startsWith(".") ? new URL(specifier, from).href : specifier;
  return Object.hasOwn(texts, url) ? url : undefined;
}

/** The same hook for Node 20, which runs it in another thread; as a URL, so that it needs no file beside the bundle. */
const THREAD_HOOK = moduleUrl(`
import { readFile } from "node:fs/promises";
let base, runtimeUrl, texts;
export function initialize(data) { ({ base, runtimeUrl, texts } = data); }
export async function resolve(specifier, context, next) {
  const from = context.parentURL?.startsWith(base) ? context.parentURL : undefined;
  if (from && specifier === "${RUNTIME}") return { url: runtimeUrl, shortCircuit: true };
  const url = from && specifier.startsWith(".") ? new URL(specifier, from).href : specifier;
  return texts && Object.hasOwn(texts, url) ? { url, shortCircuit: true } : next(specifier, context);
}
export async function load(url, context, next) {
  if (!url.startsWith(base) || !url.endsWith(".ts")) return next(url, context);
  return { format: "module", source: texts?.[url] ?? await readFile(new URL(url)), shortCircuit: true };
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
