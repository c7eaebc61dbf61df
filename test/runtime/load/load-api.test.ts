import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { StartError } from "../../../src/runtime/load/start-error.ts";
import { ACME } from "../../mcp/fixture/bundle.ts";

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A copy whose files a test may break. */
function copy(change: (folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-load-"));
  folders.push(folder);
  cpSync(ACME, folder, { recursive: true });
  change(folder);
  return folder;
}

async function failure(folder: string): Promise<StartError> {
  // As from a bundle: outside of this repository the sources' own way of importing does not reach. No tool is loaded here.
  const error = await loadApi(folder, "file:///unused/runtime.js").then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StartError);
  return error as StartError;
}

test("an API is its catalog and its definition; a tool's module loads when it is asked for", async () => {
  const { catalog, definition } = await loadApi(ACME);
  expect(catalog.tools.map(({ name }) => name)).toEqual([
    "createThing",
    "downloadThing",
    "fetchThing",
    "fetchThings",
    "uploadThing",
  ]);
  expect(definition.title).toBe("Acme");
  expect(Object.keys((await definition.tools["fetchThing"]?.()) ?? {})).toEqual(["fetchThing"]);
});

test("the catalog is handed on with every keyword of its schemas", async () => {
  const { catalog } = await loadApi(ACME);
  expect(catalog).toEqual(JSON.parse(readFileSync(join(ACME, "catalog.json"), "utf8")));
});

const broken = [
  { what: "no catalog", file: "catalog.json", text: undefined, says: "does not exist" },
  { what: "no index", file: "index.ts", text: undefined, says: "does not exist" },
  { what: "not JSON", file: "catalog.json", text: "{ tools: }", says: "is not JSON: " },
  {
    what: "not a catalog",
    file: "catalog.json",
    text: '{ "tools": [{ "name": "a" }] }',
    says: "is not a catalog: tools[0].title: ",
  },
  {
    what: "a name that hosts refuse",
    file: "catalog.json",
    text: '{ "tools": [{ "name": "a.b", "title": "", "description": "", "inputSchema": { "type": "object" }, "annotations": {} }] }',
    says: "tools[0].name: must be 1 to 64 letters",
  },
  {
    what: "a root that is no object",
    file: "catalog.json",
    text: '{ "tools": [{ "name": "a", "title": "", "description": "", "inputSchema": { "oneOf": [] }, "annotations": {} }] }',
    says: "tools[0].inputSchema.type: ",
  },
  {
    what: "a tool that index.ts lacks, even one that every object has",
    file: "catalog.json",
    text: '{ "tools": [{ "name": "toString", "title": "", "description": "", "inputSchema": { "type": "object" }, "annotations": {} }] }',
    says: 'has no tool "toString"',
  },
];

test.each(broken)("$what: the message names the file and the way out", async ({ file, text, says }) => {
  const folder = copy((at) => (text === undefined ? rmSync(join(at, file)) : writeFileSync(join(at, file), text)));
  const { message, help } = await failure(folder);
  expect(message).toMatch(/(catalog\.json|index\.ts) /);
  expect(message).toContain(folder);
  expect(message).toContain(says);
  expect(help).toContain("`toolwright generate`");
});
