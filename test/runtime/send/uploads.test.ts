import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ApiDefinition } from "../../../src/definition/api.ts";
import type { Request } from "../../../src/definition/request.ts";
import type { Deployment } from "../../../src/runtime/deployment.ts";
import { file } from "../../../src/runtime/file.ts";
import { describeRequest } from "../../../src/runtime/request/describe-request.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { deployed, scopeOf, within } from "../request/fixture.ts";
import { failureTo, sendTo, type Vendor, vendorOf } from "./vendor.ts";

const folder = mkdtempSync(join(tmpdir(), "uploads-"));
const content = randomBytes(3 * 1024 * 1024 + 17);
writeFileSync(join(folder, "essay.pdf"), content);
writeFileSync(join(folder, "empty.txt"), "");
beforeAll(() => configureTransport({ timeScale: 1 / 20 }));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await configureTransport({});
});

const open: Vendor[] = [];
const opened = async (answer: Parameters<typeof vendorOf>[0]) => {
  const vendor = await vendorOf(answer);
  open.push(vendor);
  return vendor;
};
afterEach(async () => void (await Promise.all(open.splice(0).map((vendor) => vendor.close()))));

const CANARY = "CANARY-s3cr3t";
const base = deployed().api.definition;
const definition: ApiDefinition = { ...base, servers: { ...base.servers, storage: { hosts: ["*.storage.example"] } } };
const sandbox: Partial<Deployment> = {
  api: { definition, catalog: { tools: [] } },
  mode: "sandbox",
  environment: { ACME_KEY: CANARY },
  uploadRoots: [folder],
};
/** What a tool of the invented vendor says of its upload. */
const PUT = {
  method: "PUT",
  path: "",
  server: "storage",
  url: "$inputs.url",
  header: { "content-type": "$inputs.file#/type" },
  body: { payload: "$inputs.file#/bytes" },
} as const satisfies Partial<Request>;
const request = { ...PUT, credential: undefined } as unknown as Partial<Request>; // takes the fixture's credential away
const essay = () => file().parse({ path: "essay.pdf" });
const digest = (text: string | Uint8Array) =>
  createHash("sha256")
    .update(typeof text === "string" ? Buffer.from(text, "latin1") : text)
    .digest("hex");

test("T12 a presigned host gets the bytes, the headers that are listed, and nothing else of ours", async () => {
  const host = await opened((response) => response.end());
  const url = `${host.url}/bucket/key%20one?X-Amz-Signature=abcdef0123456789&X-Amz-Expires=60`;
  const progress: number[] = [];
  const context = { ...within(10_000), progress: (done: number) => void progress.push(done) };
  const answer = await sendTo("http://127.0.0.1:9", {
    request,
    inputs: { url, file: essay() },
    deployment: sandbox,
    context,
  });
  expect(answer).toMatchObject({ status: 200 });
  expect(host.requests).toEqual(["PUT /bucket/key%20one?X-Amz-Signature=abcdef0123456789&X-Amz-Expires=60"]);
  expect(digest(host.bodies[0] ?? "")).toBe(digest(content));
  const { "content-type": type, "content-length": length, ...others } = host.headers[0] ?? {};
  expect({ type, length }).toEqual({ type: "application/pdf", length: String(content.length) });
  expect(Object.keys(others)).not.toContain("transfer-encoding"); // presigned hosts take no chunks
  // What the HTTP client says of itself; nothing of this is ours or the caller's.
  const ofClient = new Set([
    "host",
    "connection",
    "accept",
    "accept-language",
    "sec-fetch-mode",
    "user-agent",
    "accept-encoding",
  ]);
  expect(Object.keys(others).filter((name) => !ofClient.has(name))).toEqual([]);
  expect(JSON.stringify(host.headers)).not.toContain("CANARY");
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(content.length);
  expect(progress.length).toBeGreaterThanOrEqual(3);
});

test.each([301, 302, 303, 307, 308])("T12 a presigned host that redirects by %i is not followed", async (status) => {
  const elsewhere = await opened((response) => response.end());
  const host = await opened((response) => response.writeHead(status, { location: `${elsewhere.url}/stolen` }).end());
  const failure = await failureTo("http://127.0.0.1:9", {
    request,
    inputs: { url: `${host.url}/k?sig=0123456789abcdef`, file: essay() },
    deployment: sandbox,
  });
  expect(failure).toMatchObject({ code: "unexpected_redirect" });
  expect(String(failure)).not.toMatch(/127\.0\.0\.1|stolen|0123456789abcdef/);
  expect([host.requests.length, elsewhere.requests.length]).toEqual([1, 0]);
});

test("T35 the signature of a URL is in no message, whatever its host answers", async () => {
  const secret = "0123456789abcdef/+";
  const host = await opened((response, _attempt, { url }) =>
    response
      .writeHead(403, { "content-type": "application/xml" })
      .end(`<Error><Message>no ${url} ${secret}</Message></Error>`),
  );
  const url = `${host.url}/k?sig=${encodeURIComponent(secret)}`;
  const failure = await failureTo("http://127.0.0.1:9", {
    request,
    inputs: { url, file: essay() },
    deployment: sandbox,
  });
  expect(failure).toMatchObject({ name: "Problem" });
  expect(JSON.stringify([String(failure), failure])).not.toMatch(/0123456789abcdef/);
  const call = { request: { ...PUT, server: "storage" } };
  const filled = await fillRequest(call, scopeOf({ url, file: essay() }), { ...deployed(), ...sandbox });
  expect(JSON.stringify(describeRequest(filled))).not.toMatch(/0123456789abcdef/);
});

const live = { ...deployed(), api: { definition, catalog: { tools: [] } } };
test.each([
  ["https://bucket.storage.example/key?sig=1", true],
  ["https://a.b.storage.example/", true],
  ["https://BUCKET.Storage.Example/", true],
  ["http://bucket.storage.example/key", false],
  ["https://storage.example/key", false],
  ["https://evilstorage.example/key", false],
  ["https://bucket.storage.example.evil.example/", false],
  ["https://bucket.storage.example:8443/", false],
  ["https://bucket.storage.example@evil.example/", false],
  ["https://user:pass@bucket.storage.example/", false],
  ["https://evil.example/#.storage.example", false],
  ["https://evil.example\\.storage.example/", false],
  ["https://127.0.0.1/", false],
  ["http://localhost:9000/", false],
  ["http://169.254.169.254/latest/meta-data", false],
  ["file:///etc/passwd", false],
  ["data:text/plain,x", false],
  ["/relative", false],
  ["", false],
  [7, false],
])("T14 live, a URL of an answer leads only where `hosts` says: %j %s", async (url, allowed) => {
  const filled = fillRequest({ request: { ...PUT } }, scopeOf({ url, file: file().parse({ base64: "eA==" }) }), live);
  if (allowed) expect((await filled).url.href).toBe(new URL(String(url)).href);
  else await expect(filled).rejects.toMatchObject({ code: "invalid_response" });
});

test.each(["https://bucket.storage.example/key", "http://192.168.0.1/", "http://localhost.evil.example/"])(
  "T14 in a sandbox nothing leaves this machine: %s",
  async (url) => {
    const scope = scopeOf({ url, file: file().parse({ base64: "eA==" }) });
    await expect(fillRequest({ request: { ...PUT } }, scope, { ...live, mode: "sandbox" })).rejects.toMatchObject({
      code: "invalid_response",
    });
  },
);

test("a host that an operator put elsewhere is there and nowhere else", async () => {
  const deployment = { ...live, servers: { ...live.servers, storage: new URL("http://127.0.0.1:4000") } };
  const filled = (url: string) =>
    fillRequest({ request: { ...PUT } }, scopeOf({ url, file: file().parse({ base64: "eA==" }) }), deployment);
  expect((await filled("http://127.0.0.1:4000/k")).url.port).toBe("4000");
  await expect(filled("https://bucket.storage.example/k")).rejects.toMatchObject({ code: "invalid_response" });
  await expect(filled("http://127.0.0.1:4001/k")).rejects.toMatchObject({ code: "invalid_response" });
});

test("an upload that breaks off is sent again, from the beginning", async () => {
  const host = await opened((response, attempt) => (attempt === 1 ? response.destroy() : response.end()));
  await sendTo("http://127.0.0.1:9", { request, inputs: { url: `${host.url}/k`, file: essay() }, deployment: sandbox });
  expect(host.bodies.map((body) => digest(body))).toEqual([digest(content), digest(content)]);
});

test("an empty file is sent as nothing, with its length", async () => {
  const host = await opened((response) => response.end());
  const inputs = { url: `${host.url}/k`, file: file().parse({ path: "empty.txt" }) };
  await sendTo("http://127.0.0.1:9", { request, inputs, deployment: sandbox });
  expect(host.headers[0]).toMatchObject({ "content-length": "0", "content-type": "text/plain" });
});

test("a file within a form goes out from the disk, with its length", async () => {
  const vendor = await opened((response) => response.end("{}"));
  const body = { contentType: "multipart/form-data", payload: { note: 'a "b"\r\nc', file: "$inputs.file" } };
  await sendTo(vendor, {
    request: { method: "POST", body },
    inputs: { file: essay() },
    deployment: { uploadRoots: [folder] },
  });
  const sent = vendor.bodies[0] ?? "";
  expect(Number(vendor.headers[0]?.["content-length"])).toBe(sent.length);
  expect(sent).toContain('name="file"; filename="essay.pdf"\r\nContent-Type: application/pdf\r\n\r\n');
  const at = sent.indexOf("application/pdf\r\n\r\n") + "application/pdf\r\n\r\n".length;
  expect(digest(sent.slice(at, at + content.length))).toBe(digest(content));
});

test("a file within JSON is base64 beside its name and size", async () => {
  const vendor = await opened((response) => response.end("{}"));
  const payload = [
    {
      name: "$inputs.file#/name",
      size: "$inputs.file#/size",
      data: "data:{$inputs.file#/type};base64,{$inputs.file#/base64}",
    },
  ];
  await sendTo(vendor, {
    request: { method: "POST", body: { payload } },
    inputs: { file: essay() },
    deployment: { uploadRoots: [folder] },
  });
  expect(JSON.parse(vendor.bodies[0] ?? "")).toEqual([
    { name: "essay.pdf", size: content.length, data: `data:application/pdf;base64,${content.toString("base64")}` },
  ]);
});

test("T38 a file that changes while it is sent ends the call with words, and is not sent again", async () => {
  const vendor = await opened((response) => response.end("{}"));
  const name = join(folder, "moving.bin");
  writeFileSync(name, randomBytes(1024));
  const input = file().parse({ path: "moving.bin" });
  const deployment = { ...deployed(`${vendor.url}/api`), uploadRoots: [folder] };
  const call = {
    request: { method: "PUT", path: "/x", server: "api", body: { contentType: "*/*", payload: "$inputs.f" } },
  } as const;
  const filled = await fillRequest(call, scopeOf({ f: input }), deployment);
  truncateSync(name, 3);
  const { send } = await import("../../../src/runtime/send/send.ts");
  await expect(send(filled, deployment, within(10_000))).rejects.toMatchObject({
    code: "invalid_arguments",
    message: expect.stringContaining("changed while it was being sent"),
  });
  expect(vendor.requests).toEqual([]);
});
