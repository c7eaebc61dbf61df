import { requestOf } from "../../../src/definition/call.ts";
import { expect, test } from "vitest";
import type { Annotations } from "../../../src/definition/catalog.ts";
import { answering, planProject } from "./project.ts";

const ok = { summary: "Do it", responses: { 200: { description: "" } } };
const methods = { get: ok, put: ok, post: ok, patch: ok, delete: ok };

const annotations: {
  method: string;
  given?: object;
  because?: string;
  want: Annotations;
  call?: object;
  said?: string[];
}[] = [
  { method: "GET", want: { readOnlyHint: true } },
  { method: "POST", want: { destructiveHint: true } },
  { method: "PATCH", want: { destructiveHint: true } },
  { method: "PUT", want: { destructiveHint: true, idempotentHint: true } },
  { method: "DELETE", want: { destructiveHint: true, idempotentHint: true } },
  { method: "POST", given: { destructiveHint: false }, want: { destructiveHint: false } },
  { method: "GET", given: { openWorldHint: false }, want: { readOnlyHint: true, openWorldHint: false } },
  {
    method: "PUT",
    given: { idempotentHint: false },
    want: { destructiveHint: true },
    call: { idempotent: false },
  },
  {
    method: "POST",
    given: { readOnlyHint: true },
    because: "it searches",
    want: { readOnlyHint: true },
    call: { effect: "read" },
  },
  {
    method: "GET",
    given: { readOnlyHint: false },
    because: "it deletes",
    want: { destructiveHint: true },
    call: { effect: "write" },
  },
  {
    method: "POST",
    given: { idempotentHint: true },
    because: "it upserts",
    want: { destructiveHint: true, idempotentHint: true },
    call: { idempotent: true },
  },
  {
    method: "PUT",
    given: { readOnlyHint: true },
    want: { readOnlyHint: true },
    call: { effect: "read" },
    said: ["ANNOTATION_NEEDS_REASON"],
  },
  {
    method: "DELETE",
    given: { destructiveHint: false },
    want: { destructiveHint: false, idempotentHint: true },
    said: ["ANNOTATION_NEEDS_REASON"],
  },
  { method: "GET", because: "no need", want: { readOnlyHint: true }, said: ["BECAUSE_NOT_NEEDED"] },
];

test.each(annotations)(
  "T18 annotations of a $method with $given",
  async ({ method, given, because, want, call = {}, said = [] }) => {
    const planned = await planProject({
      paths: { "/a": methods },
      tools: { t: { operation: `${method} /a`, annotations: given, because } },
    });
    const tool = planned.tool();
    expect(tool.annotations).toEqual(want);
    const { request: _, ...rest } = tool.steps[0]?.calls[0] ?? {};
    expect(rest).toEqual(call);
    expect(planned.diagnostics.map(({ code }) => code)).toEqual(said);
  },
);

test("the vendor's words serve where nobody curates; curated text wins", async () => {
  const { tool } = await planProject({
    paths: { "/a": { get: { ...ok, summary: "List things", description: "Newest first.\u202E" } } },
    tools: { t: { operation: "GET /a" }, u: { operation: "GET /a", description: "Lists.", title: "The list" } },
  });
  expect(tool()).toMatchObject({ title: "T", description: "List things. Newest first." });
  expect(tool("u")).toMatchObject({ title: "The list", description: "Lists." });
});

const item = {
  type: "object",
  properties: { id: { type: "integer" }, owner: { $ref: "#/components/schemas/Owner" }, extra: { type: "object" } },
};
const schemas = { Owner: { type: ["object", "null"], properties: { name: { type: "string" } } } };
const list = {
  type: "object",
  properties: {
    things: { type: "array", items: item },
    meta: { type: "object", properties: { total: { type: "integer" } } },
  },
};
const paging = ["page", "per_page", "start", "cursor"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string" },
}));
const paths = {
  "/things": { get: answering(list, { summary: "List", parameters: paging }) },
  "/bare": { get: answering({ type: "array", items: item }, { summary: "List" }) },
};
const size = { parameter: "per_page", max: 100 };

const rules = [
  {
    rule: { page: "page", size, end: "link" },
    query: { page: "$page.number", per_page: "$page.size" },
    want: { size: { max: 100 }, end: { by: "link" } },
  },
  {
    rule: { offset: "start", size: { fixed: 30 }, end: "short-page" },
    query: { start: "$page.offset" },
    want: { size: { max: 30, fixed: true }, end: { by: "short-page" } },
  },
  {
    rule: { token: "cursor", size, end: { token: "$response.header.X-Next" } },
    query: { cursor: "$page.token", per_page: "$page.size" },
    want: { size: { max: 100 }, end: { by: "token", at: "$response.header.X-Next" } },
  },
  {
    rule: { page: "page", size, end: { pages: "/meta/total" }, total: "/meta/total", max_pages: 40 },
    query: { page: "$page.number", per_page: "$page.size" },
    want: {
      size: { max: 100 },
      maxPages: 40,
      end: { by: "pages", at: "$response.body#/meta/total" },
      total: "$response.body#/meta/total",
    },
  },
  { rule: { end: "single" }, query: undefined, want: { size: { max: 50, fixed: true }, end: { by: "single" } } },
];
test.each(rules)("paging by $rule", async ({ rule, query, want }) => {
  const { tool, said } = await planProject({
    paths,
    schemas,
    tools: { t: { operation: "GET /things", pagination: rule, arguments: [], limit: { maximum: 50, default: 10 } } },
  });
  expect(said).toEqual([]);
  expect(tool().inputs.map(({ name }) => name)).toEqual(["limit", "cursor"]);
  expect(tool().inputs[0]?.schema).toMatchObject({ maximum: 50, default: 10 });
  const [call] = tool().steps[0]?.calls ?? [];
  expect(call && requestOf(call)?.query).toEqual(query);
  expect(call?.pagination).toEqual({ items: "$response.body#/things", ...want }); // the one list of the answer
});

test("a bare list is its own items; several places may be named", async () => {
  const { tool, said } = await planProject({
    paths,
    schemas,
    tools: {
      t: { operation: "GET /bare", pagination: { end: "single" }, result: { fields: ["id"] } },
      u: {
        operation: "GET /things",
        arguments: [],
        pagination: { end: "single" },
        result: { items: ["/things", "/thing"], fields: ["owner.name"] },
      },
    },
  });
  expect(said).toEqual([]);
  expect(tool().steps[0]?.calls[0]?.pagination?.items).toBe("$response.body");
  expect(tool("u").steps[0]?.calls[0]?.pagination?.items).toEqual(["$response.body#/things", "$response.body#/thing"]);
});

test("a result is selected, projected and cleaned", async () => {
  const { tool, said } = await planProject({
    paths,
    schemas,
    tools: {
      t: {
        operation: "GET /things",
        result: { value: "/meta", fields: ["total"], text: { total: { html: true, max_chars: 10 } }, keep_nulls: true },
      },
      u: { operation: "GET /things", result: { project: "things[].id" } },
    },
  });
  expect(said).toEqual([]);
  expect(tool().result).toEqual({
    value: "$response.body#/meta",
    fields: ["total"],
    text: [{ at: "total", html: true, maxChars: 10 }],
    keepNulls: true,
  });
  expect(tool("u").result).toEqual({ project: "things[].id" });
});

test.each([
  [{ "text/csv": {} }, "text"],
  [{ "application/pdf": {} }, "binary"],
  [{ "text/event-stream": {} }, "events"],
  [{ "application/json": {}, "text/csv": {} }, undefined],
])("an answer of %s is read as %s", async (content, want) => {
  const { tool } = await planProject({
    paths: { "/a": { get: { summary: "Get", responses: { 200: { description: "", content } } } } },
    tools: { t: { operation: "GET /a" } },
  });
  expect(tool().steps[0]?.calls[0]?.answer).toBe(want);
});

test("credentials, servers and the environment", async () => {
  const { api, tool, said } = await planProject({
    paths: { "/a": { get: { ...ok, parameters: [{ name: "tenant", in: "query", schema: { type: "string" } }] } } },
    api: {
      servers: {
        api: { url: "https://${ACME_HOST:-acme.example}/v1" },
        files: { url: "{base}", variables: { base: "${ACME_FILES}" } },
      },
      credentials: {
        files_key: { servers: ["files"], query: { key: "${ACME_FILES_KEY}" } },
        token: { headers: { Authorization: "Token ${ACME_TOKEN}", "X-App": "toolwright" } },
      },
      limits: { calls: "${ACME_CALLS:-5}/minute", operations: { "GET /a": ["2/second"] }, source: "a guess" },
      identity: { me: "${ACME_ME}" },
      examples: [{ ask: "Who am I?", calls: [{ t: { tenant: "{me}" } }, { u: { tenant: "$steps.t.outputs#/id" } }] }],
    },
    tools: {
      t: { operation: "GET /a" },
      u: { operation: "GET /a", server: "files" },
      v: { operation: "GET /a", credential: "none", parameters: { tenant: { hide: true, value: "${ACME_TENANT}" } } },
    },
  });
  expect(said).toEqual([]);
  expect(api.definition).toMatchObject({
    servers: {
      api: { url: "https://{ACME_HOST}/v1", variables: { ACME_HOST: "$env.ACME_HOST:-acme.example" } },
      files: { url: "{base}", variables: { base: "$env.ACME_FILES" } },
    },
    credentials: {
      files_key: { servers: ["files"], query: { key: "$env.ACME_FILES_KEY" } },
      token: {
        servers: ["api", "files"],
        headers: { Authorization: "Token {$env.ACME_TOKEN}", "X-App": "toolwright" },
      },
    },
    limits: { calls: ["{$env.ACME_CALLS:-5}/minute"], operations: { "GET /a": ["2/second"] }, source: "a guess" },
    identity: { me: "$env.ACME_ME" },
    examples: [
      { ask: "Who am I?", calls: [{ t: { tenant: "$env.ACME_ME" } }, { u: { tenant: "$steps.t.outputs#/id" } }] },
    ],
  });
  expect(["t", "u", "v"].map((name) => tool(name).steps[0]?.calls[0]?.request.credential)).toEqual([
    "token",
    "files_key",
    undefined,
  ]);
  expect(api.environment.map(({ name, required, usedBy }) => `${name} ${required} ${usedBy.join()}`)).toEqual([
    "ACME_CALLS false limits.calls",
    "ACME_FILES true servers.files",
    "ACME_FILES_KEY true credentials.files_key",
    "ACME_HOST false servers.api",
    "ACME_ME false identity.me",
    "ACME_TENANT false tools.v",
    "ACME_TOKEN true credentials.token",
  ]);
});
