// Two entries with shared chunks, so that the module a generated tool imports ("toolwright/runtime")
// and the one the command line runs on are the same instance, with one copy of Zod.
export default {
  input: { cli: "src/cli/main.ts", runtime: "src/runtime/index.ts" },
  platform: "node",
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
  },
};
