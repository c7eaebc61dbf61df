import { expect, test } from "vitest";
import { z } from "zod";
import type { Body, Request } from "../../../src/definition/request.ts";
import { file } from "../../../src/runtime/file.ts";
import { describeRequest } from "../../../src/runtime/request/describe-request.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { callOf, deployed, scopeOf } from "./fixture.ts";

const upload = (name: string, text: string) => file().parse({ name, base64: Buffer.from(text).toString("base64") });

function fill(request: Partial<Request>, inputs: Readonly<Record<string, unknown>> = {}) {
  return fillRequest(callOf(request), scopeOf(inputs), deployed());
}

test("a request is made from its template, with the defaults of its method", async () => {
  const request = await fillRequest(
    callOf({
      query: { query: '"{$inputs.q}"', page: "$page.number", status: "$inputs.status", fixed: 2 },
      credential: "key",
    }),
    scopeOf({ q: "status:2" }, { page: { number: 1, offset: 0, size: 30 } }),
    deployed(),
  );
  expect(request).toMatchObject({
    operation: "GET /tickets",
    effect: "read",
    idempotent: true,
    answer: "json",
    server: "api",
  });
  expect(request.url.href).toBe("https://acme.example/api/v2/tickets?query=%22status%3A2%22&page=1&fixed=2");
  expect(request.headers).toEqual({
    accept: "application/json",
    "user-agent": "toolwright",
    authorization: `Basic ${Buffer.from("s3cr3t/k+y:X").toString("base64")}`,
  });
});

test.each([
  ["POST", "write", false],
  ["PATCH", "write", false],
  ["PUT", "write", true],
  ["DELETE", "write", true],
  ["HEAD", "read", true],
  ["QUERY", "read", true],
] as const)("%s is a %s, idempotent: %s", async (method, effect, idempotent) => {
  expect(await fill({ method })).toMatchObject({ effect, idempotent });
});

test("a write with an Idempotency-Key may be repeated: its key stays the same", async () => {
  const request = await fill({ method: "POST", header: { "Idempotency-Key": "$uuid" } });
  expect(request.idempotent).toBe(true);
  expect(request.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("T09 query injection: a value stays one parameter", async () => {
  for (const allowReserved of [false, true]) {
    const { url } = await fill(
      { query: { q: { value: "$inputs.q", allowReserved } } },
      { q: "x&admin=true#;a[]=1+2%" },
    );
    expect([...url.searchParams]).toEqual([["q", "x&admin=true#;a[]=1+2%"]]);
  }
});

test("T09 half a character is refused, not thrown", async () => {
  await expect(fill({ query: { q: "$inputs.text" } }, { text: "\ud800" })).rejects.toMatchObject({
    code: "invalid_arguments",
    facts: { arguments: [{ argument: "text" }] },
  });
});

test("content parameters are written as their media type", async () => {
  const { url } = await fill(
    { query: { filter: { value: { a: ["$inputs.a"] }, contentType: "application/json" } } },
    { a: 1 },
  );
  expect(url.searchParams.get("filter")).toBe('{"a":[1]}');
});

test.each(["a\r\nX-Evil: 1", "a\nb", "a\u0000b", "日本", "a\u007f"])(
  "T10 header injection: %j is refused",
  async (value) => {
    await expect(fill({ header: { "X-Note": "$inputs.note" } }, { note: value })).rejects.toMatchObject({
      code: "invalid_arguments",
      facts: { arguments: [{ argument: "note" }] },
    });
  },
);

test.each([
  "Host",
  "authorization",
  "Cookie",
  "content-length",
  "Transfer-Encoding",
  "connection",
  "X-Forwarded-For",
  "mcp-session-id",
  "a b",
])("T10 header injection: %s is never a parameter", async (name) => {
  await expect(fill({ header: { [name]: "$inputs.note" } }, { note: "x" })).rejects.toMatchObject({ code: "internal" });
});

test("headers and cookies are sent as they are declared", async () => {
  const { headers } = await fill(
    {
      header: { "X-Tags": "$inputs.tags", Accept: "application/vnd.acme+json" },
      cookie: { lang: "$inputs.lang", x: "a;b" },
    },
    { tags: ["a", "b"], lang: "en" },
  );
  expect(headers).toMatchObject({ "x-tags": "a,b", accept: "application/vnd.acme+json", cookie: "lang=en; x=a%3Bb" });
});

test("T29 the headers of a request are only its own", async () => {
  const { headers } = await fill({ method: "POST", body: { payload: {} }, credential: "token" });
  expect(headers).toEqual({
    accept: "application/json",
    "user-agent": "toolwright",
    "content-type": "application/json",
    authorization: "Bearer t0ken-value",
  });
});

test("a credential goes to its own server only", async () => {
  await expect(fill({ server: "files", credential: "key" })).rejects.toMatchObject({ code: "internal" });
  const { headers } = await fill({ server: "files" });
  expect(headers).not.toHaveProperty("authorization");
});

test("T37 a missing variable is named, and nothing else of the environment", async () => {
  const refusal = await fillRequest(
    callOf({ credential: "token" }),
    scopeOf({}),
    deployed(undefined, { environment: { ACME_KEY: "s3cr3t/k+y", ACME_TOKEN: "" } }),
  ).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: "credential_rejected",
    message: "Acme cannot be called: ACME_TOKEN is not set. Whoever runs this server must set it.",
  });
});

test("T10 a variable with a line break is named, not sent", async () => {
  const environment = { ACME_KEY: "s3cr3t\n" };
  const refusal = await fillRequest(
    callOf({ credential: "header" }),
    scopeOf({}),
    deployed(undefined, { environment }),
  ).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "credential_rejected" });
  expect(String(refusal)).toContain("ACME_KEY");
  expect(String(refusal)).not.toContain("s3cr3t");
});

test.each(["key", "token", "header", "query"])(
  "T35 secrets in a description: the credential %s is masked",
  async (credential) => {
    const request = await fill({
      method: "POST",
      path: "/notes",
      credential,
      body: { payload: { text: "uses s3cr3t/k+y" } },
    });
    const shown = JSON.stringify(describeRequest(request));
    for (const secret of [
      "s3cr3t/k+y",
      encodeURIComponent("s3cr3t/k+y"),
      "t0ken-value",
      Buffer.from("s3cr3t/k+y:X").toString("base64"),
    ]) {
      if (credential === "token" && secret.startsWith("s3cr3t")) continue; // not a secret of this request
      expect(shown).not.toContain(secret);
    }
  },
);

test("a description shows what would be sent", async () => {
  const request = await fill(
    {
      method: "POST",
      path: "/tickets/{id}/notes",
      credential: "key",
      pathParameters: { id: "$inputs.id" },
      body: {
        contentType: ["application/json", "multipart/form-data"],
        payload: { body: "$inputs.body", files: "$inputs.files" },
        nesting: "brackets",
      },
    },
    { id: 7, body: "Hello", files: [upload("a.txt", "hello")] },
  );
  expect(describeRequest(request)).toEqual({
    method: "POST",
    url: "https://acme.example/api/v2/tickets/7/notes",
    headers: { accept: "application/json", "user-agent": "toolwright", authorization: "Basic ***" },
    body: [
      ["body", "Hello"],
      ["files[]", "<a.txt, 5 bytes>"],
    ],
  });
});

const both = ["application/json", "multipart/form-data"];
const payload = {
  subject: "$inputs.subject",
  tags: "$inputs.tags",
  custom: "$inputs.custom",
  files: "$inputs.files",
  clear: "$inputs.clear",
} as const;
const inputs = { subject: "S", tags: ["a", "b"], custom: { k: 1, deep: { x: [true] } }, clear: null };
const bodies: readonly { name: string; body: Body; inputs?: object; want: unknown }[] = [
  {
    name: "JSON by default",
    body: { payload },
    want: { kind: "text", contentType: "application/json", text: JSON.stringify({ ...inputs }) },
  },
  {
    name: "the first type that fits",
    body: { payload, contentType: both },
    want: { kind: "text", contentType: "application/json" },
  },
  {
    name: "multipart when there is a file, nested by brackets",
    body: { payload, contentType: both, nesting: "brackets" },
    inputs: { files: [upload("../a.txt", "A"), upload("b.png", "B")] },
    want: {
      kind: "multipart",
      parts: [
        { name: "subject", value: "S" },
        { name: "tags[]", value: "a" },
        { name: "tags[]", value: "b" },
        { name: "custom[k]", value: "1" },
        { name: "custom[deep][x][]", value: "true" },
        { name: "files[]", value: { name: "a.txt", contentType: "text/plain", size: 1 } },
        { name: "files[]", value: { name: "b.png", contentType: "image/png", size: 1 } },
        { name: "clear", value: "" },
      ],
    },
  },
  {
    name: "files are files, whatever style the description says of their part",
    body: {
      payload: { files: "$inputs.files", tags: "$inputs.tags" },
      contentType: "multipart/form-data",
      encoding: { files: { style: "form", contentType: "application/json" }, tags: { style: "form" } },
    },
    inputs: { files: [upload("a.txt", "A"), upload("b.png", "B")] },
    want: {
      kind: "multipart",
      parts: [
        { name: "files", value: { name: "a.txt" } },
        { name: "files", value: { name: "b.png" } },
        { name: "tags", value: "a" },
        { name: "tags", value: "b" },
      ],
    },
  },
  {
    name: "multipart without nesting: names repeat, objects are JSON",
    body: { payload: { tags: "$inputs.tags", custom: "$inputs.custom" }, contentType: "multipart/form-data" },
    want: {
      kind: "multipart",
      parts: [
        { name: "tags", value: "a" },
        { name: "tags", value: "b" },
        { name: "custom", value: '{"k":1,"deep":{"x":[true]}}' },
      ],
    },
  },
  {
    name: "urlencoded with brackets",
    body: {
      payload: { a: "x y&z", custom: "$inputs.custom" },
      contentType: "application/x-www-form-urlencoded",
      nesting: "brackets",
    },
    want: { kind: "text", text: "a=x%20y%26z&custom%5Bk%5D=1&custom%5Bdeep%5D%5Bx%5D%5B%5D=true" },
  },
  {
    name: "urlencoded by the encoding of a field",
    body: {
      payload: { tags: "$inputs.tags", custom: { k: 1 } },
      contentType: "application/x-www-form-urlencoded",
      encoding: { tags: { style: "form", explode: false }, custom: { style: "deepObject" } },
    },
    want: { kind: "text", text: "tags=a,b&custom%5Bk%5D=1" },
  },
  {
    name: "text",
    body: { payload: "$inputs.subject", contentType: "text/plain" },
    want: { kind: "text", contentType: "text/plain", text: "S" },
  },
  {
    name: "text, by a range that JSON is in",
    body: { payload: "$inputs.subject", contentType: "*/*" },
    want: { kind: "text", contentType: "text/plain", text: "S" },
  },
  {
    name: "text, by a range of texts",
    body: { payload: "$inputs.subject", contentType: "text/*" },
    want: { kind: "text", contentType: "text/plain", text: "S" },
  },
  {
    name: "JSON, by a range of everything",
    body: { payload: "$inputs.tags", contentType: "*/*" },
    want: { kind: "text", contentType: "application/json", text: '["a","b"]' },
  },
  {
    name: "JSON, by a range that has no plain text",
    body: { payload: "$inputs.subject", contentType: "application/*" },
    want: { kind: "text", contentType: "application/json", text: '"S"' },
  },
  {
    name: "JSON, by a range of what is built on it",
    body: { payload: "$inputs.custom", contentType: "application/*+json" },
    want: { kind: "text", contentType: "application/json", text: '{"k":1,"deep":{"x":[true]}}' },
  },
  {
    name: "a form that is written out, as it is",
    body: { payload: "$inputs.form", contentType: "application/x-www-form-urlencoded" },
    inputs: { form: "a=1&b=x%20y" },
    want: { kind: "text", contentType: "application/x-www-form-urlencoded", text: "a=1&b=x%20y" },
  },
  {
    name: "a file alone",
    body: { payload: "$inputs.file", contentType: ["application/json", "application/octet-stream"] },
    inputs: { file: upload("x.bin", "\u0001") },
    want: { kind: "file", contentType: "application/octet-stream", file: { name: "x.bin" } },
  },
  { name: "nothing when the payload is absent", body: { payload: "$inputs.missing" }, want: undefined },
  {
    name: "an array wrap",
    body: { payload: [{ id: "$inputs.subject" }] },
    want: { kind: "text", text: '[{"id":"S"}]' },
  },
  {
    name: "a long id stays a text",
    body: { payload: { id: "$inputs.id" } },
    inputs: { id: "9007199254740993" },
    want: { kind: "text", text: '{"id":"9007199254740993"}' },
  },
];

test.each(bodies)("body: $name", async ({ body, inputs: more, want }) => {
  const request = await fill({ method: "POST", body }, { ...inputs, ...more });
  if (want === undefined) expect(request.body).toBeUndefined();
  else expect(request.body).toMatchObject(want as object);
});

test("a file that no media type can carry is refused by its argument", async () => {
  const body = { payload: { attachments: "$inputs.photos" }, contentType: "application/json" };
  await expect(fill({ method: "POST", body }, { photos: [upload("a", "A")] })).rejects.toMatchObject({
    code: "invalid_arguments",
    facts: { arguments: [{ argument: "photos" }] },
  });
});

test("parts have names, but where their order tells them apart", async () => {
  const payload = { subject: "$inputs.subject", photo: "$inputs.photo", tags: "$inputs.tags" };
  const named = async (contentType: string, unnamed?: true) => {
    const body = { payload, contentType, ...(unnamed && { unnamed }) };
    const { body: filled } = await fill(
      { method: "POST", body },
      { subject: "S", photo: upload("a.png", "A"), tags: ["x", "y"] },
    );
    return filled?.kind === "multipart" ? { ...filled, parts: filled.parts.map(({ name }) => name) } : filled;
  };
  const names = ["subject", "photo", "tags", "tags"];
  const unnamed = [undefined, undefined, undefined, undefined];
  expect(await named("multipart/mixed")).toEqual({ kind: "multipart", contentType: "multipart/mixed", parts: names });
  expect(await named("multipart/mixed", true)).toMatchObject({ parts: unnamed });
  expect(await named("multipart/related; type=application/json")).toMatchObject({ parts: unnamed });
  await expect(named("multipart/*")).rejects.toMatchObject({ code: "invalid_arguments" });
});

test("T38 what only looks like a file is data", async () => {
  const anything = z.object({ custom: z.unknown() }).parse({ custom: { path: "/etc/passwd" } });
  const request = await fill(
    { method: "POST", body: { payload: { custom: "$inputs.custom" }, contentType: both } },
    anything,
  );
  expect(request.body).toMatchObject({ kind: "text", text: '{"custom":{"path":"/etc/passwd"}}' });
});

test("complaints can be translated: vendor's fields to arguments", async () => {
  const { locations } = await fill(
    {
      method: "POST",
      path: "/t/{ticket_id}",
      pathParameters: { ticket_id: "$inputs.ticket" },
      query: { q: '"{$inputs.query}"', fixed: 1 },
      body: {
        payload: { responder_id: "$inputs.assignee", custom: { cost: "$inputs.cost" }, list: [{ id: "$inputs.id" }] },
      },
    },
    { ticket: 1 },
  );
  expect(Object.fromEntries(locations)).toEqual({
    responder_id: "assignee",
    "custom.cost": "cost",
    "list.id": "id",
    q: "query",
    ticket_id: "ticket",
  });
});
