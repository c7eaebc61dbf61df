import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { connectDay, WAYS } from "./client.ts";
import { fill } from "./fill.ts";

// What tools.yaml shows people as examples is true: every call of every prompt works, one after the other.
const ROOT = resolve(import.meta.dirname, "../..");

test.concurrent.each(["freshservice", "halo-itsm", "halo-lms"])(
  "%s: its examples work",
  async (api) => {
    const { definition } = await loadApi(`${ROOT}/generated/${api}`);
    const { environment } = parse(readFileSync(`${ROOT}/specs/${api}/sandbox.yaml`, "utf8"), {
      merge: true,
    }) as Sandbox;
    expect(definition.examples?.length).toBeGreaterThan(3);
    const client = await connectDay(WAYS[0], [api, "--sandbox"], () => "cancel");
    try {
      for (const { ask, calls } of definition.examples ?? []) {
        const answers: Record<string, unknown> = {};
        for (const [tool, template] of calls.flatMap((call) => Object.entries(call))) {
          const args = fill(template, { answers, folders: {}, environment }) as Readonly<Record<string, unknown>>; // of a call
          const { isError, text, value } = await client.call(tool, args);
          expect({ ask, tool, isError, text }).toMatchObject({ isError: false });
          answers[tool] = value;
        }
      }
    } finally {
      await client.close();
    }
  },
  60_000,
);

/** The part of a sandbox.yaml that is read here. */
interface Sandbox {
  readonly environment: Readonly<Record<string, string>>;
}
