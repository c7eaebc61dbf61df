import { tmpdir } from "node:os";
import { beforeAll, describe, expect, test } from "vitest";
import type { LoadedApi } from "../../../src/runtime/deployment.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { narrow, type Narrowing } from "../../../src/runtime/load/narrow.ts";
import { ACME } from "../../mcp/fixture/bundle.ts";

let api: LoadedApi;
beforeAll(async () => {
  api = await loadApi(ACME);
});

const environment = { ACME_DOMAIN: "acme.example.com", ACME_API_KEY: "k" };

function tools(
  narrowing: Narrowing,
  options: { readonly readOnly?: boolean; readonly uploadRoots?: readonly string[] } = {},
) {
  const deployment = createDeployment({ api, mode: "live", environment, ...options });
  return narrow([deployment], narrowing)[0]?.tools ?? [];
}
const names = (...given: Parameters<typeof tools>) => tools(...given).map(({ name }) => name);

describe("which tools are served", () => {
  test("all, unless somebody says otherwise", () => {
    expect(names({})).toEqual(["createThing", "downloadThing", "fetchThing", "fetchThings", "uploadThing"]);
  });

  test("T19 read-only is a hard filter: no list brings a writing tool back", () => {
    expect(names({}, { readOnly: true })).toEqual(["downloadThing", "fetchThing", "fetchThings"]);
    expect(names({ only: ["createThing", "fetchThing"] }, { readOnly: true })).toEqual(["fetchThing"]);
  });

  test("--tools keeps, --except takes away and wins", () => {
    expect(names({ only: ["fetchThings", "fetchThing"] })).toEqual(["fetchThing", "fetchThings"]);
    expect(names({ except: ["fetchThings"] })).toEqual(["createThing", "downloadThing", "fetchThing", "uploadThing"]);
    expect(names({ only: ["fetchThings", "fetchThing"], except: ["fetchThing"] })).toEqual(["fetchThings"]);
  });

  test("a name that is no tool is an error with the nearest ones", () => {
    expect(() => names({ only: ["fetchTing"] })).toThrow(
      'there is no tool "fetchTing"; did you mean fetchThing or fetchThings?',
    );
    expect(() => names({ except: ["nothing_like_it"] })).toThrow('there is no tool "nothing_like_it"');
  });

  test("a server without tools does not start", () => {
    expect(() => names({ only: ["createThing"] }, { readOnly: true })).toThrow("no tool is left to serve");
  });
});

describe("T38 path arguments", () => {
  const attachment = (uploadRoots: readonly string[]) =>
    tools({ only: ["uploadThing"] }, { uploadRoots })[0]?.inputSchema["properties"];

  test("are not shown unless a folder is open to them", () => {
    expect(attachment([])).toMatchObject({
      attachment: {
        type: "object",
        properties: { name: { type: "string" }, base64: { type: "string" } },
        required: ["base64"],
        additionalProperties: false,
        description: "The file.",
      },
    });
    expect(JSON.stringify(attachment([]))).not.toContain("path");
  });

  test("are shown when one is", () => {
    expect(JSON.stringify(attachment([tmpdir()]))).toContain('"path"');
  });

  test("tools without files are handed on as they are", () => {
    const [tool] = tools({ only: ["fetchThing"] });
    expect(tool?.inputSchema).toBe(api.catalog.tools.find(({ name }) => name === "fetchThing")?.inputSchema);
  });
});
