import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** Compiles files under the project's strict flags; the compiler's complaints, "" when it has none. */
export function compile(files: ReadonlyMap<string, string>): string {
  return inFolder(files, (folder) => {
    const config = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        typeRoots: [join(root, "node_modules/@types")],
        paths: { "toolwright/runtime": [join(root, "src/runtime/index.ts")] },
      },
      include: [join(folder, "generated")],
      exclude: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { stdout, stderr } = spawnSync("npx", ["tsc", "-p", folder], { cwd: root, encoding: "utf8" });
    return `${stdout}${stderr}`.replace(/^npm warn.*\n/gm, "");
  });
}

/**
 * Imports every module in a process of its own, with a runtime that only hands back what it is given, and says what that process was left
 * with: what the modules export, without their schemas, and the globals and files that were not there before.
 */
export function run(files: ReadonlyMap<string, string>): { exports: unknown[]; traces: string[]; stderr: string } {
  return inFolder(files, (folder) => {
    const modules = [...files.keys()].filter((file) => file.endsWith(".ts"));
    writeFileSync(join(folder, "runtime.mjs"), RUNTIME.replaceAll("ZOD", join(root, "node_modules/zod/index.js")));
    writeFileSync(join(folder, "hook.mjs"), HOOK);
    writeFileSync(join(folder, "main.mjs"), MAIN.replace("MODULES", JSON.stringify(modules)));
    const { stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", "main.mjs"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    const said = (stdout === "" ? { exports: [], traces: [`it printed nothing: ${stderr}`] } : JSON.parse(stdout)) as {
      exports: unknown[];
      traces: string[];
    };
    return { ...said, stderr };
  });
}

const RUNTIME = `
export { z } from "ZOD";
import { z } from "ZOD";
export const defineTool = (tool) => tool;
export const defineApi = (api) => api;
export const file = () => z.looseObject({});
export const json = new Proxy({}, { get: (_, keyword) => (...parts) => keyword === "allOf" ? parts[0][0] : /^(when|not|if|const|lazy|object)$/.test(keyword) ? z.unknown() : () => {} });
`;
const HOOK = `
import { readFile } from "node:fs/promises";
export const resolve = (specifier, context, next) =>
  specifier === "toolwright/runtime" ? { url: new URL("runtime.mjs", import.meta.url).href, shortCircuit: true } : next(specifier, context);
export const load = async (url, context, next) =>
  url.endsWith(".ts") ? { format: "module", source: await readFile(new URL(url)), shortCircuit: true } : next(url, context);
`;
const MAIN = `
import { register } from "node:module";
import { readdirSync } from "node:fs";
register("./hook.mjs", import.meta.url);
await import("./runtime.mjs"); // Zod has globals of its own
const globals = new Set(Object.getOwnPropertyNames(globalThis));
const prototype = Object.getOwnPropertyNames(Object.prototype).length;
const before = readdirSync(".", { recursive: true }).length;
const exports = [];
for (const file of MODULES) {
  const [[name, value]] = Object.entries(await import("./" + file));
  const { input, tools, ...rest } = value;
  const shape = input ? Object.fromEntries(Object.entries(input.shape).map(([key, type]) => [key, type.description ?? null])) : undefined;
  exports.push({ file, name, ...(input ? { shape } : {}), ...(tools ? { tools: Object.keys(tools) } : {}), ...(input || tools ? { said: rest } : {}) });
}
const traces = [
  ...Object.getOwnPropertyNames(globalThis).filter((name) => !globals.has(name)),
  ...(Object.getOwnPropertyNames(Object.prototype).length === prototype ? [] : ["Object.prototype"]),
  ...(readdirSync(".", { recursive: true }).length === before ? [] : ["a file"]),
];
console.log(JSON.stringify({ exports, traces }));
`;

function inFolder<T>(files: ReadonlyMap<string, string>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-emit-"));
  try {
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    for (const [file, text] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
