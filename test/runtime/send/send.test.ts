import { afterAll, beforeAll, expect, test } from "vitest";
import { Problem } from "../../../src/runtime/problem.ts";
import { file } from "../../../src/runtime/file.ts";
import { retryAfterSeconds } from "../../../src/runtime/send/retry-after.ts";
import { takeRetry, countRequest } from "../../../src/runtime/send/retry-budget.ts";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { failureTo, rawVendor, sendTo, vendorOf, WRITE } from "./vendor.ts";

beforeAll(() => configureTransport({ timeScale: 1 / 20 }));
afterAll(() => configureTransport({}));

test("an answer is read with its status, headers and size", async () => {
  const vendor = await vendorOf((response) =>
    response.writeHead(201, { "x-left": "5" }).end('{"id":9007199254740993,"__proto__":{"x":1}}'),
  );
  const answer = await sendTo(vendor, { request: WRITE });
  expect(answer).toMatchObject({ status: 201, body: { id: "9007199254740993" }, bytes: 43 });
  expect(answer.headers.get("x-left")).toBe("5");
  await vendor.close();
});

test.each([
  { name: "UTF-8", bytes: Buffer.from('"é"'), type: "application/json", want: "é" },
  { name: "UTF-8 with its mark", bytes: Buffer.from('\uFEFF"é"'), type: "application/json", want: "é" },
  { name: "UTF-16 by its mark", bytes: Buffer.from('\uFEFF"é"', "utf16le"), type: "application/json", want: "é" },
  {
    name: "Latin-1 by its name",
    bytes: Buffer.from('"é"', "latin1"),
    type: "application/json; charset=iso-8859-1",
    want: "é",
  },
  {
    name: "a charset that nobody knows",
    bytes: Buffer.from('"é"'),
    type: "application/json; charset=klingon",
    want: "é",
  },
  { name: "broken UTF-8", bytes: Buffer.from([0x22, 0xff, 0x22]), type: "application/json", want: "\uFFFD" },
])("46 $name", async ({ bytes, type, want }) => {
  const vendor = await vendorOf((response) => response.writeHead(200, { "content-type": type }).end(bytes));
  expect((await sendTo(vendor)).body).toBe(want);
  await vendor.close();
});

test.each([
  ["text", "<p>not JSON</p>"],
  ["binary", Buffer.from("<p>not JSON</p>")],
] as const)("an answer of the kind %s is handed over as it is", async (answer, want) => {
  const vendor = await vendorOf((response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<p>not JSON</p>"),
  );
  const { body } = await sendTo(vendor, { call: { answer } });
  expect(body instanceof Uint8Array ? Buffer.from(body) : body).toEqual(want);
  await vendor.close();
});

test("36 and 37: nothing is null", async () => {
  const vendor = await vendorOf((response, attempt) =>
    response.writeHead(attempt === 1 ? 204 : 200).end(attempt === 3 ? " \n" : ""),
  );
  for (let attempt = 0; attempt < 3; attempt++) expect((await sendTo(vendor)).body).toBeNull();
  await vendor.close();
});

test("42 JSON is JSON under any type", async () => {
  const vendor = await vendorOf((response) => response.writeHead(200, { "content-type": "text/html" }).end('{"a":1}'));
  expect((await sendTo(vendor)).body).toEqual({ a: 1 });
  await vendor.close();
});

test("a multipart body arrives whole, again after a 429, with its length", async () => {
  const vendor = await vendorOf((response, attempt) => response.writeHead(attempt === 1 ? 429 : 200).end());
  const upload = file().parse({ name: 'a".txt', base64: Buffer.from("héllo").toString("base64") });
  await sendTo(vendor, {
    request: {
      method: "POST",
      body: {
        contentType: "multipart/form-data",
        payload: { body: "Hi", tags: ["x", "y"], private: false, files: ["$inputs.file"] },
        nesting: "brackets",
      },
    },
    inputs: { file: upload },
  });
  expect(vendor.bodies).toHaveLength(2);
  for (const [index, body] of vendor.bodies.entries()) {
    const text = Buffer.from(body, "latin1").toString("utf8");
    const boundary = /boundary=(\S+)/.exec(vendor.headers[index]?.["content-type"] ?? "")?.[1] ?? "none";
    expect(
      text
        .split(`--${boundary}`)
        .slice(1, -1)
        .map((part) => part.trim()),
    ).toEqual([
      'Content-Disposition: form-data; name="body"\r\n\r\nHi',
      'Content-Disposition: form-data; name="tags[]"\r\n\r\nx',
      'Content-Disposition: form-data; name="tags[]"\r\n\r\ny',
      'Content-Disposition: form-data; name="private"\r\n\r\nfalse',
      'Content-Disposition: form-data; name="files[]"; filename="a%22.txt"\r\nContent-Type: text/plain\r\n\r\nhéllo',
    ]);
    expect(vendor.headers[index]).toHaveProperty("content-length", String(body.length));
  }
  await vendor.close();
});

test("QUERY is sent with its body", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  // Node 20's own server does not know the method, so that a refusal by it shows that it came over the wire.
  const outcome = await sendTo(vendor, { request: { ...WRITE, method: "QUERY" } }).catch((error: unknown) => error);
  if (outcome instanceof Problem) expect(outcome.facts.status).toBe(400);
  else expect(vendor.requests).toEqual(["QUERY /api/tickets"]);
  await vendor.close();
});

test("T29 what reaches the vendor is what the request says, and nothing of the caller's", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  await sendTo(vendor, { request: { query: { q: "a b" } } });
  expect(vendor.requests).toEqual(["GET /api/tickets?q=a%20b"]);
  const names = Object.keys(vendor.headers[0] ?? {}).toSorted();
  expect(names).toEqual([
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "host",
    "sec-fetch-mode",
    "user-agent",
    "x-api-key",
  ]);
  expect(vendor.headers[0]).toMatchObject({
    accept: "application/json",
    "user-agent": "toolwright",
    "x-api-key": "s3cr3t/k+y",
  });
  await vendor.close();
});

test("T19 a server that only reads sends no write", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  expect(await failureTo(vendor, { request: WRITE, deployment: { readOnly: true } })).toMatchObject({
    code: "forbidden",
  });
  expect(vendor.requests).toEqual([]);
  await sendTo(vendor, { request: WRITE, call: { effect: "read" }, deployment: { readOnly: true } });
  expect(vendor.requests).toEqual(["POST /api/tickets"]);
  await vendor.close();
});

test("hooks: one before every request, one after every answer; a refusal ends it", async () => {
  const vendor = await vendorOf((response, attempt) =>
    response.writeHead(attempt === 1 ? 503 : 200, { "x-left": String(attempt) }).end("{}"),
  );
  const seen: string[] = [];
  const hooks = {
    attempt: () => void seen.push("attempt"),
    answered: (headers: Headers, status: number) => void seen.push(`${status} ${headers.get("x-left")}`),
  };
  await sendTo(vendor, { hooks });
  expect(seen).toEqual(["attempt", "503 1", "attempt", "200 2"]);
  const refuse = { attempt: () => Promise.reject(new Problem("rate_limited", "Wait.")) };
  expect(await failureTo(vendor, { hooks: refuse })).toMatchObject({ code: "rate_limited", message: "Wait." });
  expect(vendor.requests).toHaveLength(2);
  await vendor.close();
});

test("connections are kept and used again", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  for (let call = 0; call < 10; call++) await sendTo(vendor);
  expect(vendor.sockets.size).toBeLessThanOrEqual(2); // a call may begin before the one before is quite let go
  await vendor.close();
});

test.each([
  [{ "retry-after": "2" }, 2],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "1.5" }, 2],
  [{ "retry-after": "Sat, 21 Nov 2026 10:00:02 GMT" }, 2],
  [{ "retry-after": "Sat, 21 Nov 2026 11:00:02 GMT", date: "Sat, 21 Nov 2026 11:00:00 GMT" }, 2],
  [{ "retry-after": "Sat, 21 Nov 2026 09:00:00 GMT" }, undefined],
  [{ "retry-after": "-1" }, undefined],
  [{ "retry-after": "abc" }, undefined],
  [{ "retry-after": "1e9" }, undefined],
  [{ "retry-after": "Fri, 99" }, undefined],
  [{ "x-ratelimit-reset": "1795255202" }, 2],
  [{ "x-ratelimit-reset": "7" }, 7],
  [{ "ratelimit-reset": "5", "x-ratelimit-reset": "9" }, 5],
  [{}, undefined],
])("27 the pause that %j asks for", (headers, want) => {
  expect(retryAfterSeconds(new Headers(headers as Record<string, string>), Date.parse("2026-11-21T10:00:00Z"))).toBe(
    want,
  );
});

test("retries are a fifth of the requests at most, but for three at a time", () => {
  const origin = "http://budget.test";
  for (let request = 0; request < 20; request++) countRequest(origin);
  const taken = Array.from({ length: 10 }, () => takeRetry(origin));
  expect(taken.filter(Boolean)).toHaveLength(4); // a fifth of 20
  for (const end of taken) end?.();
  expect(takeRetry(origin)).toBeTypeOf("function"); // none is under way: three at a time are always allowed
  const quiet = Array.from({ length: 5 }, () => takeRetry("http://quiet.test"));
  expect(quiet.filter(Boolean)).toHaveLength(3);
});

test("parts of a multipart body say their media type, and only files a name", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  await sendTo(vendor, {
    request: {
      method: "POST",
      body: {
        contentType: "multipart/form-data",
        payload: {
          about: "$inputs.about",
          tags: "$inputs.tags",
          note: "$inputs.note",
          csv: "$inputs.csv",
          file: "$inputs.file",
        },
        encoding: {
          tags: { style: "pipeDelimited", explode: false },
          csv: { contentType: "text/csv" },
          file: { contentType: "application/pdf" },
        },
      },
    },
    inputs: {
      about: { title: "é" },
      tags: ["a", "b"],
      note: "x\r\ny",
      csv: "1,2",
      file: file().parse({ name: 'a"\r\n.pdf', base64: Buffer.from("%PDF").toString("base64") }),
    },
  });
  const type = vendor.headers[0]?.["content-type"] ?? "";
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(type)?.[1] ?? "";
  const parts = (vendor.bodies[0] ?? "").split(`--${boundary}`).map((part) => part.trim());
  expect(parts.slice(1, -1).map((part) => part.split("\r\n"))).toEqual([
    [
      'Content-Disposition: form-data; name="about"',
      "Content-Type: application/json",
      "",
      Buffer.from('{"title":"é"}').toString("latin1"),
    ],
    ['Content-Disposition: form-data; name="tags"', "", "a|b"],
    ['Content-Disposition: form-data; name="note"', "", "x", "y"],
    ['Content-Disposition: form-data; name="csv"', "Content-Type: text/csv", "", "1,2"],
    ['Content-Disposition: form-data; name="file"; filename="a%22.pdf"', "Content-Type: application/pdf", "", "%PDF"],
  ]);
  await vendor.close();
});

test("a form writes nested values by brackets, by deepObject, or as JSON", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  const post = async (rules: object) => {
    const body = {
      contentType: "application/x-www-form-urlencoded",
      payload: { card: "$inputs.card" },
      ...rules,
    } as const;
    await sendTo(vendor, { request: { method: "POST", body }, inputs: { card: { n: 1, tags: ["a", "b"] } } });
    return [...new URLSearchParams(vendor.bodies.at(-1))];
  };
  const bracketed = [
    ["card[n]", "1"],
    ["card[tags][]", "a"],
    ["card[tags][]", "b"],
  ];
  expect(await post({ nesting: "brackets" })).toEqual(bracketed);
  expect(await post({ encoding: { card: { style: "deepObject", explode: true } } })).toEqual(bracketed);
  expect(await post({})).toEqual([["card", '{"n":1,"tags":["a","b"]}']]);
  await vendor.close();
});

test("a body that may be left out is left out, or is given whole", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  const request = {
    method: "POST",
    body: { payload: { text: "$inputs.text", private: "$inputs.hidden" }, needs: ["text"] },
  } as const;
  await sendTo(vendor, { request });
  expect(vendor.bodies).toEqual([""]);
  expect(vendor.headers[0]?.["content-type"]).toBeUndefined();
  expect(await failureTo(vendor, { request, inputs: { hidden: true } })).toMatchObject({
    code: "invalid_arguments",
    message: "text: is needed together with hidden.",
  });
  await sendTo(vendor, { request, inputs: { text: "x" } });
  expect(vendor.bodies.at(-1)).toBe('{"text":"x"}');
  await vendor.close();
});

test("a method of the vendor's own is sent as it is written", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  await sendTo(vendor, { request: { method: "LINK", body: { payload: { to: 1 } } } });
  expect(vendor.requests).toEqual(["LINK /api/tickets"]);
  expect(vendor.bodies).toEqual(['{"to":1}']);
  await vendor.close();
  const raw = await rawVendor((socket) =>
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"),
  );
  await sendTo(raw, { request: { method: "Re-Index" } });
  expect(raw.requests).toEqual(["Re-Index /api/tickets"]);
  await raw.close();
});
