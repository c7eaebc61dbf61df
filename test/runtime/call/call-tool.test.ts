import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { callTool, planCall } from "../../../src/runtime/call/call-tool.ts";
import { defineTool } from "../../../src/runtime/define-tool.ts";
import { readLimits } from "../../../src/runtime/limits/limits.ts";
import { context, deploy, problemOf } from "./deploy.ts";
import { startVendor, type Vendor, type VendorReply } from "./vendor.ts";

const head = { title: "T", description: "D" } as const;
const reads = { ...head, annotations: { readOnlyHint: true } } as const;

const getTicket = defineTool({
  ...reads,
  name: "getTicket",
  input: z.strictObject({ ticket_id: z.int(), include: z.array(z.string()).optional() }),
  request: {
    method: "GET",
    path: "/tickets/{ticket_id}",
    server: "api",
    pathParameters: { ticket_id: "$inputs.ticket_id" },
    query: { include: { value: "$inputs.include", explode: false } },
  },
  result: { value: "$response.body#/ticket", fields: ["id", "subject", "body"], text: [{ at: "body", html: true }] },
});

const createTicket = defineTool({
  ...head,
  name: "createTicket",
  annotations: {},
  input: z.strictObject({ subject: z.string(), priority: z.int().default(1) }),
  request: {
    method: "POST",
    path: "/tickets",
    server: "api",
    body: { payload: { subject: "$inputs.subject", priority: "$inputs.priority" } },
  },
  result: { value: "$response.body#/ticket" },
});

let vendor: Vendor;
afterEach(() => vendor.close());

async function against(reply: VendorReply, more: Parameters<typeof deploy>[2] = {}) {
  vendor = await startVendor(() => reply);
  return deploy(vendor.url, { getTicket, createTicket }, more);
}

test("a tool calls the vendor and answers with what it shows of it", async () => {
  const deployment = await against({
    body: { ticket: { id: 7, subject: "Printer", body: "<b>On</b> fire\u200b", spam: null, cost: 3 } },
  });
  const answer = await callTool(deployment, "getTicket", { ticket_id: 7, include: ["a", "b"] }, context());
  expect(answer).toEqual({
    value: { id: 7, subject: "Printer", body: "On fire" },
    text: '{"id":7,"subject":"Printer","body":"On fire"}',
  });
  expect(vendor.seen.map(({ method, path, query }) => `${method} ${path}?${query.toString()}`)).toEqual([
    "GET /tickets/7?include=a%2Cb",
  ]);
});

test("defaults are sent", async () => {
  const deployment = await against({ status: 201, body: { ticket: { id: 8 } } });
  expect((await callTool(deployment, "createTicket", { subject: "x" }, context())).value).toEqual({ id: 8 });
  expect(JSON.parse(vendor.seen[0]?.body ?? "")).toEqual({ subject: "x", priority: 1 });
});

test.each([
  { body: [1, null], want: { result: [1, null] } },
  { body: "text", want: { result: "text" } },
  { body: 5, want: { result: 5 } },
])("an answer that is no object is wrapped: $body", async ({ body, want }) => {
  vendor = await startVendor(() => ({ body: JSON.stringify(body) }));
  const tool = defineTool({
    ...reads,
    name: "any",
    input: z.strictObject({}),
    request: { method: "GET", path: "/any", server: "api" },
  });
  expect((await callTool(deploy(vendor.url, { any: tool }), "any", {}, context())).value).toEqual(want);
});

test("row 36: an answer without content is no failure", async () => {
  const deployment = await against({ status: 204 });
  expect((await callTool(deployment, "createTicket", { subject: "x" }, context())).text).toBe('{"result":null}');
});

test("what a read points at is not there: the answer says so", async () => {
  const deployment = await against({ body: { tickets: [] } });
  const { code, message } = await problemOf(callTool(deployment, "getTicket", { ticket_id: 1 }, context()));
  expect(code).toBe("invalid_response");
  expect(message).toMatch(/^Acme answered, but without \/ticket\./);
});

test("what a read without a GET points at is not there: it is a read all the same", async () => {
  vendor = await startVendor(() => ({ body: {} }));
  const find = defineTool({
    ...reads,
    name: "find",
    input: z.strictObject({}),
    request: { method: "OPTIONS", path: "/find", server: "api" },
    result: { value: "$response.body#/found" },
  });
  const { message } = await problemOf(callTool(deploy(vendor.url, { find }), "find", {}, context()));
  expect(message).toMatch(/^Acme answered, but without \/found\./);
});

test("what a write points at is not there: the answer says that it was carried out all the same", async () => {
  const deployment = await against({ status: 201, body: { id: 9 } });
  const { message } = await problemOf(callTool(deployment, "createTicket", { subject: "x" }, context()));
  expect(message).toContain(
    "Acme carried out createTicket (status 201), but answered without /ticket. Do not repeat it",
  );
});

test("T11 arguments that do not fit reach neither the vendor nor the limits", async () => {
  const deployment = await against({}, { api: { limits: { calls: ["1/minute"] } } });
  const calls = [{}, { ticket_id: "7" }, { ticket_id: 7, admin: true }, { ticket_id: 7, cursor: "x" }];
  for (const args of calls)
    expect((await problemOf(callTool(deployment, "getTicket", args, context()))).code).toBe("invalid_arguments");
  expect(vendor.seen).toEqual([]);
  expect((await readLimits(deployment))[0]).toMatchObject({ used: 0 });
});

test("a call over the limit is refused before anything is sent", async () => {
  const deployment = await against({ body: { ticket: { id: 1 } } }, { api: { limits: { calls: ["2/minute"] } } });
  const call = () => callTool(deployment, "getTicket", { ticket_id: 1 }, context());
  await call();
  await call();
  expect((await problemOf(call())).code).toBe("rate_limited");
  expect(vendor.seen).toHaveLength(2);
});

test("a call that our limit of requests keeps from sending anything is not charged as a call", async () => {
  const limits = { calls: ["9/minute"], upstream: ["1/minute"] };
  const deployment = await against({ body: { ticket: { id: 1 } } }, { api: { limits } });
  const call = () => callTool(deployment, "getTicket", { ticket_id: 1 }, context());
  await call();
  expect((await problemOf(call())).message).toContain("1 request a minute");
  expect((await readLimits(deployment)).map(({ used }) => used)).toEqual([1, 1]);
});

test("T19 a server that only reads refuses a tool that writes, listed or not", async () => {
  const deployment = await against({}, { readOnly: true });
  expect((await problemOf(callTool(deployment, "createTicket", { subject: "x" }, context()))).code).toBe("forbidden");
  expect((await problemOf(planCall(deployment, "createTicket", { subject: "x" }))).code).toBe("forbidden");
  expect(vendor.seen).toEqual([]);
});

test("T19 a wrong annotation does not let a POST through, a declared read does", async () => {
  vendor = await startVendor(() => ({ body: { found: 1 } }));
  const post = { method: "POST", path: "/search", server: "api" } as const;
  const lying = defineTool({ ...reads, name: "lying", input: z.strictObject({}), request: post });
  const searching = defineTool({
    ...reads,
    name: "searching",
    input: z.strictObject({}),
    effect: "read",
    request: post,
  });
  const writing = defineTool({
    ...reads,
    name: "writing",
    input: z.strictObject({}),
    effect: "write",
    request: { ...post, method: "GET" },
  });
  const deployment = deploy(vendor.url, { lying, searching, writing }, { readOnly: true });
  expect((await problemOf(callTool(deployment, "lying", {}, context()))).code).toBe("forbidden");
  expect((await problemOf(callTool(deployment, "writing", {}, context()))).code).toBe("forbidden");
  expect(vendor.seen).toEqual([]);
  expect((await callTool(deployment, "searching", {}, context())).value).toEqual({ found: 1 });
});

test.each(["nothing", "toString", "__proto__", "constructor"])("there is no tool %s", async (name) => {
  const deployment = await against({});
  expect((await problemOf(callTool(deployment, name, {}, context()))).message).toBe("Acme has no tool of this name.");
});

test("the first route whose condition holds is taken", async () => {
  vendor = await startVendor(({ path }) => ({ body: { path } }));
  const request = { method: "GET", server: "api" } as const;
  const find = defineTool({
    ...reads,
    name: "find",
    input: z.strictObject({ query: z.string().optional(), id: z.int().optional() }),
    routes: [
      { when: "$inputs.query", request: { ...request, path: "/search", query: { q: '"{$inputs.query}"' } } },
      { when: "$inputs.id", request: { ...request, path: "/one", query: { id: "$inputs.id" } } },
    ],
  });
  const deployment = deploy(vendor.url, { find });
  expect((await callTool(deployment, "find", { query: "a b" }, context())).value).toEqual({ path: "/search" });
  expect((await callTool(deployment, "find", { id: 1 }, context())).value).toEqual({ path: "/one" });
  expect(vendor.seen[0]?.query.get("q")).toBe('"a b"');
  const { code, message } = await problemOf(callTool(deployment, "find", {}, context()));
  expect(code).toBe("invalid_arguments");
  expect(message).toContain("there is nothing for it to do");
});

test("an argument that the chosen route does not send is refused, not dropped", async () => {
  vendor = await startVendor(() => ({ body: {} }));
  const request = { method: "GET", server: "api" } as const;
  const find = defineTool({
    ...reads,
    name: "find",
    input: z.strictObject({
      query: z.string().optional(),
      text: z.string().optional(),
      since: z.string().default("2026"),
    }),
    routes: [
      {
        when: "$inputs.query || $inputs.text",
        request: { ...request, path: "/s", query: { q: "$inputs.query", t: "$inputs.text" } },
      },
      { request: { ...request, path: "/all", query: { since: "$inputs.since" } } },
    ],
  });
  const deployment = deploy(vendor.url, { find });
  const { code, message, facts } = await problemOf(
    callTool(deployment, "find", { query: "a", since: "2025" }, context()),
  );
  expect({ code, message }).toEqual({
    code: "invalid_arguments",
    message: "find was not called: since cannot be used together with query. Leave out one or the other.",
  });
  expect(facts.arguments).toEqual([{ argument: "since", message: "cannot be used together with query" }]);
  expect(vendor.seen).toHaveLength(0);
  await callTool(deployment, "find", { text: "a" }, context()); // a default that was not asked for may go unsent
  expect(vendor.seen).toHaveLength(1);
});

test("an argument that is only sent beside another says which", async () => {
  vendor = await startVendor(() => ({ body: {} }));
  const request = { method: "GET", server: "api" } as const;
  const find = defineTool({
    ...reads,
    name: "find",
    input: z.strictObject({ query: z.string().optional(), sort: z.string().optional(), since: z.string().optional() }),
    routes: [
      { when: "$inputs.query", request: { ...request, path: "/s", query: { q: "$inputs.query", s: "$inputs.sort" } } },
      { request: { ...request, path: "/all", query: { since: "$inputs.since" } } },
    ],
  });
  const { message, facts } = await problemOf(callTool(deploy(vendor.url, { find }), "find", { sort: "x" }, context()));
  expect(message).toBe(
    "find was not called: sort can only be used together with query. Leave it out, or add what it needs.",
  );
  expect(facts.arguments).toEqual([{ argument: "sort", message: "can only be used together with query" }]);
  expect(vendor.seen).toHaveLength(0);
});

test("steps run in order, each with the outputs of those before it; one that does not apply is skipped", async () => {
  vendor = await startVendor(({ path, query }) => ({
    body: path === "/me" ? { me: { id: 42 } } : { asked: query.get("agent") },
  }));
  const mine = defineTool({
    ...reads,
    name: "mine",
    input: z.strictObject({ extra: z.boolean().optional() }),
    steps: [
      {
        stepId: "who",
        calls: [{ request: { method: "GET", path: "/me", server: "api" } }],
        outputs: { id: "$response.body#/me/id" },
      },
      {
        stepId: "maybe",
        calls: [
          {
            when: "$inputs.extra",
            request: { method: "GET", path: "/extra", server: "api", query: { extra: "$inputs.extra" } },
          },
        ],
      },
      {
        stepId: "list",
        calls: [
          { request: { method: "GET", path: "/tickets", server: "api", query: { agent: "$steps.who.outputs.id" } } },
        ],
      },
    ],
  });
  expect((await callTool(deploy(vendor.url, { mine }), "mine", {}, context())).value).toEqual({ asked: "42" });
  expect(vendor.seen.map(({ path }) => path)).toEqual(["/me", "/tickets"]);
});

test("a file comes as base64, described by its name and size", async () => {
  vendor = await startVendor(() => ({
    headers: { "content-type": "application/pdf", "content-disposition": 'attachment; filename="../a.pdf"' },
    body: new Uint8Array([1, 2, 255]),
  }));
  const download = defineTool({
    ...reads,
    name: "download",
    input: z.strictObject({}),
    answer: "binary",
    request: { method: "GET", path: "/a", server: "api" },
  });
  expect(await callTool(deploy(vendor.url, { download }), "download", {}, context())).toEqual({
    value: { mime_type: "application/pdf", name: "a.pdf", bytes: 3 },
    text: '{"mime_type":"application/pdf","name":"a.pdf","bytes":3}',
    binary: { mimeType: "application/pdf", base64: "AQL/", name: "a.pdf" },
  });
});

test("T46 integers beyond 2^53 arrive with every digit", async () => {
  vendor = await startVendor(() => ({ body: '{"ticket":{"id":9007199254740993,"subject":"x"}}' }));
  const answer = await callTool(deploy(vendor.url, { getTicket }), "getTicket", { ticket_id: 1 }, context());
  expect(answer.value).toEqual({ id: "9007199254740993", subject: "x" });
});

test("T35 what goes wrong inside says nothing of itself", async () => {
  const deployment = deploy("http://127.0.0.1:9", {});
  const broken = {
    ...deployment,
    api: {
      ...deployment.api,
      definition: {
        ...deployment.api.definition,
        tools: { broken: () => Promise.reject(new Error("canary /srv/secret.ts")) },
      },
    },
  };
  vendor = await startVendor(() => ({}));
  const { code, message } = await problemOf(callTool(broken, "broken", {}, context()));
  expect(code).toBe("internal");
  expect(message).not.toContain("canary");
  expect((await problemOf(planCall(broken, "broken", {}))).message).toBe(message);
});

test("a module that failed to load is tried again, one that loaded is not loaded twice", async () => {
  let loads = 0;
  const deployment = await against({ body: { ticket: { id: 1 } } });
  const tools = {
    getTicket: async () => {
      if (++loads === 1) throw new Error("not yet");
      return { getTicket };
    },
  };
  const own = { ...deployment, api: { ...deployment.api, definition: { ...deployment.api.definition, tools } } };
  expect((await problemOf(callTool(own, "getTicket", { ticket_id: 1 }, context()))).code).toBe("internal");
  await callTool(own, "getTicket", { ticket_id: 1 }, context());
  await callTool(own, "getTicket", { ticket_id: 1 }, context());
  expect(loads).toBe(2);
});

test("a call whose caller has gone, or whose time is over, is not begun", async () => {
  const deployment = await against({}, { api: { limits: { calls: ["9/minute"] } } });
  const call = (more: object) => problemOf(callTool(deployment, "getTicket", { ticket_id: 1 }, context(more)));
  expect((await call({ signal: AbortSignal.abort() })).code).toBe("cancelled");
  expect((await call({ deadlineAt: Date.now() - 1 })).code).toBe("timeout");
  expect(vendor.seen).toEqual([]);
  expect((await readLimits(deployment))[0]).toMatchObject({ used: 0 });
});

test("row 74: a call that is cancelled while the vendor thinks ends at once", async () => {
  vendor = await startVendor(() => new Promise(() => undefined));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  const before = Date.now();
  const problem = await problemOf(
    callTool(deploy(vendor.url, { getTicket }), "getTicket", { ticket_id: 1 }, context({ signal: abort.signal })),
  );
  expect(problem.code).toBe("cancelled");
  expect(Date.now() - before).toBeLessThan(1_000);
  expect(vendor.seen).toHaveLength(1);
});

test("a dry run shows the first request, sends nothing and costs nothing", async () => {
  const deployment = await against({}, { api: { limits: { calls: ["1/minute"], upstream: ["1/minute"] } } });
  const request = await planCall(deployment, "createTicket", { subject: "x" });
  expect(request).toMatchObject({ method: "POST", url: `${vendor.url}/tickets`, body: { subject: "x", priority: 1 } });
  expect((await problemOf(planCall(deployment, "createTicket", {}))).message).toContain("Missing: subject.");
  expect(vendor.seen).toEqual([]);
  expect((await readLimits(deployment)).map(({ used }) => used)).toEqual([0, 0]);
});
