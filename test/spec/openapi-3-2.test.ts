import { expect, test } from "vitest";
import { codes, load, resolve } from "./project.ts";

const ACME = `
openapi: 3.2.0
$self: https://acme.example/openapi.yaml
info: { title: Acme, version: "1" }
tags: [{ name: a, kind: nav, parent: b }, { name: b }]
servers: [{ url: https://acme.example, name: main }]
paths:
  /tickets:
    servers: [{ url: https://eu.acme.example }]
    get: { responses: {} }
    query:
      servers: [{ url: "https://{region}.acme.example", variables: { region: { default: us } } }]
      parameters:
        - { name: all, in: querystring, content: { application/x-www-form-urlencoded: { schema: { type: object } } } }
        - { name: bare, in: querystring, schema: { type: object } }
        - { name: theme, in: cookie, style: cookie, schema: { type: string } }
        - { $ref: 'https://acme.example/openapi.yaml#/components/parameters/Limit' }
      requestBody: { content: { application/json: { $ref: '#/components/mediaTypes/Ticket' } } }
      responses:
        200: { description: OK, content: { text/event-stream: { itemSchema: { $ref: '#/components/schemas/Event' } },
          application/jsonl: { schema: { type: array, maxItems: 9 }, itemSchema: { type: object } } } }
    additionalOperations: { LINK: { responses: {} } }
components:
  parameters: { Limit: { name: limit, in: query, schema: { type: integer } } }
  mediaTypes: { Ticket: { schema: { type: object }, examples: { one: { dataValue: { id: 1 } } } } }
  schemas: { Event: { type: object, properties: { data: { type: string } } } }
`;

test("QUERY is a method, and so is any token that a vendor has of his own", async () => {
  const { spec, diagnostics } = await load({ "specs/acme.yaml": ACME });
  expect(spec.summary.format).toBe("openapi-3.2");
  expect(spec.entries.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /tickets",
    "QUERY /tickets",
    "LINK /tickets",
  ]);
  expect(codes(diagnostics)).toEqual([]);
  expect(resolve(spec, "LINK /tickets").operation.method).toBe("LINK");
});

test("a method that nobody can send is told and left out", async () => {
  const { spec, diagnostics } = await load({
    "specs/acme.yaml": ACME.replace(
      "LINK: { responses: {} }",
      'post: { responses: {} }, CONNECT: { responses: {} }, "A B": { responses: {} }, Copy: { responses: {} }',
    ),
  });
  expect(spec.entries.map(({ method }) => method)).toEqual(["GET", "QUERY", "Copy"]);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'operations of the method "post" are left out: it has a member of its own in a path',
    'operations of the method "CONNECT" are left out: no client sends it',
    'operations of the method "A B" are left out: it is no token of HTTP',
  ]);
});

test("a whole query string is a parameter of its own, and needs a media type", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  const { operation, diagnostics } = resolve(spec, "QUERY /tickets");
  expect(
    operation.parameters.map(({ name, in: place, contentType, style }) => [name, place, contentType, style]),
  ).toEqual([
    ["all", "querystring", "application/x-www-form-urlencoded", "form"],
    ["theme", "cookie", undefined, "cookie"],
    ["limit", "query", undefined, "form"],
  ]);
  expect(codes(diagnostics)).toEqual(["MALFORMED_SPEC specs/acme.yaml#/paths/~1tickets/query/parameters/1"]);
});

test("a media type may stand elsewhere, and a sequence says what its items are", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  const { operation } = resolve(spec, "QUERY /tickets");
  const event = { $ref: "#/$defs/Event" };
  expect(operation.requestBody?.content).toEqual([
    { contentType: "application/json", schema: { type: "object" }, encoding: {}, example: { id: 1 } },
  ]);
  expect(operation.responses[0]?.content).toEqual([
    { contentType: "text/event-stream", schema: { type: "array", items: event }, itemSchema: event, encoding: {} },
    {
      contentType: "application/jsonl",
      schema: { type: "array", maxItems: 9 },
      itemSchema: { type: "object" },
      encoding: {},
    },
  ]);
});

test("an operation's servers, or else its path's, take the place of the description's", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  expect(resolve(spec, "GET /tickets").operation.servers).toEqual([{ url: "https://eu.acme.example", variables: {} }]);
  expect(resolve(spec, "QUERY /tickets").operation.servers).toEqual([
    { url: "https://{region}.acme.example", variables: { region: "us" } },
  ]);
});

test("what 3.2 added means nothing in 3.1", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME.replace("3.2.0", "3.1.1") });
  expect(spec.entries.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /tickets"]);
});
