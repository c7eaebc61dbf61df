import { createServer } from "node:http";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadSpec } from "../../src/spec/load-spec.ts";
import { resolveOperation } from "../../src/spec/resolve-operation.ts";
import { bodySchema, codes, load, NAMED, project, resolve } from "./project.ts";

const HEAD = 'openapi: 3.0.3\ninfo: { title: Acme, version: "1" }\n';
const AT = "specs/acme.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/$ref";

test.each([
  { ref: "../../secret.yaml", want: "REF_OUTSIDE_PROJECT" },
  { ref: "..%2F..%2Fsecret.yaml", want: "REF_OUTSIDE_PROJECT" },
  { ref: "/etc/passwd", want: "REF_OUTSIDE_PROJECT" },
  { ref: "file:///etc/passwd", want: "REF_OUTSIDE_PROJECT" },
  { ref: "C:/secret.yaml", want: "REF_OUTSIDE_PROJECT" },
  { ref: "\\\\host\\share\\a.yaml", want: "REF_OUTSIDE_PROJECT" },
  { ref: "https://example.com/a.yaml", want: "REF_REMOTE" },
  { ref: "//example.com/a.yaml", want: "REF_REMOTE" },
  { ref: "../.env", want: "REF_NOT_A_SPEC_FILE" },
  { ref: "http://[", want: "REF_REMOTE" },
  { ref: "a\u0000.yaml", want: "REF_NOT_FOUND" },
  { ref: "#anchor", want: "REF_NOT_FOUND" },
  { ref: "none.yaml#/a", want: "REF_NOT_FOUND" },
])("T03 $ref outside the project or over the network: $ref", async ({ ref, want }) => {
  const { schema, diagnostics } = await bodySchema(`{ $ref: ${JSON.stringify(ref)} }`);
  expect(codes(diagnostics)).toEqual([`${want} ${AT}`]);
  expect(schema).toEqual({});
});

test("T03 a symbolic link does not lead out of the project, and no content of the file is told", async () => {
  const outside = mkdtempSync(join(tmpdir(), "toolwright-outside-"));
  onTestFinished(() => rmSync(outside, { recursive: true }));
  writeFileSync(join(outside, "secret.yaml"), "type: top-secret-canary\n");
  const ref = "{ $ref: linked.yaml }";
  const folder = project({
    "specs/acme.yaml": `${HEAD}paths: { /a: { post: { requestBody: { content: { text/plain: { schema: ${ref} } } } } } }\n`,
  });
  symlinkSync(join(outside, "secret.yaml"), join(folder, "specs/linked.yaml"));
  symlinkSync(join(outside, "secret.yaml"), join(folder, "specs/direct.yaml"));

  const { spec } = await loadSpec({ projectDir: folder, file: "specs/acme.yaml", at: NAMED });
  const [entry] = spec?.entries ?? [];
  const resolved = spec && entry && resolveOperation(spec, entry);
  expect(resolved?.diagnostics.map(({ code }) => code)).toEqual(["REF_OUTSIDE_PROJECT"]);
  expect(JSON.stringify(resolved)).not.toContain("canary");
  const direct = await loadSpec({ projectDir: folder, file: "specs/direct.yaml", at: NAMED });
  expect(codes(direct.diagnostics)).toEqual(["FILE_OUTSIDE_PROJECT tools.yaml#/apis/acme/spec"]);
});

test("T03 names of files outside are not offered for one that is missing", async () => {
  const outside = mkdtempSync(join(tmpdir(), "toolwright-outside-"));
  onTestFinished(() => rmSync(outside, { recursive: true }));
  writeFileSync(join(outside, "acme-canary.yaml"), "a: 1\n");
  const folder = project({ "specs/acme-1.yaml": `${HEAD}paths: {}\n` });
  symlinkSync(outside, join(folder, "specs/linked"));
  const missing = async (file: string) =>
    (await loadSpec({ projectDir: folder, file, at: NAMED })).diagnostics[0]?.help;
  expect(await missing("specs/linked/acme-canari.yaml")).toBe(
    "put the file at specs/linked/acme-canari.yaml, or correct the path",
  );
  expect(await missing("specs/acme-2.yaml")).toBe("write `specs/acme-1.yaml`");
});

test("T03 a $ref to a server on this machine sends nothing", async () => {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits++;
    response.end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port
  const { diagnostics } = await bodySchema(`{ $ref: 'http://127.0.0.1:${port}/a.yaml' }`);
  expect(codes(diagnostics)).toEqual([`REF_REMOTE ${AT}`]);
  expect(hits).toBe(0);
});

test.each([
  [
    "a billion laughs",
    `a: &a [x, x, x]\n${["b", "c", "d", "e", "f", "g", "h"].map(laugh).join("")}`,
    "YAML_ALIAS_LIMIT",
  ],
  ["an alias inside itself", "info: &a\n  again: *a\n", "YAML_ALIAS_LIMIT"],
  ["an alias of nothing", "info: *a\n", "SYNTAX_ERROR"],
  ["duplicate keys", "paths: {}\npaths: {}\n", "SYNTAX_ERROR"],
  ["twenty thousand brackets", `x: ${"[".repeat(20_000)}\n`, "SYNTAX_ERROR"],
])("T06 %s", async (_name, text, want) => {
  const started = performance.now();
  const folder = project({ "specs/acme.yaml": `openapi: 3.0.3\n${text}` });
  const { spec, diagnostics } = await loadSpec({ projectDir: folder, file: "specs/acme.yaml", at: NAMED });
  expect(spec).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toEqual([want]);
  expect(performance.now() - started).toBeLessThan(5000); // milliseconds; a bomb takes minutes or all memory
});

test("T06 JSON nested beyond any stack is read as far as it makes sense", async () => {
  const deep = `${'{"properties":{"a":'.repeat(5000)}{}${"}}".repeat(5000)}`;
  const paths = `{ "/a": { "post": { "requestBody": { "content": { "application/json": { "schema": ${deep} } } } } } }`;
  const text = `{ "openapi": "3.1.0", "paths": ${paths} }`;
  const { spec } = await load({ "specs/acme.json": text }, "specs/acme.json");
  expect(resolve(spec, "POST /a").diagnostics.map(({ code }) => code)).toEqual(["MALFORMED_SPEC"]);
});

test("T06 a file beyond the cap is not read", async () => {
  const folder = project({ "specs/acme.json": "{}" });
  truncateSync(join(folder, "specs/acme.json"), 65 * 1024 * 1024); // sparse: takes no room on the disk
  const { diagnostics } = await loadSpec({ projectDir: folder, file: "specs/acme.json", at: NAMED });
  expect(codes(diagnostics)).toEqual(["FILE_TOO_LARGE tools.yaml#/apis/acme/spec"]);
});

test.each(["specs/acme.yaml", "specs/acme.json"])("T07 prototype names are names like any other: %s", async (file) => {
  const text = `{
    "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" },
    "paths": { "/things/{constructor}": { "post": {
      "operationId": "toString",
      "requestBody": { "content": { "application/json": { "schema": {
        "type": "object",
        "properties": { "__proto__": { "type": "string" }, "constructor": { "$ref": "#/components/schemas/constructor" }, "toString": { "type": "integer" } },
        "default": { "__proto__": { "polluted": 1 } } } } } },
      "responses": { "__proto__": { "description": "x" } },
      "security": [{ "__proto__": ["a"] }] } } },
    "components": { "schemas": { "constructor": { "type": "object", "example": { "__proto__": { "polluted": 1 } } } } } }`;
  const { spec } = await load({ [file]: text }, file);
  const { operation } = resolve(spec, "toString");
  const properties = operation.requestBody?.content[0]?.schema["properties"];
  expect(Object.entries(properties ?? {})).toEqual([
    ["__proto__", { type: "string" }],
    ["constructor", { $ref: "#/$defs/_constructor" }],
    ["toString", { type: "integer" }],
  ]);
  expect(Object.keys(operation.definitions)).toEqual(["_constructor"]);
  expect(operation.parameters.map(({ name }) => name)).toEqual(["constructor"]);
  expect(operation.security.map((one) => Object.entries(one))).toEqual([[["__proto__", ["a"]]]]);
  expect(operation.responses.map(({ status }) => status)).toEqual(["__proto__"]);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  expect(resolve(spec, "POST /things/{x}").operation).toBe(operation);
});

test("T07 looking for what is not there does not find Object.prototype", async () => {
  const { diagnostics } = await bodySchema("{ $ref: '#/components/schemas/toString' }");
  expect(codes(diagnostics)).toEqual([`REF_NOT_FOUND ${AT}`]);
});

function laugh(name: string): string {
  const before = String.fromCharCode(name.charCodeAt(0) - 1);
  return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]\n`;
}
