import { expect, test } from "vitest";
import { answering, planProject } from "./project.ts";

const ticket = {
  type: "object",
  properties: Object.fromEntries(
    ["id", "subject", "status", "priority", "requester_id", "due_by", "updated_at"].map((name) => [
      name,
      { type: ["string", "null"] },
    ]),
  ),
};
const list = { type: "object", properties: { tickets: { type: "array", items: ticket }, total: { type: "integer" } } };
const page = { name: "page", in: "query", schema: { type: "integer", minimum: 1, default: 1 } };
const workspace = { name: "workspace_id", in: "query", schema: { type: "integer", format: "int64" } };
const query = {
  name: "query",
  in: "query",
  required: true,
  schema: { type: "string", minLength: 3, maxLength: 514, pattern: '^".*"$' },
};
const paths = {
  "/tickets/filter": {
    get: answering(list, {
      operationId: "filterTickets",
      security: [{ basic: [] }, { oauth: ["tickets.view"] }],
      parameters: [query, workspace, page],
    }),
  },
  "/tickets": {
    get: answering(list, {
      operationId: "listTickets",
      security: [{ oauth: ["tickets.view"] }],
      parameters: [
        {
          name: "updated_since",
          in: "query",
          description: "Changed since.",
          schema: { type: "string", format: "date-time" },
        },
        { name: "order_type", in: "query", schema: { type: "string", enum: ["asc", "desc"], default: "desc" } },
        {
          name: "include",
          in: "query",
          style: "form",
          explode: false,
          schema: { type: "array", items: { type: "string" } },
        },
        workspace,
        page,
        { name: "per_page", in: "query", schema: { type: "integer", maximum: 100 } },
      ],
    }),
  },
};

/** The example of DESIGN §4. */
const given = {
  paths,
  api: {
    title: "Acme Desk",
    servers: { api: { url: "https://{domain}/api/v2", variables: { domain: "${ACME_DOMAIN}" } } },
    credentials: { key: { basic: { username: "${ACME_API_KEY}", password: "X" } } },
    limits: { calls: ["100/minute", "5000/month"], upstream: ["100/minute"] },
    instructions: "Ticket ids are numbers.",
    pagination: {
      pages: { page: "page", size: { parameter: "per_page", max: 100 }, end: "link" },
      search: { page: "page", size: { fixed: 30 }, end: { total: "/total" } },
    },
    examples: [
      {
        ask: "Get all open tickets assigned to me.",
        calls: [{ fetchTickets: { query: "status:2 AND agent_id:{me}" } }],
      },
    ],
  },
  tools: {
    fetchTickets: {
      description: "List tickets, newest first, of the last 30 days unless updated_since says otherwise.",
      routes: [
        { when: "query", operation: "GET /tickets/filter", pagination: "search" },
        { operation: "GET /tickets", pagination: "pages" },
      ],
      parameters: {
        query: { quote: '"' },
        order_type: { rename: "order", default: "desc" },
        workspace_id: { hide: true, value: 2 },
      },
      result: {
        items: "/tickets",
        fields: ["id", "subject", "status", "priority", "requester_id", "due_by", "updated_at"],
      },
    },
  },
};

test("the example of the design plans without a complaint", async () => {
  const { said, api } = await planProject(given);
  expect(said).toEqual([]);
  expect(api.definition).toEqual({
    title: "Acme Desk",
    servers: { api: { url: "https://{domain}/api/v2", variables: { domain: "$env.ACME_DOMAIN" } } },
    credentials: { key: { servers: ["api"], basic: { username: "$env.ACME_API_KEY", password: "X" } } },
    limits: { calls: ["100/minute", "5000/month"], upstream: ["100/minute"] },
    instructions: "Ticket ids are numbers.",
    examples: [
      {
        ask: "Get all open tickets assigned to me.",
        calls: [{ fetchTickets: { query: "status:2 AND agent_id:{me}" } }],
      },
    ],
  });
  expect(api.environment).toEqual([
    { name: "ACME_API_KEY", required: true, fallback: undefined, usedBy: ["credentials.key"] },
    { name: "ACME_DOMAIN", required: true, fallback: undefined, usedBy: ["servers.api"] },
  ]);
  expect(api.inputFiles).toEqual(["tools.yaml", "specs/acme.json"]);
});

test("its tool says what the model sees", async () => {
  const tool = (await planProject(given)).tool("fetchTickets");
  expect(tool.title).toBe("Fetch tickets");
  expect(tool.annotations).toEqual({ readOnlyHint: true });
  expect(tool.scopes).toEqual(["tickets.view"]);
  expect(tool.operations.map(({ method, path, operationId }) => [method, path, operationId])).toEqual([
    ["GET", "/tickets/filter", "filterTickets"],
    ["GET", "/tickets", "listTickets"],
  ]);
  expect(tool.inputs).toEqual([
    { name: "query", required: false, schema: { type: "string", minLength: 1, maxLength: 512 } },
    {
      name: "updated_since",
      required: false,
      schema: { type: "string", format: "date-time", description: "Changed since." },
    },
    { name: "order", required: false, schema: { type: "string", enum: ["asc", "desc"], default: "desc" } },
    { name: "include", required: false, schema: { type: "array", items: { type: "string" } } },
    {
      name: "limit",
      required: false,
      schema: { type: "integer", minimum: 1, maximum: 500, description: "Most items to return.", default: 30 },
    },
    { name: "cursor", required: false, schema: { type: "string", description: "next_cursor of the answer before." } },
  ]);
});

test("its tool says what goes over the wire", async () => {
  const tool = (await planProject(given)).tool("fetchTickets");
  const common = { method: "GET", server: "api", credential: "key" };
  expect(tool.steps).toEqual([
    {
      stepId: "call",
      calls: [
        {
          when: "$inputs.query",
          request: {
            ...common,
            path: "/tickets/filter",
            query: { query: '"{$inputs.query}"', workspace_id: 2, page: "$page.number" },
          },
          pagination: {
            items: "$response.body#/tickets",
            size: { max: 30, fixed: true },
            end: { by: "total", at: "$response.body#/total" },
          },
        },
        {
          request: {
            ...common,
            path: "/tickets",
            query: {
              updated_since: "$inputs.updated_since",
              order_type: "$inputs.order",
              include: { value: "$inputs.include", explode: false },
              workspace_id: 2,
              page: "$page.number",
              per_page: "$page.size",
            },
          },
          pagination: { items: "$response.body#/tickets", size: { max: 100 }, end: { by: "link" } },
        },
      ],
    },
  ]);
  expect(tool.result).toEqual({
    fields: ["id", "subject", "status", "priority", "requester_id", "due_by", "updated_at"],
  });
});

test("a plan is JSON: what is dumped is all there is", async () => {
  const { api } = await planProject(given);
  expect(JSON.parse(JSON.stringify(api.tools))).toEqual(api.tools);
});
