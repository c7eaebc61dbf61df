import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["toolwright-source"] },
  ssr: { resolve: { conditions: ["toolwright-source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/temporary.ts"],
    setupFiles: ["test/setup.ts"],
    reporters: ["default", ["json", { outputFile: "node_modules/.vitest-summary.json" }]],
    isolate: false,
    pool: "threads",
    maxWorkers: "100%", // most tests wait for servers and clients: no core has to be spared
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } }, // a second is short for a machine that is busy with other tests
  },
});
