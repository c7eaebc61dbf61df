import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { callTool } from "../../../src/runtime/call/call-tool.ts";
import { defineTool } from "../../../src/runtime/define-tool.ts";
import { context, deploy, problemOf } from "./deploy.ts";
import { startVendor, type Vendor } from "./vendor.ts";

const input = z.strictObject({
  filter: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  sort: z.string().optional(),
  limit: z.int().min(1).max(500).default(30),
  cursor: z.string().optional(),
});

const report = defineTool({
  name: "report",
  title: "T",
  description: "D",
  annotations: { readOnlyHint: true },
  input,
  request: { method: "GET", path: "/report", server: "api" },
  pagination: {
    items: "$response.body#/report/rows",
    size: { max: 500, fixed: true },
    end: { by: "single" },
    filter: true,
    sort: true,
  },
  result: { project: "{ticket: id, customer: client.name, opened: opened}" },
});

/** 2,000 rows; of every hundred one is Acorn's, and the oldest of these stands near the end. */
const ROWS = Array.from({ length: 2_000 }, (_, index) => ({
  id: index + 1,
  client: { name: index % 100 === 7 ? "Acorn Construction" : "Somebody else" },
  opened: index === 1_707 ? "2025-02-03T08:00:00" : `2026-${String(1 + (index % 11)).padStart(2, "0")}-01T08:00:00`,
  secret: "x",
}));

let vendor: Vendor;
afterEach(() => vendor.close());

interface List {
  readonly items: readonly { readonly ticket: number; readonly opened: string }[];
  readonly total: number;
  readonly next_cursor?: string;
}

async function reportOf(args: Readonly<Record<string, unknown>>, body: unknown = { report: { rows: ROWS } }) {
  vendor = await startVendor(() => ({ body }));
  const deployment = deploy(vendor.url, { report });
  const call = async (more: object) =>
    (await callTool(deployment, "report", { ...args, ...more }, context())).value as unknown as List; // of a list tool
  return { call, deployment };
}

test("the row that lies far beyond the first answer is found in one call", async () => {
  const { call } = await reportOf({ filter: { Customer: "acorn" }, sort: "opened", limit: 1 });
  const answer = await call({});
  expect(answer.items).toEqual([{ ticket: 1_708, customer: "Acorn Construction", opened: "2025-02-03T08:00:00" }]);
  expect(answer.total).toBe(20);
  expect(vendor.seen.length).toBe(1);
});

test("cursors lead through what was narrowed and sorted, each item once", async () => {
  const { call } = await reportOf({ filter: { customer: "Acorn" }, sort: "-opened", limit: 7 });
  const seen: List["items"][number][] = [];
  let cursor: string | undefined;
  do {
    const answer: List = await call(cursor === undefined ? {} : { cursor });
    seen.push(...answer.items);
    cursor = answer.next_cursor;
  } while (cursor !== undefined);
  expect(new Set(seen.map(({ ticket }) => ticket)).size).toBe(20);
  expect(seen.map(({ opened }) => opened)).toEqual(
    seen
      .map(({ opened }) => opened)
      .toSorted()
      .toReversed(),
  );
});

test("a cursor is of no use with another filter", async () => {
  const { call, deployment } = await reportOf({ filter: { customer: "Acorn" }, limit: 7 });
  const { next_cursor: cursor } = await call({});
  const problem = await problemOf(
    callTool(deployment, "report", { filter: { customer: "else" }, limit: 7, cursor }, context()),
  );
  expect(problem.code).toBe("invalid_cursor");
});

test("a field that the model never sees is no field, so nothing of it leaks by asking", async () => {
  const { deployment } = await reportOf({});
  const problem = await problemOf(callTool(deployment, "report", { filter: { secret: "x" } }, context()));
  expect(problem.message).toBe(
    'filter: no item has a field "secret". There are ticket, customer, opened. Write one of them as it stands.',
  );
});

test("a text that says within a 200 why it is no success is the reason", async () => {
  vendor = await startVendor(() => ({
    body: { description: "Sales", report: { rows: [], load_error: "Invalid column." } },
  }));
  const successCriteria = ["!$response.body#/report/load_error"];
  const api = { servers: { api: { url: vendor.url, successCriteria } } };
  const problem = await problemOf(callTool(deploy(vendor.url, { report }, { api }), "report", {}, context()));
  expect(problem.message).toBe("Acme refused GET /report (200 with errors): Invalid column.");
});
