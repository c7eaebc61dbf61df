import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deployment, LoadedApi } from "../../src/runtime/deployment.ts";
import { createDeployment } from "../../src/runtime/load/deployment.ts";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { narrow } from "../../src/runtime/load/narrow.ts";
import { type HttpServing, serveHttp } from "../../src/runtime/serve/http.ts";
import { toolTable } from "../../src/runtime/serve/tool-table.ts";
import { ACME } from "./fixture/bundle.ts";
import { modern, raw } from "./fixture/raw.ts";
import { startVendor } from "./fixture/vendor.ts";

let acme: LoadedApi;
let vendor: Awaited<ReturnType<typeof startVendor>>;
let serving: HttpServing;
beforeAll(async () => {
  [acme, vendor] = await Promise.all([loadApi(ACME), startVendor()]);
  serving = await serveHttp({ apis: narrow([called("acme"), called("other")]), version: "1", port: 0 });
});
afterAll(async () => {
  await serving.close();
  await vendor.close();
});

/** The fixture's API under another name. */
function called(name: string, mode: "live" | "sandbox" = "sandbox"): Deployment {
  return createDeployment({
    api: { ...acme, definition: { ...acme.definition, name, title: name.toUpperCase() } },
    mode,
    environment: { ACME_API_KEY: "k" },
    serverOverrides: { api: vendor.url },
    stateDirectory: undefined,
  });
}

describe("several APIs over HTTP", () => {
  test("answer at a path each, and at no common one", async () => {
    expect(Object.keys(serving.urls)).toEqual(["acme", "other"]);
    expect(serving.url).toBe(serving.urls["acme"]);
    for (const [name, url] of Object.entries(serving.urls)) {
      const { json } = await raw(url, modern("server/discover"));
      expect(json.result?.["_meta"]).toMatchObject({
        "io.modelcontextprotocol/serverInfo": { name, title: `${name.toUpperCase()} (SANDBOX)` },
      });
    }
    const { status, json } = await raw(serving.url, { ...modern("tools/list"), path: "/mcp" });
    expect({ status, json }).toMatchObject({
      status: 404,
      json: { message: "Nothing is here. MCP is at /mcp/acme and /mcp/other." },
    });
  });
});

describe("several APIs merged", () => {
  test("tools are called by API and name, and lead to their own", () => {
    const table = toolTable(narrow([called("acme"), called("other", "live")], { only: ["fetchThing", "createThing"] }));
    expect(table.list.tools.map(({ name }) => name)).toEqual([
      "acme_createThing",
      "acme_fetchThing",
      "other_createThing",
      "other_fetchThing",
    ]);
    expect(table.find("other_fetchThing")).toMatchObject({
      tool: "fetchThing",
      deployment: { api: { definition: { name: "other" } } },
    });
    expect(table.find("fetchThing")).toBeUndefined();
    expect(table.find("acme_fetchThings")).toBeUndefined();
    expect(table).toMatchObject({ name: "toolwright", title: "ACME (SANDBOX), OTHER" });
    expect(table.instructions).toMatch(
      /^ACME \(SANDBOX\), tools acme_…:\nSANDBOX: [\s\S]*\n\nOTHER, tools other_…:\nThing ids are numbers\.$/,
    );
  });

  test("names that two tools would share, or that no host takes, are refused", () => {
    const one = {
      ...acme,
      catalog: { tools: acme.catalog.tools.map((tool) => ({ ...tool, name: `b_${tool.name}` })) },
    };
    const clash = [{ ...called("a"), api: { ...one, definition: { ...acme.definition, name: "a" } } }, called("a_b")];
    expect(() => toolTable(narrow(clash))).toThrow("two tools would be called a_b_createThing");
    expect(() => toolTable(narrow([called("acme"), called("a".repeat(60))]))).toThrow(
      "is longer than the 64 characters",
    );
  });
});
