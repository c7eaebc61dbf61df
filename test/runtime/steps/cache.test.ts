import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { callTool } from "../../../src/runtime/call/call-tool.ts";
import type { Caller, Deployment } from "../../../src/runtime/deployment.ts";
import { context, deploy, problemOf } from "../call/deploy.ts";
import { grades, tasks } from "./tools.ts";
import { type Route, startTimedVendor } from "./vendor.ts";

let vendor: Awaited<ReturnType<typeof startTimedVendor>>;
afterEach(() => vendor.close());

const classes = [
  { id: 7, code: "BIO-1", name: "Biology" },
  { id: 8, code: "CHE-1", name: "Chemistry" },
];
const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];

async function start(list: Route = { body: { classes }, delayMs: 40 }): Promise<(environment: object) => Deployment> {
  vendor = await startTimedVendor({
    "GET /classes": list,
    "GET /classes/7/grades": { body: { grades: [] } },
    "GET /classes/7/tasks": ({ query }) => ({
      body: rows.slice((Number(query.get("page")) - 1) * 2, Number(query.get("page")) * 2),
    }),
  });
  const credentials = { key: { servers: ["api"], headers: { authorization: "Bearer $env.KEY", trace: "a-{$uuid}" } } };
  return (environment) =>
    deploy(vendor.url, { grades, tasks }, { environment: { ...environment }, api: { credentials } });
}

const listed = () => vendor.seen.filter(({ path }) => path === "/classes").length;
const bio = { class: "BIO-1" };

test("what a read answered is used again, by every tool that asks the same, until it expires", async () => {
  const deployment = (await start())({ KEY: "one" });
  await callTool(deployment, "grades", bio, context());
  await callTool(deployment, "tasks", bio, context());
  await callTool(deployment, "grades", { class: "biology" }, context()); // another word, looked up in the same list
  expect(listed()).toBe(1);
  expect(new Set(vendor.seen.map(({ headers }) => headers["trace"])).size).toBe(vendor.seen.length); // anew for each request
  await sleep(1_050);
  await callTool(deployment, "grades", bio, context());
  expect(listed()).toBe(2);
});

/** Somebody who uses the server's own credentials. */
function person(key: string): Caller {
  return { key, subject: key, clientId: undefined, scopes: [], credentials: "shared" };
}

test("T31 of two credentials, and of two callers, none gets what the other was told", async () => {
  const at = await start();
  const deployment = at({ KEY: "one" });
  await callTool(deployment, "grades", bio, context({ caller: person("ada") }));
  await callTool(deployment, "grades", bio, context({ caller: person("bob") }));
  await callTool(deployment, "grades", bio, context());
  expect(listed()).toBe(3);
  await callTool(deployment, "grades", bio, context({ caller: person("ada") }));
  expect(listed()).toBe(3);
  const other: Deployment = { ...deployment, environment: { KEY: "two" } };
  await callTool(other, "grades", bio, context({ caller: person("ada") }));
  expect(listed()).toBe(4);
});

test("of many that ask at once one sends", async () => {
  const deployment = (await start())({ KEY: "one" });
  await Promise.all(Array.from({ length: 20 }, () => callTool(deployment, "grades", bio, context())));
  expect(listed()).toBe(1);
  expect(vendor.seen).toHaveLength(21);
});

test("one who gives up takes nobody with him", async () => {
  const deployment = (await start({ body: { classes }, delayMs: 200 }))({ KEY: "one" });
  const stop = new AbortController();
  const first = problemOf(callTool(deployment, "grades", bio, context({ signal: stop.signal })));
  const second = callTool(deployment, "grades", bio, context());
  await sleep(60);
  stop.abort();
  expect((await first).code).toBe("cancelled");
  expect((await second).value).toEqual({ class: "Biology", grades: [] });
});

test("a refusal is not kept", async () => {
  const deployment = (await start({ status: 403, body: {} }))({ KEY: "one" });
  await problemOf(callTool(deployment, "grades", bio, context()));
  await problemOf(callTool(deployment, "grades", bio, context()));
  expect(listed()).toBe(2);
});

test("a cursor goes on in the last step; the lookup before it comes from the cache", async () => {
  const deployment = (await start())({ KEY: "one" });
  const first = await callTool(deployment, "tasks", bio, context());
  expect(first.value["items"]).toEqual([{ id: 1 }, { id: 2 }]);
  const cursor = first.value["next_cursor"];
  const next = await callTool(deployment, "tasks", { ...bio, cursor }, context());
  expect(next.value).toEqual({ items: [{ id: 3 }] });
  expect(listed()).toBe(1);
  const foreign = await problemOf(callTool(deployment, "tasks", { class: "CHE-1", cursor }, context()));
  expect(foreign.code).toBe("invalid_cursor");
});
