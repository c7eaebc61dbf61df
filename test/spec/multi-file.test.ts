import { expect, test } from "vitest";
import { codes, load, resolve } from "./project.ts";

const FILES = {
  "specs/acme/openapi.yaml": `
openapi: 3.0.3
info: { title: Acme, version: "1", description: { $ref: readme.md } }
paths:
  /pets: { $ref: paths/pets.yaml }
  /owners:
    get: { $ref: 'paths/owners.json#/list' }
    post: { operationId: broken, requestBody: { $ref: 'broken.yaml#/body' } }
`,
  "specs/acme/paths/pets.yaml": `
parameters: [{ $ref: '../shared/parameters.yaml#/Limit' }]
get:
  operationId: listPets
  responses:
    200: { description: OK, content: { application/json: { schema: { type: array, items: { $ref: ../models/pet.yaml } } } } }
`,
  "specs/acme/paths/owners.json": `{ "list": { "operationId": "listOwners", "responses": {
    "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "../models/pet.yaml#/properties/owner" } } } } } } }`,
  "specs/acme/models/pet.yaml": `
type: object
properties:
  owner: { $ref: 'owner.yaml#/Owner' }
  name: { type: int }
`,
  "specs/acme/models/owner.yaml": `
Owner: { type: object, properties: { pets: { type: array, items: { $ref: pet.yaml } } } }
`,
  "specs/acme/shared/parameters.yaml": "Limit: { name: limit, in: query, schema: { type: integer } }\n",
  "specs/acme/broken.yaml": "body: [\n",
};

test("every file that is referred to belongs to the description", async () => {
  const { spec, diagnostics } = await load(FILES, "specs/acme/openapi.yaml");
  expect(spec.files).toEqual([
    "specs/acme/openapi.yaml",
    "specs/acme/models/owner.yaml",
    "specs/acme/models/pet.yaml",
    "specs/acme/paths/owners.json",
    "specs/acme/paths/pets.yaml",
    "specs/acme/shared/parameters.yaml",
  ]);
  expect(diagnostics).toEqual([]);
});

test("operations are found in the files that hold them", async () => {
  const { spec } = await load(FILES, "specs/acme/openapi.yaml");
  expect(spec.entries.map(({ method, path, origin }) => `${method} ${path} ${origin.file}#${origin.pointer}`)).toEqual([
    "GET /pets specs/acme/paths/pets.yaml#/get",
    "GET /owners specs/acme/paths/owners.json#/list",
    "POST /owners specs/acme/openapi.yaml#/paths/~1owners/post",
  ]);
});

test("references are followed from the file that they stand in; definitions keep the files' names", async () => {
  const { spec } = await load(FILES, "specs/acme/openapi.yaml");
  const { operation, diagnostics } = resolve(spec, "listPets");
  expect(operation.parameters.map(({ name, origin }) => `${name} ${origin.file}#${origin.pointer}`)).toEqual([
    "limit specs/acme/shared/parameters.yaml#/Limit",
  ]);
  expect(operation.responses[0]?.content[0]?.schema).toEqual({ type: "array", items: { $ref: "#/$defs/pet" } });
  expect(operation.definitions).toEqual({
    pet: { type: "object", properties: { owner: { $ref: "#/$defs/Owner" }, name: { type: "integer" } } },
    Owner: { type: "object", properties: { pets: { type: "array", items: { $ref: "#/$defs/pet" } } } },
  });
  expect(codes(diagnostics)).toEqual(["ILLEGAL_TYPE specs/acme/models/pet.yaml#/properties/name/type"]);
});

test("a reference to a reference reaches the schema, in another order with the same names and warnings", async () => {
  const { spec } = await load(FILES, "specs/acme/openapi.yaml");
  const { operation, diagnostics } = resolve(spec, "listOwners");
  expect(operation.responses[0]?.content[0]?.schema).toEqual({ $ref: "#/$defs/Owner" });
  expect(Object.keys(operation.definitions)).toEqual(["Owner", "pet"]);
  expect(resolve(spec, "listPets").diagnostics).toEqual(diagnostics);
});

test("a file that cannot be parsed is told by the operations that need it, and by no other", async () => {
  const { spec } = await load(FILES, "specs/acme/openapi.yaml");
  const { operation, diagnostics } = resolve(spec, "broken");
  expect(operation.requestBody).toBeUndefined();
  expect(codes(diagnostics)).toEqual(["SYNTAX_ERROR specs/acme/broken.yaml#"]);
});

test("a reference that is no URL, and one in an example, do not keep the others from being read", async () => {
  const files = {
    "specs/acme.yaml": `
openapi: 3.0.3
paths: { /a: { post: { requestBody: { content: { application/json: { example: { $ref: data.yaml }, schema: { properties: {
  bad: { $ref: 'http://[' }, odd: { $ref: '%zz.yaml' }, good: { $ref: 'b%20c.yaml' }, same: { $ref: 'b c.yaml' } } } } } } } } }
`,
    "specs/b c.yaml": "type: integer\n",
    "specs/data.yaml": "not: read\n",
  };
  const { spec } = await load(files);
  const { operation, diagnostics } = resolve(spec, "POST /a");
  const good = { $ref: "#/$defs/b_c" };
  expect(spec.files).toEqual(["specs/acme.yaml", "specs/b c.yaml"]);
  expect(operation.requestBody?.content[0]?.schema).toEqual({ properties: { bad: {}, odd: {}, good, same: good } });
  expect(operation.definitions).toEqual({ b_c: { type: "integer" } });
  expect(diagnostics.map(({ code }) => code)).toEqual(["REF_REMOTE", "REF_NOT_FOUND"]);
});

test("a pointer leads through references, and a whole map of properties may stand elsewhere", async () => {
  const files = {
    "specs/acme.yaml": `
openapi: 3.0.3
paths: { /a: { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/A/properties/b' } } } } } } }
components: { schemas: { A: { $ref: 'a.yaml#/A' } } }
`,
    "specs/a.yaml":
      "A: { properties: { b: { type: object, properties: { $ref: '#/shared' } } } }\nshared: { c: { type: string } }\n",
  };
  const { spec } = await load(files);
  const { operation, diagnostics } = resolve(spec, "POST /a");
  expect(diagnostics).toEqual([]);
  expect(operation.requestBody?.content[0]?.schema).toEqual({ $ref: "#/$defs/b" });
  expect(operation.definitions).toEqual({ b: { type: "object", properties: { c: { type: "string" } } } });
});

test("names do not depend on which operations were resolved before", async () => {
  const schema = (file: string) => `{ content: { application/json: { schema: { $ref: '${file}#/Item' } } } }`;
  const files = {
    "specs/acme.yaml": `
openapi: 3.0.3
paths:
  /a: { post: { requestBody: ${schema("a.yaml")}, responses: { 200: ${schema("b.yaml")} } } }
  /b: { post: { requestBody: ${schema("b.yaml")}, responses: { 200: ${schema("a.yaml")} } } }
`,
    "specs/a.yaml": "Item: { type: object, properties: { next: { $ref: '#/Item' } } }\n",
    "specs/b.yaml": "Item: { type: array, items: { $ref: '#/Item' } }\n",
  };
  const { spec } = await load(files);
  expect(resolve(spec, "POST /a").operation.definitions).toEqual({
    Item: { type: "object", properties: { next: { $ref: "#/$defs/Item" } } },
    Item_2: { type: "array", items: { $ref: "#/$defs/Item_2" } },
  });
  expect(resolve(spec, "POST /b").operation.definitions).toEqual({
    Item: { type: "array", items: { $ref: "#/$defs/Item" } },
    Item_2: { type: "object", properties: { next: { $ref: "#/$defs/Item_2" } } },
  });
});

test("a whole description is resolved without changing what was read", async () => {
  const { spec } = await load(FILES, "specs/acme/openapi.yaml");
  const before = JSON.stringify([...spec.source.documents.values]);
  for (const { method, path } of spec.entries) resolve(spec, `${method} ${path}`);
  expect(JSON.stringify([...spec.source.documents.values])).toBe(before);
});

test("security schemes may stand in a file of their own, all of them", async () => {
  const { spec } = await load({
    "specs/acme.yaml": `
openapi: 3.0.3
info: { title: Acme, version: "1" }
paths: {}
components: { securitySchemes: { $ref: ./security.yaml } }
`,
    "specs/security.yaml": "key: { type: http, scheme: bearer }\n",
  });
  expect(spec.summary.securitySchemes.map(({ name, scheme }) => [name, scheme])).toEqual([["key", "bearer"]]);
});
