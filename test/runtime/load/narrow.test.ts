import { tmpdir } from "node:os";
import { beforeAll, describe, expect, test } from "vitest";
import type { LoadedApi } from "../../../src/runtime/deployment.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { narrow, type Narrowing } from "../../../src/runtime/load/narrow.ts";
import { callTool } from "../../../src/runtime/call/call-tool.ts";
import { context, problemOf } from "../call/deploy.ts";
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

describe("a tool whose variables are not set", () => {
  const needing = (given: Readonly<Record<string, string>>, narrowing: Narrowing = {}) => {
    const definition = {
      ...api.definition,
      needs: { fetchThing: ["ACME_REPORT"], fetchThings: ["ACME_BOOK", "ACME_REPORT"] },
    };
    const deployment = createDeployment({
      api: { ...api, definition },
      mode: "live",
      environment: { ...environment, ...given },
    });
    return { deployment, served: narrow([deployment], narrowing)[0] };
  };

  test("is not served, and who serves can tell why", () => {
    const { served } = needing({ ACME_REPORT: "7", ACME_BOOK: "" });
    expect(served?.tools.map(({ name }) => name)).toEqual([
      "createThing",
      "downloadThing",
      "fetchThing",
      "uploadThing",
    ]);
    expect(served?.withheld).toEqual([{ tool: "fetchThings", variables: ["ACME_BOOK"] }]);
  });

  test("is served as soon as they are", () => {
    const { served } = needing({ ACME_REPORT: "7", ACME_BOOK: "8" });
    expect(served?.tools.length).toBe(5);
    expect(served?.withheld).toEqual([]);
  });

  test("and that somebody names is an error that names them, not silence", () => {
    expect(() => needing({}, { only: ["fetchThings"] })).toThrow(
      'the tool "fetchThings" needs ACME_BOOK, ACME_REPORT, which are not set',
    );
  });

  test("cannot be called past the list either", async () => {
    const { deployment } = needing({});
    const problem = await problemOf(callTool(deployment, "fetchThing", { id: 1 }, context()));
    expect(problem.message).toBe(
      "fetchThing cannot be used: ACME_REPORT must be set where this server runs. No other arguments will help.",
    );
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
