import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { FRESHSERVICE, multipart, send, type WireAnswer } from "./request.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox(FRESHSERVICE, { perMinute: 100_000 });
});
afterAll(async () => await sandbox.close());

/** After each attack, the sandbox is as it was. */
async function expectUnharmed(): Promise<void> {
  const { status, text } = await send(sandbox, "GET", "/api/v2/tickets?per_page=100");
  expect(status).toBe(200);
  const { tickets } = JSON.parse(text) as { tickets: object[] };
  expect(tickets.length).toBeGreaterThan(0);
  for (const word of ["polluted", "colour"]) expect(word in {}).toBe(false);
}

const JSON_BODY = { "content-type": "application/json" };
const TICKET = '"subject":"S","description":"D","email":"john@acme.com","status":2,"priority":1';
const PARTS = [
  ["subject", "S"],
  ["description", "D"],
  ["email", "john@acme.com"],
] as const;

describe("addresses", () => {
  test.each([
    ["/api/v2/tickets/%E0%A4%A", 400],
    ["/api/v2/tickets/%", 400],
    ["/api/v2/tickets?email=%E0%A4%A", 400],
    ["/api/v2/tickets/abc", 400],
    ["/api/v2/tickets/99999999999999999999", 404],
    ["/api/v2/tickets/../agents", 404],
    ["/api/v2/tickets/..%2Fagents", 400],
    ["/api/v2/", 404],
    ["/api/v2", 404],
    ["/api/v3/tickets", 404],
    ["/", 404],
    ["//acme.example.com/api/v2/tickets", 404],
    ["http://acme.example.com/api/v2/tickets", 404],
    ["/api/v2/tickets?__proto__[polluted]=1", 400],
    ["/api/v2/tickets?__proto__=1", 400],
    ["/api/v2/tickets?constructor=1", 400],
    ["/api/v2/tickets?email[x]=1", 400],
    ["/api/v2/tickets?page=1&page=2", 400],
    ["/api/v2/tickets?page=1e300", 200],
    ["/api/v2/tickets/1023?include=__proto__", 400],
    [`/api/v2/tickets/filter?query=${encodeURIComponent(`"${"(".repeat(500)}"`)}`, 400],
    [`/api/v2/tickets?email=${"x".repeat(15_000)}`, 400],
  ])("GET %.60s answers %i", async (path, status) => {
    expect((await send(sandbox, "GET", path)).status).toBe(status);
    await expectUnharmed();
  });
});

describe("methods", () => {
  test.each(["HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "QUERY"])("%s is not one of the path's", async (method) => {
    expect((await send(sandbox, method, "/api/v2/tickets")).status).toBe(405);
  });

  test("HEAD has no body", async () => expect((await send(sandbox, "HEAD", "/api/v2/tickets")).text).toBe(""));
});

describe("JSON bodies", () => {
  test.each([
    ["nothing", "", "missing_field"],
    ["half of it", '{"a":', "invalid_json"],
    ["not JSON", "subject=S", "invalid_json"],
    ["null", "null", "datatype_mismatch"],
    ["a text", '"x"', "datatype_mismatch"],
    ["a list", "[]", "datatype_mismatch"],
    ["__proto__ as a field", `{${TICKET},"__proto__":{"polluted":1}}`, "invalid_field"],
    ["constructor as a field", `{${TICKET},"constructor":{"prototype":{"polluted":1}}}`, "invalid_field"],
    [
      "nesting beyond any stack",
      `{${TICKET},"custom_fields":{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`,
      "invalid_json",
    ],
    [
      "a million unknown fields",
      `{${Array.from({ length: 1_000_000 }, (_, i) => `"f${i}":1`).join()}}`,
      "invalid_json",
    ],
  ])("%s is a 400", async (_, body, code) => {
    const answer = await send(sandbox, "POST", "/api/v2/tickets", { headers: JSON_BODY, body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ code })]),
    });
    await expectUnharmed();
  });

  test("__proto__ in a map is an entry like any other", async () => {
    const body = `{${TICKET},"custom_fields":{"__proto__":{"polluted":1}}}`;
    const { status, text } = await send(sandbox, "POST", "/api/v2/tickets", { headers: JSON_BODY, body });
    expect(status).toBe(201);
    expect(text).toContain('"custom_fields":{"__proto__":{"polluted":1}}');
    await expectUnharmed();
  });
});

describe("forms", () => {
  const post = async (given: { readonly headers: Record<string, string>; readonly body: string }) =>
    await send(sandbox, "POST", "/api/v2/tickets", given);
  const TYPE = { "content-type": "multipart/form-data; boundary=b" };
  const file = '--b\r\nContent-Disposition: form-data; name="attachments[]"; filename="a.txt"\r\n\r\nhal';

  test.each([
    ["no boundary", { headers: { "content-type": "multipart/form-data" }, body: "x" }],
    ["another boundary", { headers: TYPE, body: "--c\r\n\r\nx\r\n--c--\r\n" }],
    ["a field cut off", { headers: TYPE, body: '--b\r\nContent-Disposition: form-data; name="subject"\r\n\r\nx' }],
    ["a file cut off", { headers: TYPE, body: file }],
    ["no body", { headers: TYPE, body: "" }],
    ["headers without an end", { headers: TYPE, body: `--b\r\nContent-Disposition: ${"x".repeat(100_000)}` }],
    ["twenty thousand parts", multipart(Array.from({ length: 20_000 }, (_, i) => ["tags[]", `${i}`] as const))],
    ["__proto__ as a field", multipart([...PARTS, ["__proto__", "x"]])],
    ["__proto__ as a map", multipart([...PARTS, ["__proto__[polluted]", "x"]])],
    ["constructor as a list", multipart([...PARTS, ["constructor[]", "x"]])],
    ["a field without a name", multipart([...PARTS, ["", "x"]])],
    ["a file where none belongs", multipart([...PARTS, ["avatar", "x", "a.txt"]])],
  ])("%s is a 400", async (_, given) => {
    const answer = await post(given);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ message: expect.any(String) }] });
    await expectUnharmed();
  });

  test("a text of two megabytes arrives whole", async () => {
    const long = "x".repeat(2_000_000);
    const { status, text } = await post(multipart([...PARTS, ["subject", long]]));
    expect(status).toBe(201);
    expect(JSON.parse(text)).toMatchObject({ ticket: { subject: long } });
    await expectUnharmed();
  });
});

describe("large bodies", () => {
  const big = Buffer.alloc(46_000_000, "x");
  test.each([
    ["JSON", JSON_BODY],
    ["a form", { "content-type": "multipart/form-data; boundary=b" }],
    ["anything", { "content-type": "text/xml" }],
  ])("%s beyond 45 MB is a 413, and not kept", async (_, headers) => {
    const before = process.memoryUsage().arrayBuffers;
    expect((await send(sandbox, "POST", "/api/v2/tickets", { headers, body: big })).status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200_000_000);
    await expectUnharmed();
  });
});

describe("connections", () => {
  const raw = async (text: string): Promise<string> => {
    const { hostname, port } = new URL(sandbox.url);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.end(text);
    await once(socket, "close");
    return Buffer.concat(chunks).toString("latin1");
  };
  const HEAD = `authorization: Basic ${Buffer.from("sandbox-key:X").toString("base64")}\r\nhost: x\r\n`;

  test.each([
    ["no HTTP", "hello\r\n\r\n", /^HTTP\/1.1 400/],
    ["a tunnel", `CONNECT x:1 HTTP/1.1\r\n${HEAD}\r\n`, /^$/],
    [
      "bytes beyond ASCII in the path",
      `GET /api/v2/tickets/\u00e9 HTTP/1.1\r\n${HEAD}connection: close\r\n\r\n`,
      /^HTTP\/1.1 400/,
    ],
    ["an asterisk", `OPTIONS * HTTP/1.1\r\n${HEAD}connection: close\r\n\r\n`, /^HTTP\/1.1 404/],
    [
      "a body that never comes",
      `POST /api/v2/tickets HTTP/1.1\r\n${HEAD}content-type: application/json\r\ncontent-length: 9\r\n\r\n{`,
      /^(HTTP\/1.1 400|$)/,
    ],
    [
      "a form that never comes",
      `POST /api/v2/tickets HTTP/1.1\r\n${HEAD}content-type: multipart/form-data; boundary=b\r\ncontent-length: 90\r\n\r\n--b`,
      /^(HTTP\/1.1 400|$)/,
    ],
  ])("%s ends nothing but itself", async (_, text, answer) => {
    expect(await raw(text)).toMatch(answer);
    await expectUnharmed();
  });
});

test("a fault of our own is one line, and no stack", async () => {
  const failing = await startSandbox(FRESHSERVICE, {
    onRequest() {
      throw new Error("first line\nsecond line");
    },
  });
  const { status, text, headers } = await send(failing, "GET", "/api/v2/tickets");
  await failing.close();
  expect({ status, text }).toEqual({ status: 500, text: "the sandbox failed: first line\n" });
  expect(headers["content-type"]).toBe("text/plain");
});

test.each<[string, Record<string, string | undefined>]>([
  ["none", { authorization: undefined }],
  ["another user", { authorization: "Basic eDp5" }],
  ["no base64", { authorization: "Basic !!!" }],
  ["another token", { authorization: "Bearer x" }],
  ["another scheme", { authorization: "sandbox-key" }],
])("without the credential (%s) everything is a 401, an unreadable body too", async (_, headers) => {
  const answers: WireAnswer[] = [
    await send(sandbox, "GET", "/api/v2/tickets", { headers }),
    await send(sandbox, "GET", "/api/v2/nothing", { headers }),
    await send(sandbox, "POST", "/api/v2/tickets", { headers: { ...headers, ...JSON_BODY }, body: "{" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
});
