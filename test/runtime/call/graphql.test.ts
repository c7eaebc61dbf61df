import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildSchema, graphql } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callTool } from "../../../src/runtime/call/call-tool.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { planCall } from "../../../src/runtime/call/plan-call.ts";
import { context, problemOf } from "./deploy.ts";
import { startVendor, type Vendor } from "./vendor.ts";

// What the golden case generates, against a GraphQL server that knows nothing of us but the case's own schema.
const CASE = resolve(import.meta.dirname, "../../golden/graphql_operations");
const schema = buildSchema(readFileSync(resolve(CASE, "specs/acme/schema.graphql"), "utf8"));
const CLASSES = Array.from({ length: 60 }, (_, at) => ({
  id: `c${at + 1}`,
  name: `Class ${at + 1}`,
  startsAt: "2026-01-01T00:00:00Z",
  teachers: [{ id: "p1", name: "Ada" }],
}));
const root = {
  classes: ({ page, size }: { page: number; size: number }) => ({
    nodes: CLASSES.slice((page - 1) * size, page * size),
  }),
  grades({ classId }: { classId: string }) {
    if (classId !== "c1") throw new Error(`no class is called ${classId}`);
    return { finalPoints: 12.5, items: [{ __typename: "Grade", title: "Essay", points: 12.5, kind: "ASSIGNMENT" }] };
  },
  sendPost: ({ post }: { post: { content: string } }) => ({ id: post.content.length, sentAt: "2026-01-02T00:00:00Z" }),
};

let vendor: Vendor;
const bodies = () =>
  vendor.seen.map(({ body }) => JSON.parse(body) as { operationName: string; query: string; variables: object });
beforeAll(async () => {
  vendor = await startVendor(async ({ body }) => {
    const { query, operationName, variables } = JSON.parse(body) as {
      query?: string;
      operationName?: string;
      variables?: Record<string, unknown>;
    };
    return {
      body: await graphql({
        schema,
        source: query ?? "",
        rootValue: root,
        ...(operationName !== undefined && { operationName }),
        ...(variables && { variableValues: variables }),
      }),
    };
  });
});
afterAll(() => vendor.close());

async function deployed(readOnly = false) {
  vendor.seen.length = 0;
  return createDeployment({
    api: await loadApi(resolve(CASE, "generated/acme")),
    mode: "live",
    environment: {},
    serverOverrides: { gateway: vendor.url },
    readOnly,
  });
}

test("a query answers what its document selects, by its own path", async () => {
  const { value } = await callTool(await deployed(), "get_grades", { class_id: "c1" }, context());
  expect(value).toEqual({ finalPoints: 12.5, items: [{ title: "Essay", points: 12.5 }] });
  expect(vendor.seen).toMatchObject([
    { method: "POST", path: "/graphql", headers: { "content-type": "application/json" } },
  ]);
  expect(bodies()).toMatchObject([{ operationName: "Grades", variables: { classId: "c1", userIds: [] } }]);
  expect(bodies()[0]?.query).toMatch(/^query Grades\(/);
});

test("a query that pages is a list like any other", async () => {
  const deployment = await deployed();
  const first = await callTool(deployment, "list_classes", { limit: 55 }, context());
  const items = first.value["items"] as object[];
  expect(items).toHaveLength(55);
  expect(items[0]).toEqual({ id: "c1", name: "Class 1", teachers: [{ name: "Ada" }] });
  const rest = await callTool(deployment, "list_classes", { limit: 55, cursor: first.value["next_cursor"] }, context());
  expect((rest.value["items"] as object[]).at(-1)).toMatchObject({ id: "c60" });
  expect(bodies().map(({ variables }) => variables)).toContainEqual({ page: 1, size: 50 });
});

test("a mutation writes: not on a server that only reads, where a query still may", async () => {
  const post = { forumId: "f", content: "Hello", replies: [{ forumId: "f", content: "Hi" }] };
  const { value } = await callTool(await deployed(), "send_post", { post }, context());
  expect(value).toEqual({ data: { sendPost: { id: "5", sent: "2026-01-02T00:00:00Z" } } });
  expect(bodies()[0]?.variables).toEqual({ post, draft: false });
  const reading = await deployed(true);
  expect(await problemOf(callTool(reading, "send_post", { post }, context()))).toMatchObject({ code: "forbidden" });
  expect(vendor.seen).toHaveLength(0);
  expect((await callTool(reading, "get_grades", { class_id: "c1" }, context())).value).toMatchObject({
    finalPoints: 12.5,
  });
});

test("errors within a 200 are an error, in the vendor's words", async () => {
  const problem = await problemOf(callTool(await deployed(), "get_grades", { class_id: "c2" }, context()));
  expect(problem.message).toMatch(/no class is called c2/);
  expect(problem.facts.status).toBe(200);
});

test("what does not fit the types is refused before anything is sent", async () => {
  const deployment = await deployed();
  const call = (post: object) => problemOf(callTool(deployment, "send_post", { post }, context()));
  expect((await call({ forumId: "f" })).message).toMatch(/Missing: post\.content/);
  expect((await call({ forumId: "f", content: "x", kind: "ESSAY" })).message).toMatch(/post\.kind: expected one of/);
  expect((await call({ forumId: "f", content: "x", replies: [{ forumId: "f" }] })).message).toMatch(
    /replies\[0\]\.content/,
  );
  expect(vendor.seen).toHaveLength(0);
});

test("T09 what a caller sends is a variable and never a part of the query", async () => {
  const hostile = '") { __schema { types { name } } } #{$env.HOME}';
  const problem = await problemOf(callTool(await deployed(), "get_grades", { class_id: hostile }, context()));
  expect(problem.message).toMatch(/no class is called/);
  expect(bodies()[0]?.query).not.toContain("__schema");
  expect(bodies()[0]?.variables).toMatchObject({ classId: hostile });
});

test("a dry run shows the query as it would be sent", async () => {
  expect(await planCall(await deployed(), "get_grades", { class_id: "c1" })).toMatchObject({
    url: `${vendor.url}/graphql`,
    body: { operationName: "Grades", variables: { classId: "c1" } },
  });
});
