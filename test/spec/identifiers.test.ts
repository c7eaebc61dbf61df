import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { bodySchema, codes, load, resolve } from "./project.ts";

const AT = "specs/acme.yaml#/paths/~1things/post/requestBody/content/application~1json/schema";

/** Schemas that references of 3.1 may mean by name. */
const COMPONENTS = `{
  Named: { $anchor: named, type: string },
  Pet: { $id: 'https://acme.example/pet', type: object, properties: { name: { $ref: '#/$defs/name' }, top: { $ref: '#/components/schemas/Named' }, near: { $ref: '#mark' } },
    $defs: { name: { type: string, minLength: 1 }, mark: { $anchor: mark, type: boolean } } },
  Relative: { $id: 'https://acme.example/shapes/box', properties: { other: { $ref: ../pet } } },
  Tree: { $dynamicAnchor: node, type: object, properties: { children: { type: array, items: { $dynamicRef: '#node' } } } },
  Sample: { type: object, example: { $id: 'https://acme.example/sample', $anchor: fake }, properties: { $id: { type: string }, $anchor: { type: string } } } }`;

const names = [
  { ref: "#named", want: { Named: { type: "string" } } },
  {
    ref: "https://acme.example/pet",
    want: {
      Pet: {
        type: "object",
        properties: { name: { $ref: "#/$defs/name" }, top: { $ref: "#/$defs/Named" }, near: { $ref: "#/$defs/mark" } },
      },
      name: { type: "string", minLength: 1 },
      Named: { type: "string" },
      mark: { type: "boolean" },
    },
  },
  { ref: "https://acme.example/pet#/$defs/name", want: { name: { type: "string", minLength: 1 } } },
  { ref: "https://acme.example/pet#mark", want: { mark: { type: "boolean" } } },
  {
    ref: "#/components/schemas/Tree",
    want: { Tree: { type: "object", properties: { children: { type: "array", items: { $ref: "#/$defs/Tree" } } } } },
  },
];

test.each(names)("3.1: $ref", async ({ ref, want }) => {
  const { definitions, diagnostics } = await bodySchema(`{ $ref: '${ref}' }`, "3.1.0", COMPONENTS);
  expect(definitions).toEqual(want);
  expect(diagnostics).toEqual([]);
});

test("a reference inside a schema with `$id` is relative to it", async () => {
  const { definitions } = await bodySchema("{ $ref: '#/components/schemas/Relative' }", "3.1.0", COMPONENTS);
  expect(definitions["Relative"]).toEqual({ properties: { other: { $ref: "#/$defs/Pet" } } });
});

test.each(["https://acme.example/sample", "#fake", "#mark"])(
  "what stands in an example names nothing, nor does an anchor of another schema: %s",
  async (ref) => {
    const { schema, diagnostics } = await bodySchema(`{ $ref: '${ref}' }`, "3.1.0", COMPONENTS);
    expect(schema).toEqual({});
    expect(codes(diagnostics)).toEqual([`${ref.startsWith("#") ? "REF_NOT_FOUND" : "REF_REMOTE"} ${AT}/$ref`]);
  },
);

test("`$id` and `$anchor` may be names of properties, and in 3.0 they mean nothing", async () => {
  const { definitions, diagnostics } = await bodySchema("{ $ref: '#/components/schemas/Sample' }", "3.1.0", COMPONENTS);
  expect(definitions["Sample"]).toMatchObject({ properties: { $id: { type: "string" }, $anchor: { type: "string" } } });
  expect(diagnostics).toEqual([]);
  const old = await bodySchema("{ $ref: '#named' }", "3.0.3", COMPONENTS);
  expect(codes(old.diagnostics)).toEqual([`REF_NOT_FOUND ${AT}/$ref`]);
});

test("schemas of several files know each other by `$id`", async () => {
  const { spec } = await load({
    "specs/acme.yaml": `
openapi: 3.1.0
paths: { /a: { post: { requestBody: { content: { application/json: { schema: { $ref: shapes.yaml } } } } } } }
`,
    "specs/shapes.yaml":
      "$id: https://acme.example/shapes\nproperties: { a: { $ref: '#a' } }\n$defs: { a: { $anchor: a, type: integer } }\n",
  });
  const { operation, diagnostics } = resolve(spec, "POST /a");
  expect(operation.definitions).toEqual({
    shapes: { properties: { a: { $ref: "#/$defs/a" } } },
    a: { type: "integer" },
  });
  expect(diagnostics).toEqual([]);
});

test("T03 an `$id` that names a server on this machine sends nothing, and one that names a file reads none", async () => {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits++;
    response.end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port
  const own = `{ A: { $id: 'http://127.0.0.1:${port}/a', properties: { b: { $ref: b } } }, C: { $id: 'file:///etc/', properties: { d: { $ref: passwd } } } }`;
  const { schema, diagnostics } = await bodySchema(
    "{ anyOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/C' }, { $ref: '../../etc/passwd' }] }",
    "3.1.0",
    own,
  );
  expect(schema).toEqual({ anyOf: [{ $ref: "#/$defs/A" }, { $ref: "#/$defs/C" }, {}] });
  expect(diagnostics.map(({ code }) => code).sort()).toEqual([
    "REF_NOT_A_SPEC_FILE",
    "REF_NOT_A_SPEC_FILE",
    "REF_OUTSIDE_PROJECT",
  ]);
  expect(hits).toBe(0);
});

test("T06 a hundred thousand levels are no reason to fail", async () => {
  const deep = `{ "openapi": "3.1.0", "paths": {}, "components": { "schemas": { "A": { "$id": "a", "not": ${'{"not":'.repeat(100_000)}{}${"}".repeat(100_000)} } } } }`;
  const { spec, diagnostics } = await load({ "specs/acme.json": deep }, "specs/acme.json");
  expect(spec.entries).toEqual([]);
  expect(diagnostics).toEqual([]);
});
