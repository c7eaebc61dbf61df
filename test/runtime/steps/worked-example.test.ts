import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { callTool } from "../../../src/runtime/call/call-tool.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { context, problemOf } from "../call/deploy.ts";
import { type Route, startTimedVendor } from "./vendor.ts";

// The example of docs/tools-yaml.md, as it is generated: test/golden/several_calls.
const FOLDER = join(import.meta.dirname, "../../golden/several_calls/generated/acme");

let vendor: Awaited<ReturnType<typeof startTimedVendor>>;
afterEach(() => vendor.close());

const projects = [
  { id: 1, code: "WEB", name: "Website" },
  { id: 2, code: "APP", name: "App for phones" },
];

async function acme(more: Readonly<Record<string, Route>> = {}) {
  vendor = await startTimedVendor({
    "GET /projects": { body: projects },
    "GET /me": { body: { id: 9, name: "Ada", active: true } },
    "GET /projects/2/tasks": ({ query }) => ({
      body: query.get("page") === "1" ? [{ id: 5, title: "Test", owner_id: 9 }] : [],
    }),
    "POST /projects/2/tasks": ({ body }) => ({ status: 201, body: { id: 6, ...(JSON.parse(body) as object) } }),
    ...more,
  });
  return createDeployment({
    api: await loadApi(FOLDER),
    mode: "live",
    environment: { ACME_KEY: "secret" },
    serverOverrides: { api: vendor.url },
  });
}

test("the tool of the guide adds a task", async () => {
  const deployment = await acme();
  const { value } = await callTool(deployment, "add_task", { project: "phones", title: "Ship" }, context());
  expect(value).toEqual({ task: { id: 6, title: "Ship", owner_id: 9 }, project: "App for phones" });
  expect(vendor.seen.at(-1)).toMatchObject({ path: "/projects/2/tasks", body: '{"title":"Ship","owner_id":9}' });
  expect(vendor.seen.every(({ headers }) => headers.authorization === "Bearer secret")).toBe(true);
});

test("its lookup is shared with the tool that lists, through the cache", async () => {
  const deployment = await acme();
  await callTool(deployment, "add_task", { project: "APP", title: "Ship" }, context());
  const { value } = await callTool(deployment, "list_tasks", { project: "2" }, context());
  expect(value).toEqual({ items: [{ id: 5, title: "Test" }] });
  expect(vendor.seen.filter(({ path }) => path === "/projects")).toHaveLength(1);
});

test("it stops for an account that is closed, and asks back when a name is not clear", async () => {
  const deployment = await acme({ "GET /me": { body: { id: 9, name: "Ada", active: false } } });
  const closed = await problemOf(callTool(deployment, "add_task", { project: "APP", title: "Ship" }, context()));
  expect(closed.message).toContain("The account of Ada is closed: nothing was added.");
  const unclear = await problemOf(callTool(deployment, "list_tasks", { project: "e" }, context()));
  expect(unclear).toMatchObject({ code: "ambiguous" });
  expect(unclear.message).toContain('- {"code":"WEB","name":"Website"}');
});
