import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { OperationParameter } from "../../src/spec/operation.ts";
import { codes, load, resolve } from "./project.ts";

/** A description of one operation, `POST /things/{id}`, with members of the root and of the operation (YAML in flow style). */
async function operationOf(own: string, root = "") {
  const text = `
swagger: "2.0"
info: { title: Acme, version: "1" }
${root}
paths: { "/things/{id}": { parameters: [{ name: id, in: path, required: true, type: integer }], post: { ${own} } } }
definitions:
  Pet: { type: object, discriminator: kind, required: [kind], properties: { kind: { type: string }, age: { type: integer, x-nullable: true } } }
  Dog: { allOf: [{ $ref: '#/definitions/Pet' }] }
parameters:
  Body: { name: the body, in: body, required: true, description: A pet., schema: { $ref: '#/definitions/Pet' } }
  Limit: { name: limit, in: query, type: integer, maximum: 9, exclusiveMaximum: true, description: Most. }
responses:
  Found: { description: Found, schema: { $ref: '#/definitions/Pet' }, headers: { X-Total: { type: integer } } }
`;
  const { spec, diagnostics } = await load({ "specs/acme.yaml": text });
  const resolved = resolve(spec, "POST /things/{id}");
  return { spec, operation: resolved.operation, diagnostics: [...diagnostics, ...resolved.diagnostics] };
}

const list = "type: array, items: { type: string }";

/** `collectionFormat` in the words of OpenAPI 3 (Swagger 2.0, Parameter Object). */
const formats: readonly { given: string; want: Partial<OperationParameter> }[] = [
  { given: `in: query, ${list}`, want: { style: "form", explode: false } },
  { given: `in: query, ${list}, collectionFormat: csv`, want: { style: "form", explode: false } },
  { given: `in: query, ${list}, collectionFormat: multi`, want: { style: "form", explode: true } },
  { given: `in: query, ${list}, collectionFormat: ssv`, want: { style: "spaceDelimited", explode: false } },
  { given: `in: query, ${list}, collectionFormat: pipes`, want: { style: "pipeDelimited", explode: false } },
  { given: `in: query, ${list}, collectionFormat: tsv`, want: { style: "tabDelimited", explode: false } },
  { given: "in: query, type: string, collectionFormat: csv", want: { style: "form", explode: true } },
  { given: `in: header, ${list}`, want: { style: "simple", explode: false } },
  { given: `in: header, ${list}, collectionFormat: multi`, want: { style: "simple", explode: false } },
  { given: `in: header, ${list}, collectionFormat: pipes`, want: { style: "pipeDelimited", explode: false } },
  { given: "in: query, type: string, required: true", want: { required: true, schema: { type: "string" } } },
  {
    given: "in: query, type: string, description: A., enum: [a]",
    want: { description: "A.", schema: { type: "string", enum: ["a"] } },
  },
  { given: "in: query, schema: { type: integer }", want: { schema: { type: "integer" } } },
];

test.each(formats)("$given", async ({ given, want }) => {
  const { operation, diagnostics } = await operationOf(`parameters: [{ name: a, ${given} }]`);
  expect(operation.parameters[1]).toMatchObject({ name: "a", ...want });
  expect(diagnostics).toEqual([]);
});

test("a parameter's keywords are its schema, wherever it is described", async () => {
  const { operation } = await operationOf("parameters: [{ $ref: '#/parameters/Limit' }]");
  expect(operation.parameters).toEqual([
    expect.objectContaining({ name: "id", in: "path", required: true, schema: { type: "integer" } }),
    expect.objectContaining({
      origin: { file: "specs/acme.yaml", pointer: "/parameters/Limit" },
      name: "limit",
      description: "Most.",
      schema: { type: "integer", exclusiveMaximum: 9 },
    }),
  ]);
});

test("a body parameter becomes the body, in every media type that the operation or else the description consumes", async () => {
  const body = "parameters: [{ $ref: '#/parameters/Body' }]";
  const schema = { $ref: "#/$defs/Pet" };
  const types = async (own: string, root?: string) =>
    (await operationOf(own, root)).operation.requestBody?.content.map(({ contentType }) => contentType);
  const { operation } = await operationOf(body);
  expect(operation.requestBody).toEqual({
    origin: { file: "specs/acme.yaml", pointer: "/parameters/Body" },
    required: true,
    description: "A pet.",
    content: [{ contentType: "application/json", schema, encoding: {}, example: undefined }],
  });
  expect(operation.definitions).toEqual({
    Pet: {
      type: "object",
      required: ["kind"],
      properties: { kind: { type: "string" }, age: { type: ["integer", "null"] } },
    },
  });
  expect(await types(body, "consumes: [text/plain, application/json]")).toEqual(["text/plain", "application/json"]);
  expect(await types(`consumes: [application/xml], ${body}`, "consumes: [text/plain]")).toEqual(["application/xml"]);
  expect(await types(`consumes: [], ${body}`, "consumes: [text/plain]")).toEqual(["application/json"]);
  expect(await types(`consumes: ["*/*"], ${body}`)).toEqual(["application/json"]);
});

test("form fields become one object, with the way its lists are written; a file is sent in multipart", async () => {
  const { operation, diagnostics } = await operationOf(
    `consumes: [multipart/form-data, application/x-www-form-urlencoded], parameters: [{ name: photo, in: formData, type: file, description: A photo. },
      { name: tags, in: formData, ${list} }, { name: ids, in: formData, ${list}, collectionFormat: multi },
      { name: cells, in: formData, ${list}, collectionFormat: tsv }, { name: "a[b]", in: formData, type: string, required: true }]`,
  );
  const strings = { type: "array", items: { type: "string" } };
  expect(operation.requestBody).toEqual({
    origin: { file: "specs/acme.yaml", pointer: "/paths/~1things~1{id}/post/parameters" },
    required: true,
    description: "",
    content: [
      {
        contentType: "multipart/form-data",
        schema: {
          type: "object",
          properties: {
            photo: { type: "string", contentMediaType: "application/octet-stream", description: "A photo." },
            tags: strings,
            ids: strings,
            cells: strings,
            "a[b]": { type: "string" },
          },
          required: ["a[b]"],
        },
        encoding: { tags: { style: "form", explode: false }, cells: { style: "tabDelimited", explode: false } },
        example: undefined,
      },
    ],
  });
  expect(diagnostics).toEqual([]);
});

test.each([
  { consumes: "", want: ["application/x-www-form-urlencoded"] },
  { consumes: "consumes: [application/json],", want: ["application/x-www-form-urlencoded"] },
  { consumes: 'consumes: ["*/*"],', want: ["application/x-www-form-urlencoded"] },
  { consumes: "consumes: [multipart/form-data],", want: ["multipart/form-data"] },
])("a form is written in a media type of forms: $consumes", async ({ consumes, want }) => {
  const { operation } = await operationOf(`${consumes} parameters: [{ name: a, in: formData, type: string }]`);
  expect(operation.requestBody?.content.map(({ contentType }) => contentType)).toEqual(want);
  expect(operation.requestBody?.required).toBe(false);
});

test("responses come in what the operation produces, with their headers and examples", async () => {
  const { operation, diagnostics } = await operationOf(
    `produces: [application/json, text/csv], responses: { 200: { $ref: '#/responses/Found' }, 204: { description: None },
      404: { description: No, schema: { $ref: '#/definitions/Pet' } },
      default: { description: Else, schema: { type: file }, examples: { text/csv: "a,b" } } }`,
  );
  const media = { schema: { $ref: "#/$defs/Pet" }, encoding: {}, example: undefined };
  const file = { schema: { type: "string", contentMediaType: "application/octet-stream" }, encoding: {} };
  expect(operation.responses).toEqual([
    {
      status: "200",
      description: "Found",
      headers: ["X-Total"],
      content: [
        { contentType: "application/json", ...media },
        { contentType: "text/csv", ...media },
      ],
    },
    { status: "204", description: "None", headers: [], content: [] },
    { status: "404", description: "No", headers: [], content: [] }, // of a refusal nothing is read
    {
      status: "default",
      description: "Else",
      headers: [],
      content: [
        { contentType: "application/json", ...file, example: undefined },
        { contentType: "text/csv", ...file, example: "a,b" },
      ],
    },
  ]);
  expect(diagnostics).toEqual([]);
});

/** `host`, `basePath` and `schemes` as URLs. */
const servers = [
  { root: "", want: [] },
  { root: "basePath: /v2/", want: ["/v2"] },
  { root: "host: acme.example", want: ["https://acme.example"] },
  {
    root: "host: acme.example:8443\nbasePath: /v2\nschemes: [http, https, wss]",
    want: ["https://acme.example:8443/v2", "http://acme.example:8443/v2"],
  },
  { root: "host: acme.example\nbasePath: /\nschemes: [http]", want: ["http://acme.example"] },
];

test.each(servers)("servers: $root", async ({ root, want }) => {
  const { spec, operation } = await operationOf("summary: A", root);
  expect(spec.summary.servers.map(({ url }) => url)).toEqual(want);
  expect(operation.servers).toEqual([]);
});

test("an operation may have schemes of its own", async () => {
  const { operation } = await operationOf("schemes: [http]", "host: acme.example\nschemes: [https]");
  expect(operation.servers).toEqual([{ url: "http://acme.example", variables: {} }]);
});

test("security schemes are told in the words of OpenAPI 3", async () => {
  const root = `securityDefinitions:
  login: { type: basic }
  key: { type: apiKey, in: header, name: X-Key }
  oauth: { type: oauth2, flow: accessCode, scopes: { read: Read. } }
security: [{ key: [] }]`;
  const { spec, operation } = await operationOf("security: [{ oauth: [read] }]", root);
  expect(spec.summary.securitySchemes.map(({ origin: _origin, ...scheme }) => scheme)).toEqual([
    { name: "login", type: "http", scheme: "basic", in: undefined, parameterName: undefined, description: "" },
    { name: "key", type: "apiKey", scheme: undefined, in: "header", parameterName: "X-Key", description: "" },
    { name: "oauth", type: "oauth2", scheme: undefined, in: undefined, parameterName: undefined, description: "" },
  ]);
  expect(operation.security).toEqual([{ oauth: ["read"] }]);
});

/** What vendors get wrong in Swagger 2.0, and what becomes of it. */
const mistakes = [
  { own: "parameters: [{ name: a, in: query }]", want: ["PARAMETER_WITHOUT_SCHEMA"] },
  { own: "parameters: [{ name: a, in: cookie, type: string }]", want: ["MALFORMED_SPEC"] },
  {
    own: "parameters: [{ name: a, in: body, schema: {} }, { name: b, in: body, schema: {} }]",
    want: ["DUPLICATE_PARAMETER"],
  },
  { own: "parameters: [{ name: a, in: query, type: int }]", want: ["ILLEGAL_TYPE"] },
  {
    own: "consumes: [application/json], parameters: [{ name: a, in: formData, type: string }]",
    want: ["FORM_MEDIA_TYPE"],
  },
  {
    own: "consumes: [application/x-www-form-urlencoded], parameters: [{ name: a, in: formData, type: file }]",
    want: ["FORM_MEDIA_TYPE"],
  },
  {
    own: "parameters: [{ name: a, in: formData, type: string }, { name: b, in: body, schema: {} }]",
    want: ["BODY_AND_FORM"],
  },
  {
    own: "parameters: [{ in: body, schema: { nullable: true, oneOf: [{ type: string }] } }]",
    want: ["FOREIGN_KEYWORD", "FOREIGN_KEYWORD"],
  },
];

test.each(mistakes)("$own is a warning", async ({ own, want }) => {
  const { diagnostics } = await operationOf(own);
  expect(diagnostics.map(({ code }) => code)).toEqual(want);
  expect(diagnostics.every(({ severity }) => severity === "warning")).toBe(true);
});

test("schemas that come out are JSON Schema 2020-12", async () => {
  const { operation } = await operationOf("parameters: [{ name: a, in: body, schema: { $ref: '#/definitions/Dog' } }]");
  const validate = new Ajv2020().compile({
    ...operation.requestBody?.content[0]?.schema,
    $defs: operation.definitions,
  });
  expect(validate({ kind: "dog", age: null })).toBe(true);
  expect(validate({ age: 1 })).toBe(false);
});

test("T07 prototype names are names in Swagger 2.0 too", async () => {
  const text = `{ "swagger": "2.0", "paths": { "/{constructor}": { "post": {
    "parameters": [{ "name": "__proto__", "in": "formData", "type": "string" }, { "name": "toString", "in": "query", "type": "string" }],
    "responses": { "__proto__": { "description": "x", "examples": { "__proto__": 1 } } } } } } }`;
  const { spec } = await load({ "specs/acme.json": text }, "specs/acme.json");
  const { operation, diagnostics } = resolve(spec, "POST /{x}");
  expect(operation.parameters.map(({ name }) => name)).toEqual(["toString", "constructor"]);
  const properties = operation.requestBody?.content[0]?.schema["properties"];
  expect(Object.entries(properties ?? {})).toEqual([["__proto__", { type: "string" }]]);
  expect(codes(diagnostics)).toEqual(["MISSING_PATH_PARAMETER specs/acme.json#/paths/~1{constructor}/post"]);
});
