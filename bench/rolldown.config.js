// Bundles the benchmark like `dist`, so that what is measured is what the package ships.
export default {
  input: { run: "bench/run.ts" },
  platform: "node",
  output: { dir: "node_modules/.bench", format: "esm", cleanDir: true, chunkFileNames: "[name]-[hash].js" },
};
