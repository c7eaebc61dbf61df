import { expect, test } from "vitest";
import { bodySchema, codes } from "./project.ts";

const COMPONENTS = `{
  Pet: { type: object, properties: { name: { type: string } } },
  Page: { $id: 'https://acme.example/page', $defs: { item: { $dynamicAnchor: item, not: {} } }, type: object, description: A page.,
    properties: { data: { type: array, items: { $dynamicRef: '#item' } }, next: { $ref: '#/components/schemas/Page' } } },
  Envelope: { $defs: { item: { $dynamicAnchor: item } }, type: object, properties: { page: { $ref: '#/components/schemas/Page' } } },
  Tree: { $dynamicAnchor: node, type: object, properties: { children: { type: array, items: { $dynamicRef: '#node' } } } },
  StrictTree: { $dynamicAnchor: node, $ref: '#/components/schemas/Tree', unevaluatedProperties: false },
  Filter: { $recursiveAnchor: true, type: object, properties: { all: { type: array, items: { $recursiveRef: '#' } } } } }`;
const PETS = "{ $defs: { item: { $dynamicAnchor: item, $ref: '#/components/schemas/Pet' } }";

test("a generic schema is read for each use of it, with what that binds", async () => {
  const { schema, definitions, diagnostics } = await bodySchema(
    `${PETS}, $ref: '#/components/schemas/Page' }`,
    "3.1.0",
    COMPONENTS,
  );
  expect(schema).toEqual({
    type: "object",
    description: "A page.",
    // Within itself it is named, and stands for nothing in particular.
    properties: { data: { type: "array", items: { $ref: "#/$defs/Pet" } }, next: { $ref: "#/$defs/Page" } },
  });
  expect(Object.keys(definitions)).toEqual(["Pet", "Page", "item"]);
  expect(codes(diagnostics)).toEqual([]);
});

test("what is bound goes on through a generic schema within another", async () => {
  const { schema } = await bodySchema(`${PETS}, $ref: '#/components/schemas/Envelope' }`, "3.1.0", COMPONENTS);
  expect(schema).toMatchObject({
    properties: { page: { properties: { data: { items: { $ref: "#/$defs/Pet" } } } } },
  });
});

test("what stands beside the reference goes on top of what it leads to", async () => {
  const own = "properties: { total: { type: integer } }, description: All pets.";
  const { schema } = await bodySchema(`${PETS}, $ref: '#/components/schemas/Page', ${own} }`, "3.1.0", COMPONENTS);
  expect(schema).toMatchObject({
    description: "All pets.",
    properties: { total: { type: "integer" } },
    allOf: [{ properties: { data: { items: { $ref: "#/$defs/Pet" } } } }],
  });
});

test("a tree that is extended is one of the extended all the way down", async () => {
  const { definitions } = await bodySchema("{ $ref: '#/components/schemas/StrictTree' }", "3.1.0", COMPONENTS);
  expect(definitions).toEqual({
    StrictTree: {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#/$defs/StrictTree" } } },
      unevaluatedProperties: false,
    },
  });
});

test("$recursiveRef of draft 2019-09 is read, and told", async () => {
  const { definitions, diagnostics } = await bodySchema("{ $ref: '#/components/schemas/Filter' }", "3.1.0", COMPONENTS);
  expect(definitions).toEqual({
    Filter: { type: "object", properties: { all: { type: "array", items: { $ref: "#/$defs/Filter" } } } },
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(["FOREIGN_KEYWORD"]);
});
