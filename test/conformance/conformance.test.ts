import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownEnvironment, serve, type Serving } from "../e2e/server.ts";
import { conform, prepareSuite } from "./suite.ts";
import { startUpstream } from "./upstream.ts";

interface NotApplicable {
  readonly reason: string;
  readonly checks: readonly string[];
}
const listed = parse(
  readFileSync(join(import.meta.dirname, "not-applicable.yaml"), "utf8"),
) as readonly NotApplicable[]; // our own file
const notApplicable = new Set(listed.flatMap(({ checks }) => checks));

/** Scenarios that need no tool of a certain name: any server of tools must pass them. */
const TOOLS_ONLY = {
  "2025-11-25": ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"],
  "2026-07-28": [
    "server-stateless",
    "caching",
    "tools-list",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
    "http-header-validation",
    "input-required-result-unsupported-methods",
  ],
};

let suite: Awaited<ReturnType<typeof prepareSuite>>;
beforeAll(async () => {
  suite = await prepareSuite();
}, 120_000);

describe("the official suite, against a project whose tools are named as the suite's are", () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>>;
  let serving: Serving;
  beforeAll(async () => {
    upstream = await startUpstream();
    const project = join(import.meta.dirname, "project");
    serving = await serve(["fixture"], ownEnvironment({ FIXTURE_URL: upstream.url }), project);
  });
  afterAll(async () => {
    await serving.stop();
    upstream.close();
  });

  test.each(["2025-11-25", "2026-07-28"])(
    "%s: everything that applies passes",
    async (revision) => {
      const checks = await conform(suite, serving.url, ["--requirements", revision]);
      const failed = checks.filter(({ status }) => status === "FAILURE");
      expect(failed.filter(({ id }) => !notApplicable.has(id))).toEqual([]);
      const passed = checks.filter(({ status }) => status === "SUCCESS").map(({ id }) => id);
      expect(
        passed.filter((id) => notApplicable.has(id)),
        "listed as not applicable, and passes",
      ).toEqual([]);
      expect(passed.length).toBeGreaterThan(25);
      expect(passed.filter((id) => id.startsWith("tools-call-")).length).toBeGreaterThanOrEqual(6);
    },
    60_000,
  );
});

describe("the official suite, against the vendor that ships", () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await serve(["freshservice", "--sandbox"], ownEnvironment());
  });
  afterAll(async () => await serving.stop());

  test.each(Object.entries(TOOLS_ONLY))(
    "%s: what any server of tools must pass",
    async (revision, scenarios) => {
      for (const scenario of scenarios) {
        const checks = await conform(suite, serving.url, ["--scenario", scenario, "--spec-version", revision]);
        expect(checks.filter(({ status }) => status === "SUCCESS").length, scenario).toBeGreaterThan(0);
        expect(checks.filter(({ id, status }) => status === "FAILURE" && !notApplicable.has(id))).toEqual([]);
      }
    },
    60_000,
  );
});

test("each reason stands for something, and no check is listed twice", () => {
  const all = listed.flatMap(({ checks }) => checks);
  expect(new Set(all).size).toBe(all.length);
  for (const { reason, checks } of listed) expect([reason.length > 40, checks.length > 0]).toEqual([true, true]);
});
