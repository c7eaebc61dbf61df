import { afterEach, expect, test } from "vitest";
import { callTool, planCall } from "../../../src/runtime/call/call-tool.ts";
import { orderOf } from "../../../src/runtime/call/step-order.ts";
import { now } from "../../../src/runtime/clock.ts";
import { readLimits } from "../../../src/runtime/limits/limits.ts";
import { context, deploy, problemOf } from "../call/deploy.ts";
import { grades, submit, tasks } from "./tools.ts";
import { type Route, type Span, startTimedVendor } from "./vendor.ts";

let vendor: Awaited<ReturnType<typeof startTimedVendor>>;
afterEach(() => vendor.close());

const classes = [
  { id: 7, code: "BIO-1", name: "Biology" },
  { id: 8, code: "CHE-1", name: "Chemistry" },
];
const SLOW = 120; // milliseconds; far more than the pauses of this machine
const school: Readonly<Record<string, Route>> = {
  "GET /classes": { body: { classes }, delayMs: SLOW },
  "GET /me": { body: { name: "Ada" }, delayMs: SLOW },
  "GET /classes/7/grades": { body: { grades: [1, 2] } },
  "GET /a": { body: {}, delayMs: SLOW },
  "GET /b": { body: { open: true, name: "Essay" }, delayMs: SLOW },
  "POST /drafts": { status: 201, body: { id: 42 }, delayMs: SLOW },
  "GET /drafts": { body: [] },
  "POST /hand-ins": { status: 201, body: { done: true } },
};

async function at(routes: Readonly<Record<string, Route>> = school, more: Parameters<typeof deploy>[2] = {}) {
  vendor = await startTimedVendor(routes);
  const api = { credentials: { key: { servers: ["api"], bearer: "$env.KEY" } }, ...more.api };
  return deploy(vendor.url, { grades, submit, tasks }, { environment: { KEY: "secret-1" }, ...more, api });
}

function span(operation: string): Span {
  const found = vendor.spans.find((one) => one.operation === operation);
  if (!found) throw new Error(`${operation} was not asked`);
  return found;
}

test("reads go side by side, and a step waits for those that it names alone", async () => {
  const deployment = await at();
  const { value } = await callTool(deployment, "grades", { class: "bio", with_me: true }, context());
  expect(value).toEqual({ class: "Biology", grades: [1, 2], me: "Ada" });
  const [list, me, own] = [span("GET /classes"), span("GET /me"), span("GET /classes/7/grades")];
  expect(me.from).toBeLessThan(list.to); // beside it
  expect(list.from).toBeLessThan(me.to);
  expect(own.from).toBeGreaterThanOrEqual(list.to); // after what it names
});

test("a write waits for everything before it, and what comes after waits for the write", async () => {
  const deployment = await at();
  expect((await callTool(deployment, "submit", { text: "x" }, context())).value).toEqual({ done: true });
  const [a, b, draft, look, handIn] = ["GET /a", "GET /b", "POST /drafts", "GET /drafts", "POST /hand-ins"].map(span);
  expect(Math.max(a?.from ?? 0, b?.from ?? 0)).toBeLessThan(Math.min(a?.to ?? 0, b?.to ?? 0));
  expect(draft?.from).toBeGreaterThanOrEqual(Math.max(a?.to ?? 0, b?.to ?? 0));
  expect(look?.from).toBeGreaterThanOrEqual(draft?.to ?? Infinity);
  expect(handIn?.from).toBeGreaterThanOrEqual(look?.to ?? Infinity);
  expect(vendor.seen.map(({ body }) => body).filter((body) => body !== "")).toEqual(['{"text":"x"}', '{"draft":42}']);
});

test("the order of steps, by number", () => {
  const read = (stepId: string, path = "/x") => ({
    stepId,
    calls: [
      { request: { method: "GET", path, server: "api", query: { q: `$steps.${stepId.slice(1)}.outputs.x` } } },
    ] as const,
  });
  const write = { stepId: "w", calls: [{ request: { method: "POST", path: "/", server: "api" } }] as const };
  expect(orderOf([read("a"), read("ba"), read("c"), write, read("e")])).toEqual([[], [0], [], [0, 1, 2], [3]]);
});

test("a step whose condition does not hold is skipped, and its part of the answer with it", async () => {
  const deployment = await at();
  const { value } = await callTool(deployment, "grades", { class: "BIO-1" }, context());
  expect(value).toEqual({ class: "Biology", grades: [1, 2] });
  expect(vendor.spans.map(({ operation }) => operation)).toEqual(["GET /classes", "GET /classes/7/grades"]);
});

test("a stop ends the tool with a message, before anything is written", async () => {
  const deployment = await at({ ...school, "GET /b": { body: { open: null, name: "Ess\u200bay" } } });
  const problem = await problemOf(callTool(deployment, "submit", { text: "x" }, context()));
  expect(problem.code).toBe("stopped");
  expect(problem.message).toBe(
    "Hand-in of Essay is closed; ask the teacher.\nNothing was changed: step 2 of 5, b only reads.",
  );
  expect(vendor.seen.some(({ method }) => method === "POST")).toBe(false);
});

test("a later step that fails tells what was done, and by which ids", async () => {
  const body = { message: "Too late" };
  const deployment = await at({ ...school, "POST /hand-ins": { status: 422, body } });
  const problem = await problemOf(callTool(deployment, "submit", { text: "x" }, context()));
  expect(problem).toMatchObject({ code: "rejected", facts: { status: 422, retryable: false } });
  expect(problem.message.split("\n")).toEqual([
    "submit stopped at step 5 of 5, hand_in: Acme refused POST /hand-ins (422 Unprocessable Entity): Too late.",
    "Already done, and not undone: step 3 of 5, draft (POST /drafts, draft_id 42). Read what is there now before you repeat any of it.",
  ]);
});

test("a failure before the first write says that nothing was changed, and of a tool that reads nothing more", async () => {
  const deployment = await at({ ...school, "GET /a": { status: 404, body: { message: "Gone" } } });
  const problem = await problemOf(callTool(deployment, "submit", { text: "x" }, context()));
  expect(problem.message).toContain("\nNothing was changed: step 1 of 5, a only reads.");
  const reading = await problemOf(callTool(deployment, "grades", { class: "CHE-1" }, context()));
  expect(reading.message).toBe(
    "Acme refused GET /classes/{id}/grades (404 Not Found): nothing here. Check the ids among the arguments.",
  );
});

test("a failed read cancels what goes on beside it, and nothing after it starts", { retry: 2 }, async () => {
  const slow = { body: { open: true }, delayMs: 3_000 };
  const deployment = await at({ ...school, "GET /a": { status: 404, body: {}, delayMs: 200 }, "GET /b": slow });
  const before = performance.now();
  await problemOf(callTool(deployment, "submit", { text: "x" }, context()));
  expect(performance.now() - before).toBeLessThan(1_500);
  expect(vendor.seen.map(({ path }) => path).sort()).toEqual(["/a", "/b"]);
});

test("a call that is cancelled in the middle starts nothing more, and says what was done", async () => {
  const deployment = await at({ ...school, "GET /drafts": { body: [], delayMs: 3_000 } });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 3 * SLOW + 60);
  const problem = await problemOf(callTool(deployment, "submit", { text: "x" }, context({ signal: stop.signal })));
  expect(problem.code).toBe("cancelled");
  expect(problem.message).toContain("Already done, and not undone: step 3 of 5, draft (POST /drafts, draft_id 42).");
  expect(vendor.seen.map(({ path }) => path)).not.toContain("/hand-ins");
});

test("the deadline holds for all steps together", { retry: 2 }, async () => {
  const deployment = await at();
  const call = (ms: number) => callTool(deployment, "submit", { text: "x" }, context({ deadlineAt: now() + ms }));
  const early = await problemOf(call(SLOW - 40));
  expect(early.code).toBe("timeout");
  expect(vendor.seen.map(({ path }) => path).sort()).toEqual(["/a", "/b"]);
  const late = await problemOf(call(SLOW + 60)); // while the draft is on its way
  expect(late.code).toBe("outcome_unknown");
  expect(vendor.seen.map(({ path }) => path)).not.toContain("/hand-ins");
});

test("a client is told of every step, in numbers that only grow", async () => {
  const deployment = await at();
  const told: [number, number | undefined, string][] = [];
  await callTool(deployment, "submit", { text: "x" }, context({ progress: (...one) => told.push(one) }));
  expect(told.map(([, total, message]) => `${total} ${message}`)).toEqual([
    "5 step 1 of 5, a",
    "5 step 2 of 5, b",
    "5 step 3 of 5, draft",
    "5 step 4 of 5, look",
    "5 step 5 of 5, hand_in",
  ]);
  expect(told.map(([done]) => done)).toEqual([0, 0, 2, 3, 4]);
});

test("a call counts once, and each of its requests at the vendor's", async () => {
  const limits = { calls: ["9/minute"], upstream: ["9/minute"] };
  const deployment = await at(school, { api: { limits } });
  await callTool(deployment, "submit", { text: "x" }, context());
  expect((await readLimits(deployment)).map(({ used }) => used)).toEqual([1, 5]);
});

test("a server that only reads carries out no step of a tool that writes", async () => {
  const deployment = await at(school, { readOnly: true });
  expect((await problemOf(callTool(deployment, "submit", { text: "x" }, context()))).code).toBe("forbidden");
  expect(vendor.seen).toEqual([]);
});

test("a dry run shows what a call would begin with, and what would follow", async () => {
  const deployment = await at();
  expect(await planCall(deployment, "submit", { text: "x" })).toEqual({
    first: [
      expect.objectContaining({ method: "GET", url: `${vendor.url}/a` }),
      expect.objectContaining({ method: "GET", url: `${vendor.url}/b` }),
    ],
    next: [
      "step 3 of 5, draft: POST /drafts",
      "step 4 of 5, look: GET /drafts",
      "step 5 of 5, hand_in: POST /hand-ins",
    ],
  });
  expect(await planCall(deployment, "grades", { class: "x" })).toMatchObject({
    first: [{ url: `${vendor.url}/classes`, headers: { authorization: "Bearer ***" } }],
    next: ["step 3 of 3, grades: GET /classes/{id}/grades"],
  });
  expect(vendor.seen).toEqual([]);
});
