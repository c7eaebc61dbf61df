import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { callTool } from "../../../src/runtime/call/call-tool.ts";
import { defineTool } from "../../../src/runtime/define-tool.ts";
import { context, deploy, problemOf } from "../call/deploy.ts";
import { pageOfRows, rows } from "../call/vendor.ts";
import { type Route, startTimedVendor } from "./vendor.ts";

let vendor: Awaited<ReturnType<typeof startTimedVendor>>;
afterEach(() => vendor.close());

const get = { method: "GET", server: "api" } as const;
const head = { title: "T", description: "D", annotations: {} } as const;
const paged = { items: "$response.body", size: { max: 5 }, end: { by: "short-page" } } as const;
const query = { page: "$page.number", size: "$page.size" } as const;

/** Looks a row up in a list that is read page by page, and changes it. */
const change = defineTool({
  ...head,
  name: "change",
  input: z.strictObject({ row: z.string() }),
  steps: [
    {
      stepId: "find",
      request: { ...get, path: "/rows", query },
      pagination: paged,
      outputs: { id: { in: "$response.body", value: "$inputs.row", equals: ["id"] } },
    },
    {
      stepId: "change",
      request: { ...get, method: "PUT", path: "/rows/{id}", pathParameters: { id: "$steps.find.outputs.id#/id" } },
      effect: "write",
    },
  ],
});

/** Lists the rows, unless there is nothing to list. */
const list = defineTool({
  ...head,
  name: "list",
  input: z.strictObject({ limit: z.int().default(3), cursor: z.string().optional() }),
  steps: [
    { stepId: "count", request: { ...get, path: "/count" }, outputs: { count: "$response.body#/count" } },
    {
      stepId: "rows",
      when: "$steps.count.outputs.count > 0",
      request: { ...get, path: "/rows", query },
      pagination: paged,
    },
  ],
});

/** A mutation behind one path, as GraphQL has it. */
const mutate = defineTool({
  ...head,
  name: "mutate",
  input: z.strictObject({ name: z.string() }),
  steps: [
    {
      stepId: "add",
      request: { ...get, method: "POST", path: "/graphql", body: { payload: { q: "add", name: "$inputs.name" } } },
    },
    { stepId: "link", request: { ...get, method: "POST", path: "/graphql", body: { payload: { q: "link" } } } },
  ],
});

async function at(routes: Parameters<typeof startTimedVendor>[0], server: object = {}) {
  vendor = await startTimedVendor(routes);
  return deploy(vendor.url, { change, list, mutate }, { api: { servers: { api: { url: vendor.url, ...server } } } });
}

const listOf =
  (count: number) =>
  ({ query: asked }: { query: URLSearchParams }): Route => ({
    body: pageOfRows(rows(count), Number(asked.get("page")), Number(asked.get("size"))),
  });

test("a list in the middle is read to its end, and its step sees all of it", async () => {
  const deployment = await at({ "GET /rows": listOf(12), "PUT /rows/11": { body: { id: 11 } } });
  expect((await callTool(deployment, "change", { row: "11" }, context())).value).toEqual({ id: 11 });
  expect(vendor.seen.map(({ path, query: asked }) => path + (asked.get("page") ?? ""))).toEqual([
    "/rows1",
    "/rows2",
    "/rows3",
    "/rows/11",
  ]);
});

test("a list that is too long is read to a bound, which is told of", async () => {
  const deployment = await at({ "GET /rows": listOf(1_000) });
  const problem = await problemOf(callTool(deployment, "change", { row: "999" }, context()));
  expect(problem).toMatchObject({ code: "not_found" });
  expect(problem.message).toContain('row "999" was not found by id. Only the first 50 were looked at.');
});

test("a tool whose list is skipped answers with an empty list", async () => {
  const deployment = await at({ "GET /count": { body: { count: 0 } }, "GET /rows": listOf(4) });
  expect((await callTool(deployment, "list", {}, context())).value).toEqual({ items: [], total: 0 });
  expect(vendor.seen).toHaveLength(1);
});

test("a list behind another step has its limit and its cursor", async () => {
  const deployment = await at({ "GET /count": { body: { count: 4 } }, "GET /rows": listOf(4) });
  const { value } = await callTool(deployment, "list", {}, context());
  expect(value["items"]).toEqual(rows(3));
  expect((await callTool(deployment, "list", { cursor: value["next_cursor"] }, context())).value).toEqual({
    items: [{ id: 4 }],
  });
});

test("an answer of status 200 that has errors in it fails its step, with what was done before", async () => {
  const errors = [{ message: "No such parent" }];
  const answer = ({ body }: { body: string }): Route =>
    body.includes("add") ? { body: { data: { id: 1 } } } : { body: { data: null, errors } };
  const deployment = await at({ "POST /graphql": answer }, { successCriteria: ["!$response.body#/errors"] });
  const problem = await problemOf(callTool(deployment, "mutate", { name: "x" }, context()));
  expect(problem).toMatchObject({ code: "rejected", facts: { retryable: false } });
  expect(problem.message).toContain(
    "mutate stopped at step 2 of 2, link: Acme refused POST /graphql (200 with errors). No such parent.",
  );
  expect(problem.message).toContain("Already done, and not undone: step 1 of 2, add (POST /graphql).");
});

test("a server says in its own way that it does not know the credential", async () => {
  const errors = [{ message: "JWT expired" }];
  const unauthorizedCriteria = [
    { context: "$response.body#/errors/0/message", condition: "(?i)jwt|unauthori[sz]ed", type: "regex" },
  ];
  const deployment = await at({ "POST /graphql": { body: { errors } } }, { unauthorizedCriteria });
  const problem = await problemOf(callTool(deployment, "mutate", { name: "x" }, context()));
  expect(problem.code).toBe("credential_rejected");
});
