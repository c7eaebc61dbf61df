import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Answered, ask, at, control, HARBOUR, json, SEED, sessionHeaders } from "./harbour.ts";

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await startSandbox(HARBOUR)));
afterAll(async () => await sandbox.close());

const post = async (path: string, body: unknown): Promise<Answered> =>
  await ask(at(sandbox, "api", path), json(body, sessionHeaders(SEED)));
async function presign(file: object = { fileName: "käse & wein.txt" }) {
  const [made] = (await post("/upload-urls", [file])).body as unknown as { resourceId: string; url: string }[];
  return made ?? { resourceId: "", url: "" };
}
const put = async (url: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  await ask(url, { method: "PUT", headers: { "content-type": "text/plain", ...headers }, body });
const complete = async (resourceId: string) => await post("/upload-status", [{ resourceId, status: "COMPLETED" }]);

test("a URL on an origin of its own, bytes, completion", async () => {
  const { resourceId, url } = await presign();
  expect(new URL(url).origin).toBe(sandbox.servers["storage"]);
  expect(new URL(url).origin).not.toBe(new URL(sandbox.url).origin);
  expect(decodeURIComponent(new URL(url).pathname)).toMatch(/\/käse & wein\.txt$/);
  const early = await complete(resourceId);
  expect([early.status, early.body]).toEqual([409, { Message: "The bytes never came." }]);
  expect((await put(url, "hello")).status).toBe(200);
  const done = await complete(resourceId);
  expect([done.status, done.body]).toEqual([200, [{ id: resourceId, status: "COMPLETED", size: 5 }]]);
});

test("several at once; one of which the bytes never came refuses all", async () => {
  const made = (await post("/upload-urls", [{ fileName: "a" }, { fileName: "b" }])).body as unknown as {
    resourceId: string;
    url: string;
  }[];
  expect(new Set(made.map(({ resourceId }) => resourceId)).size).toBe(2);
  await put(made[0]?.url ?? "", "a");
  const body = made.map(({ resourceId }) => ({ resourceId, status: "COMPLETED" }));
  expect((await post("/upload-status", body)).status).toBe(409);
  await put(made[1]?.url ?? "", "bb");
  expect((await post("/upload-status", body)).body).toMatchObject([{ size: 1 }, { size: 2 }]);
  expect((await complete("no-such-resource")).status).toBe(404);
});

describe("T08 no header of the API may arrive there", () => {
  test.each(["authorization", "cookie", "contexttoken", "transaction-id", "x-class"])(
    "%s is refused, and recorded",
    async (name) => {
      const { url, resourceId } = await presign();
      expect((await put(url, "hello", { [name]: "canary" })).status).toBe(403);
      expect((await complete(resourceId)).status).toBe(409);
      const entries = (await ask(`${new URL(sandbox.url).origin}/__sandbox/requests`)).body as unknown as Record<
        string,
        unknown
      >[];
      const entry = entries.findLast(({ server }) => server === "storage");
      expect(entry).toMatchObject({
        method: "PUT",
        status: 403,
        violations: [name],
        headers: expect.arrayContaining([name]),
      });
      expect(JSON.stringify(entries)).not.toContain("canary");
    },
  );
});

describe("a URL is good", () => {
  test("once", async () => {
    const { url } = await presign();
    expect((await put(url, "1")).status).toBe(200);
    const again = await put(url, "2");
    expect([again.status, again.headers.get("content-type"), again.text]).toEqual([
      403,
      "application/xml",
      "<Error><Code>AccessDenied</Code></Error>",
    ]);
  });

  test("as it was given, until it expires, for PUT", async () => {
    const { url } = await presign();
    expect((await put(url.replace(/signature=./, "signature=x"), "1")).status).toBe(403);
    expect((await put(url.replace(/expires=\d+/, "expires=9999999999"), "1")).status).toBe(403);
    expect((await put(url.replace("wein", "bier"), "1")).status).toBe(403);
    expect((await ask(url)).status).toBe(405);
    await control(sandbox, "expire", { what: "uploads" });
    expect((await put(url, "1")).status).toBe(403);
  });

  test("for the type and the length that were agreed", async () => {
    const { url, resourceId } = await presign({ fileName: "a", fileSize: 5 });
    expect((await put(url, "hello", { "content-type": "text/html" })).status).toBe(400);
    expect((await put(url, "hell")).status).toBe(400);
    expect((await complete(resourceId)).status).toBe(409);
    expect((await put(url, "hello")).status).toBe(200);
  });
});

test("ten megabytes arrive whole", async () => {
  const { url, resourceId } = await presign();
  const bytes = "0123456789".repeat(1_000_000);
  expect((await put(url, bytes)).status).toBe(200);
  expect((await complete(resourceId)).body).toMatchObject([{ size: 10_000_000 }]);
});
