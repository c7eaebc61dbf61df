import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { connect, type TestClient } from "../e2e/clients.ts";
import { journey } from "../e2e/freshservice-journey.ts";
import { ownEnvironment, serve, type Serving } from "../e2e/server.ts";
import { type Json, mutantSeeds, mutate, randomFrom } from "./mutate.ts";

// A vendor may answer anything. Every call still ends with an answer that a model can use, and never with a fault of ours.
const MUTANTS = mutantSeeds(120);
/** Limits out of the way. */
const MANY = Object.fromEntries(
  [
    "CALLS_PER_MINUTE",
    "CALLS_PER_MONTH",
    "REQUESTS_PER_MINUTE",
    "LIST_REQUESTS_PER_MINUTE",
    "RECORD_REQUESTS_PER_MINUTE",
  ].map((limit) => [`FRESHSERVICE_${limit}`, "1000000"]),
);
const STATUSES = [200, 200, 200, 201, 204, 299, 400, 401, 403, 404, 409, 422, 429, 500, 599];
const TYPES = [
  "application/json",
  "text/html",
  "text/plain",
  "application/problem+json",
  "",
  'x/y; charset="',
  "image/png",
];
const LINKS = [
  "<>; rel=next",
  '<//evil.example/x>; rel="next"',
  "<?page=2>;rel=next",
  "garbage,,<",
  '<?page=-1>; rel="next"',
];

let sandbox: Sandbox;
let between: Server;
let serving: Serving;
let client: TestClient;
/** What the journey calls; replayed while the answers are changed. */
const calls: { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[] = [];
let random: (() => number) | undefined;
const outcomes = { answers: 0, errors: 0 };

beforeAll(async () => {
  sandbox = await startSandbox("specs/freshservice/sandbox.yaml", { perMinute: 1_000_000 });
  between = createServer((request, response) => void pass(request, response)).listen(0, "127.0.0.1");
  await new Promise((listening) => between.once("listening", listening));
  const { port } = between.address() as AddressInfo;
  const path = new URL(sandbox.url).pathname;
  serving = await serve(
    ["freshservice", "--server", `http://127.0.0.1:${port}${path}`],
    ownEnvironment({ ...sandbox.environment, ...MANY }),
  );
  client = await connect("SDK v2, 2026-07-28", { url: serving.url });
  const recording: TestClient = {
    ...client,
    async call(name, args = {}, onProgress) {
      calls.push({ name, args });
      return await client.call(name, args, onProgress);
    },
  };
  await journey(recording, new Set());
}, 60_000);

afterAll(async () => {
  await client.close();
  await serving.stop();
  between.close();
  await sandbox.close();
});

/** Hands a request on to the sandbox, and its answer back, changed while a mutant is tried. */
async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { host: _, connection: _connection, "content-length": _length, ...headers } = request.headers;
  const answer = await fetch(new URL(request.url ?? "", sandbox.url), {
    method: request.method ?? "GET",
    headers: headers as Record<string, string>,
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
  const text = await answer.text();
  const told = [...answer.headers].filter(([name]) => /^(?:content-type|link|retry-after|x-.*)$/.test(name));
  const right = { status: answer.status, headers: Object.fromEntries(told), text };
  const { status, headers: sent, text: body } = random ? wrong(right, random) : right;
  response.writeHead(status, sent).end(body);
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

function wrong({ status, headers, text }: Answer, random: () => number): Answer {
  const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One; // never of an empty list
  const other = random() < 0.3 ? pick(STATUSES) : status;
  return {
    status: other,
    headers: {
      ...headers,
      ...(random() < 0.2 && { "content-type": pick(TYPES) }),
      ...(random() < 0.1 && { link: pick(LINKS) }),
      ...(other === 429 && { "retry-after": pick(["0", "-1", "abc", "99999", "Fri, 99"]) }),
    },
    text: changed(text, random),
  };
}

function changed(text: string, random: () => number): string {
  if (random() < 0.1) return text.slice(0, Math.floor(random() * text.length));
  try {
    const document = JSON.parse(text) as Json;
    mutate(document, random, 1 + Math.floor(random() * 10));
    return JSON.stringify(document);
  } catch {
    return text;
  }
}

test.each(MUTANTS)("mutant %i", async (seed) => {
  random = randomFrom(seed);
  const { name, args } = calls[Math.floor(random() * calls.length)] ?? { name: "", args: {} };
  const { isError, text, value } = await client.call(name, args);
  outcomes[isError ? "errors" : "answers"]++;
  expect(text).toMatch(/\S/);
  expect(text.length).toBeLessThan(60_000);
  expect(text).not.toContain("127.0.0.1");
  expect(value === undefined).toBe(isError);
  expect(serving.notes()).not.toContain('"fault"');
});

test("of both kinds were many", () => {
  expect(outcomes.answers).toBeGreaterThan(MUTANTS.length / 5);
  expect(outcomes.errors).toBeGreaterThan(MUTANTS.length / 5);
});
