import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Seen } from "./stand-in.ts";
import { expectWire } from "./wire.ts";

// What is looked at on the wire is found when it is there: otherwise no day could fail for it.
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
const seen = (server: string, credentials: Readonly<Record<string, string>> = {}, more: Partial<Seen> = {}): Seen => ({
  server,
  method: "GET",
  path: "/",
  headers: [],
  credentials: Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, hashOf(value)])),
  ...more,
});
const GOOD = [seen("api", { authorization: "Bearer abc-123" }), seen("storage", {}, { path: "/a?signature=5f2c" })];
const WIRE = { shown: { api: ["authorization"], storage: [] }, apart: [["api"], ["storage"]], counters: { token: 1 } };

async function look(
  requests: readonly Seen[],
  told: { answers?: string; notes?: string } = {},
  counters = { token: 1 },
) {
  const standIn = { requests: async () => requests, counters: async () => counters };
  await expectWire({ wire: WIRE }, standIn, { answers: "", notes: "", ...told }, ["sandbox-secret"]);
}

test("a day on which all is well", async () => {
  await expect(look(GOOD, { answers: '{"id":"abc"}', notes: "Bearer of news" })).resolves.toBeUndefined();
});

test.each<[what: string, looked: () => Promise<void>, says: RegExp]>([
  ["a header that reaches another server", () => look([...GOOD, seen("storage", { authorization: "x" })]), /T12/],
  ["a server that nobody speaks of", () => look([...GOOD, seen("elsewhere")]), /T12/],
  [
    "a header that must not have come",
    () => look([...GOOD, seen("api", {}, { violations: ["x"] })]),
    /must not have come/,
  ],
  ["a token too many", () => look(GOOD, {}, { token: 2 }), /given out/],
  ["a bearer token in an answer", () => look(GOOD, { answers: '{"t":"abc-123"}' }), /T35: credentials in answers/],
  ["a header in the log", () => look(GOOD, { notes: "authorization: Bearer abc-123" }), /T35: credentials in notes/],
  [
    "a signed URL in an answer",
    () => look(GOOD, { answers: "http://127.0.0.1/a?signature=5f2c" }),
    /signed URLs in answers/,
  ],
  ["a secret in the log", () => look(GOOD, { notes: "with sandbox-secret" }), /secrets.*in notes/],
])("%s is found", async (_, looked, says) => {
  await expect(looked()).rejects.toThrow(says);
});

test("a credential that two groups of servers have is found, whatever its header", async () => {
  const requests = [
    seen("api", { authorization: "Bearer abc-123" }),
    seen("shop", { authorization: "Bearer abc-123" }),
  ];
  const wire = { shown: { api: ["authorization"], shop: ["authorization"] }, apart: [["api"], ["shop"]], counters: {} };
  const standIn = { requests: async () => requests, counters: async () => ({}) };
  await expect(expectWire({ wire }, standIn, { answers: "", notes: "" }, [])).rejects.toThrow(/elsewhere/);
});
