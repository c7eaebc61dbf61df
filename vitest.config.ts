import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["toolwright-source"] },
  ssr: { resolve: { conditions: ["toolwright-source"] } },
  test: { include: ["test/**/*.test.ts"], isolate: false, pool: "threads", testTimeout: 30_000 },
});
