// Bundles what the package ships, or the benchmark in the same way, so that what is measured is what is shipped.
//
//     node bundle.js         dist/: two entries with shared chunks, so that the module a generated tool imports
//                            ("toolwright/runtime") and the one the command line runs on are one instance, with one copy of Zod
//     node bundle.js bench   node_modules/.bench/
//     node bundle.js corpus  node_modules/.corpus/
import { cpSync } from "node:fs";
import { build } from "rolldown";

const targets = {
  dist: { input: { cli: "src/cli/main.ts", runtime: "src/runtime/index.ts" }, dir: "dist" },
  bench: { input: { run: "bench/run.ts" }, dir: "node_modules/.bench" },
  // Libraries stay outside: what it runs is `dist`, what it compares with is as it comes from the registry.
  corpus: { input: { run: "test/corpus/run.ts" }, dir: "node_modules/.corpus", external: /^[^./]/ },
};
const { input, dir, external } = targets[process.argv[2] ?? "dist"];
await build({
  input,
  ...(external && { external }),
  platform: "node",
  logLevel: "warn",
  checks: { eval: false }, // of oidc-provider's web framework, in a branch that is never taken
  output: {
    dir,
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
  },
});
if (dir === "dist") cpSync("src/console/page", "dist/console", { recursive: true }); // the page for people, as it stands
