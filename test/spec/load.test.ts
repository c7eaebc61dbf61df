import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findOperation } from "../../src/spec/find-operation.ts";
import { loadSpec } from "../../src/spec/load-spec.ts";
import { resolveOperation } from "../../src/spec/resolve-operation.ts";
import { codes, load, NAMED, project, resolve } from "./project.ts";

const ACME = `
openapi: 3.1.0
info: { title: Acme, version: 2 }
servers: [{ url: "https://{domain}/api", variables: { domain: { default: acme.example } } }]
security: [{ key: [] }, {}]
paths:
  /tickets:
    get: { operationId: listTickets, summary: List tickets, tags: [tickets, 5], responses: { 200: { description: OK } } }
    post:
      operationId: createTicket
      deprecated: true
      security: [{ login: [tickets.write], key: [] }]
      requestBody:
        required: true
        content:
          application/json: { schema: { type: object }, examples: { a: { value: { subject: Help } } } }
          multipart/form-data: { schema: { type: object }, encoding: { photo: { contentType: image/png } } }
      responses:
        201: { description: Made, headers: { Location: { schema: { type: string } } }, content: { application/json: { example: 1 } } }
        default: { $ref: '#/components/responses/Error' }
  x-internal: { get: {} }
  /tickets/{ticket_id}:
    get: { operationId: getTicket, security: [], parameters: [{ name: ticket_id, in: path, required: true, schema: {} }] }
    query: { operationId: notThreeOne }
  /tickets/{id}/notes#all: { get: { responses: {} } }
components:
  responses: { Error: { description: Failed, content: { application/problem+json: { schema: { type: object } } } } }
  securitySchemes:
    key: { type: http, scheme: Basic }
    header: { type: apiKey, in: header, name: X-Key }
    lost: { $ref: '#/nowhere' }
`;

test("the summary says what the description says", async () => {
  const { spec, diagnostics } = await load({ "specs/acme.yaml": ACME });
  const schemes = "/components/securitySchemes";
  expect(spec.summary).toEqual({
    file: "specs/acme.yaml",
    format: "openapi-3.1",
    title: "Acme",
    version: "2",
    servers: [{ url: "https://{domain}/api", variables: { domain: "acme.example" } }],
    securitySchemes: [
      {
        name: "key",
        type: "http",
        scheme: "basic",
        in: undefined,
        parameterName: undefined,
        description: "",
        origin: { file: "specs/acme.yaml", pointer: `${schemes}/key` },
      },
      {
        name: "header",
        type: "apiKey",
        scheme: undefined,
        in: "header",
        parameterName: "X-Key",
        description: "",
        origin: { file: "specs/acme.yaml", pointer: `${schemes}/header` },
      },
    ],
  });
  expect(codes(diagnostics)).toEqual([`REF_NOT_FOUND specs/acme.yaml#${schemes}/lost/$ref`]);
  expect(diagnostics[0]?.severity).toBe("warning"); // an operation that needs it fails by itself
});

test("operations are listed in the order of the description", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  expect(spec.files).toEqual(["specs/acme.yaml"]);
  expect(spec.entries.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`)).toEqual([
    "GET /tickets listTickets",
    "POST /tickets createTicket",
    "GET /tickets/{ticket_id} getTicket",
    "GET /tickets/{id}/notes#all undefined",
  ]);
  expect(spec.entries[0]).toEqual({
    origin: { file: "specs/acme.yaml", pointer: "/paths/~1tickets/get" },
    method: "GET",
    path: "/tickets",
    operationId: "listTickets",
    summary: "List tickets",
    tags: ["tickets"],
  });
});

test.each([
  { given: "listTickets", want: ["GET /tickets"] },
  { given: "GET /tickets", want: ["GET /tickets"] },
  { given: "get   /tickets", want: ["GET /tickets"] },
  { given: "GET /tickets/{ticket_id}", want: ["GET /tickets/{ticket_id}"] },
  { given: "GET /tickets/{x}", want: ["GET /tickets/{ticket_id}"] },
  { given: "GET /tickets/{x}/notes#all", want: ["GET /tickets/{id}/notes#all"] },
  { given: "DELETE /tickets", want: [] },
  { given: "listTicket", want: [] },
  { given: "", want: [] },
])("finds $given", async ({ given, want }) => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  expect(findOperation(spec, given).map(({ method, path }) => `${method} ${path}`)).toEqual(want);
});

test("paths are what the description says, whatever is in them", async () => {
  const paths = [
    "/token#refresh",
    "/files?upload&to=x",
    "/compare/{base}...{head}",
    "/v1/{name}:cancel",
    "/{a}/{a}",
    "/x/__proto__",
  ];
  const text = `openapi: 3.0.3\npaths:\n${paths.map((path) => `  "${path}": { get: { responses: {} } }\n`).join("")}`;
  const { spec, diagnostics } = await load({ "specs/acme.yaml": text });
  expect(spec.entries.map(({ path }) => path)).toEqual(paths);
  expect(diagnostics).toEqual([]);
  for (const path of paths) expect(findOperation(spec, `GET ${path}`).map((entry) => entry.path)).toEqual([path]);
  const names = (path: string) => resolve(spec, `GET ${path}`).operation.parameters.map(({ name }) => name);
  expect(paths.map(names)).toEqual([[], [], ["base", "head"], ["name"], ["a"], []]);
});

test("an operation has its body, answers and security, each where it is described", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  const { operation, diagnostics } = resolve(spec, "createTicket");
  const at = "/paths/~1tickets/post";
  expect(diagnostics).toEqual([]);
  expect(operation.deprecated).toBe(true);
  expect(operation.security).toEqual([{ login: ["tickets.write"], key: [] }]);
  expect(operation.requestBody).toEqual({
    origin: { file: "specs/acme.yaml", pointer: `${at}/requestBody` },
    required: true,
    description: "",
    content: [
      { contentType: "application/json", schema: { type: "object" }, encoding: {}, example: { subject: "Help" } },
      {
        contentType: "multipart/form-data",
        schema: { type: "object" },
        encoding: { photo: { contentType: "image/png" } },
        example: undefined,
      },
    ],
  });
  expect(operation.responses).toEqual([
    {
      status: "201",
      description: "Made",
      headers: ["Location"],
      content: [{ contentType: "application/json", schema: {}, encoding: {}, example: 1 }],
    },
    {
      status: "default",
      description: "Failed",
      headers: [],
      content: [
        { contentType: "application/problem+json", schema: { type: "object" }, encoding: {}, example: undefined },
      ],
    },
  ]);
});

test("security is the description's unless the operation has its own, an empty list included", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  expect(resolve(spec, "listTickets").operation.security).toEqual([{ key: [] }, {}]);
  expect(resolve(spec, "getTicket").operation.security).toEqual([]);
});

test("an operation is resolved once", async () => {
  const { spec } = await load({ "specs/acme.yaml": ACME });
  const [entry] = spec.entries;
  expect(entry && resolveOperation(spec, entry)).toBe(entry && resolveOperation(spec, entry));
});

test("an operationId that is used twice is a warning, and finds both", async () => {
  const text = "openapi: 3.0.3\npaths: { /a: { get: { operationId: x }, put: { operationId: x } } }\n";
  const { spec, diagnostics } = await load({ "specs/acme.yaml": text });
  expect(codes(diagnostics)).toEqual(["DUPLICATE_OPERATION_ID specs/acme.yaml#/paths/~1a/put/operationId"]);
  expect(diagnostics[0]?.help).toContain("`operation: PUT /a`");
  expect(findOperation(spec, "x").map(({ method }) => method)).toEqual(["GET", "PUT"]);
});

/** Files that are no description, and what is said of them. */
const refused = [
  {
    text: "openapi: 4.0.0\npaths: {}",
    want: "UNSUPPORTED_SPEC_VERSION: OpenAPI 4.0.0 is not supported; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are",
  },
  {
    text: 'swagger: "1.2"',
    want: "UNSUPPORTED_SPEC_VERSION: Swagger 1.2 is not supported; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are",
  },
  { text: "", want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it looks like an empty file' },
  {
    text: "<!doctype html><title>404</title>",
    want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it looks like a page of HTML',
  },
  {
    text: "info: { _postman_id: 1 }",
    want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it looks like a Postman collection',
  },
  { text: "apis: {}", want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it looks like a tools.yaml' },
  {
    text: "paths: {}",
    want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it looks like an OpenAPI description without its `openapi:` version',
  },
  { text: "- a", want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it looks like a list' },
  { text: "hello", want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it looks like a plain text' },
  { text: "a: 1", want: 'NOT_A_SPEC: "specs/acme.yaml" is not an OpenAPI description: it has no `openapi:` version' },
  {
    text: "a: [1",
    want: "SYNTAX_ERROR: not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]",
  },
];

test.each(refused)("$want", async ({ text, want }) => {
  const folder = project({ "specs/acme.yaml": text });
  const { spec, diagnostics } = await loadSpec({ projectDir: folder, file: "specs/acme.yaml", at: NAMED });
  expect(spec).toBeUndefined();
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([want]);
});

test.each([
  { file: "specs/none.yaml", want: "FILE_NOT_FOUND" },
  { file: "../acme.yaml", want: "FILE_OUTSIDE_PROJECT" },
  { file: "/etc/passwd", want: "FILE_OUTSIDE_PROJECT" },
  { file: "specs/acme.txt", want: "UNKNOWN_FILE_KIND" },
  { file: "specs/folder.yaml", want: "FILE_UNREADABLE" },
  { file: "specs/cut.json", want: "SYNTAX_ERROR" },
])("a file that cannot be had is told where it is named: $file", async ({ file, want }) => {
  const folder = project({ "specs/acme.txt": "a", "specs/folder.yaml/a.yaml": "a", "specs/cut.json": "{" });
  const { diagnostics } = await loadSpec({ projectDir: folder, file, at: NAMED });
  expect(diagnostics.map(({ code }) => code)).toEqual([want]);
});

test("a file that is not UTF-8 is told so", async () => {
  const folder = project({ "specs/acme.yaml": "" });
  writeFileSync(join(folder, "specs/acme.yaml"), Buffer.from([0x61, 0x3a, 0x20, 0xe9])); // `a: é` in Latin-1
  const { diagnostics } = await loadSpec({ projectDir: folder, file: "specs/acme.yaml", at: NAMED });
  expect(diagnostics.map(({ message }) => message)).toEqual(['"specs/acme.yaml" cannot be read: it is not UTF-8']);
});

test("a description without paths has no operations and no problems", async () => {
  const { spec, diagnostics } = await load({ "specs/acme.yaml": "openapi: 3.1.0\nwebhooks: {}\n" });
  expect(spec.entries).toEqual([]);
  expect(diagnostics).toEqual([]);
});

test("what has another shape than OpenAPI says is left out with a warning", async () => {
  const text = "openapi: 3.0.3\npaths: { /a: 5, /b: { get: text, put: { responses: {} } } }\n";
  const { spec, diagnostics } = await load({ "./specs/acme.yaml": text }, "./specs//acme.yaml");
  expect(codes(diagnostics)).toEqual([
    "MALFORMED_SPEC specs/acme.yaml#/paths/~1a",
    "MALFORMED_SPEC specs/acme.yaml#/paths/~1b/get",
  ]);
  expect(spec.entries.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT /b"]);
});
