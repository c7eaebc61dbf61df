// Bundles what the package ships, or the benchmark in the same way, so that what is measured is what is shipped.
//
//     node bundle.js         dist/: two entries with shared chunks, so that the module a generated tool imports
//                            ("toolwright/runtime") and the one the command line runs on are one instance, with one copy of Zod;
//                            and packed.mjs, the same in one file, to which `toolwright pack` adds an API
//     node bundle.js bench   node_modules/.bench/
//     node bundle.js corpus  node_modules/.corpus/
import { appendFileSync, cpSync, writeFileSync } from "node:fs";
import { build } from "rolldown";
import { asComment, noticesOf } from "./notices.js";

const targets = {
  dist: { input: { cli: "src/cli/main.ts", runtime: "src/runtime/index.ts" }, dir: "dist" },
  bench: { input: { run: "bench/run.ts" }, dir: "node_modules/.bench" },
  // Libraries stay outside: what it runs is `dist`, what it compares with is as it comes from the registry.
  corpus: {
    input: { run: "test/corpus/run.ts", survey: "test/corpus/survey.ts" },
    dir: "node_modules/.corpus",
    external: /^[^./]/,
  },
};
const common = {
  platform: "node",
  logLevel: "warn",
  checks: { eval: false }, // of oidc-provider's web framework, in a branch that is never taken
};

/** A packed server has no stand-in vendor and no page for people: what loads them stays out, and all that is under it. */
const leftOut = {
  name: "left-out",
  load: {
    filter: { id: /\/src\/(cli\/start-sandbox|console\/console|sandbox\/faults)\.ts$/ },
    handler: () => "throw new Error('This is not in a packed server.');",
  },
};

const { input, dir, external } = targets[process.argv[2] ?? "dist"];
const { output } = await build({
  ...common,
  input,
  ...(external && { external }),
  output: {
    dir,
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
  },
});
if (dir === "dist") {
  cpSync("src/console/page", "dist/console", { recursive: true }); // the page for people, as it stands
  const packed = await build({
    ...common,
    input: { packed: "src/cli/packed/main.ts" },
    plugins: [leftOut],
    output: { dir, format: "esm", codeSplitting: false, entryFileNames: "[name].mjs" },
  });
  appendFileSync("dist/packed.mjs", `\n${asComment(noticesOf(packed.output))}\n`);
  writeFileSync("dist/THIRD-PARTY-NOTICES.txt", noticesOf(output));
}
