import type { ApiPlan, InputPlan, ToolPlan } from "../../../src/generator/plan/tool-plan.ts";

const SPEC = "specs/acme/openapi.yaml";

/** An argument. */
export function input(name: string, schema: InputPlan["schema"], required = false): InputPlan {
  return { name, required, schema };
}

/** A tool of one GET without arguments, changed where a test says so. */
export function toolPlan(changes: Partial<ToolPlan> = {}): ToolPlan {
  return {
    name: "listThings",
    title: "List things",
    description: "List things.",
    annotations: { readOnlyHint: true },
    scopes: [],
    origin: { file: "tools.yaml", pointer: "/apis/acme/tools/listThings" },
    operations: [
      {
        method: "GET",
        path: "/things",
        operationId: "listThings",
        origin: { file: SPEC, pointer: "/paths/~1things/get" },
      },
    ],
    inputs: [],
    alternatives: [],
    definitions: {},
    steps: [{ stepId: "call", calls: [{ request: { method: "GET", path: "/things", server: "api" } }] }],
    result: {},
    ...changes,
  };
}

/** A tool of one GET that sends each argument as a query parameter of its name. */
export function queryTool(inputs: readonly InputPlan[], changes: Partial<ToolPlan> = {}): ToolPlan {
  const query = Object.fromEntries(inputs.map(({ name }) => [name, `$inputs.${name}`]));
  const request = { method: "GET", path: "/things", server: "api", query } as const;
  return toolPlan({ inputs, steps: [{ stepId: "call", calls: [{ request }] }], ...changes });
}

/** An API of these tools. */
export function apiPlan(tools: readonly ToolPlan[], changes: Partial<ApiPlan> = {}): ApiPlan {
  return {
    name: "acme",
    definition: { title: "Acme", servers: { api: { url: "https://acme.example" } } },
    tools,
    environment: [],
    inputFiles: ["tools.yaml", SPEC],
    ...changes,
  };
}

/** A list with two routes: searching pages by a total, listing by links. */
export const FETCH_TICKETS: ToolPlan = toolPlan({
  name: "fetchTickets",
  title: "Fetch tickets",
  description: "List tickets, newest first. For one ticket with its text use fetchTicket.",
  scopes: ["tickets.view"],
  origin: { file: "tools.yaml", pointer: "/apis/acme/tools/fetchTickets" },
  operations: [
    {
      method: "GET",
      path: "/tickets/filter",
      operationId: "filterTickets",
      origin: { file: SPEC, pointer: "/paths/~1tickets~1filter/get" },
    },
    {
      method: "GET",
      path: "/tickets",
      operationId: "listTickets",
      origin: { file: SPEC, pointer: "/paths/~1tickets/get" },
    },
  ],
  inputs: [
    input("query", {
      type: "string",
      maxLength: 512,
      description: "Filter such as priority:3 AND status:2. Combines with nothing else.",
    }),
    input("updated_since", {
      type: "string",
      format: "date-time",
      description: "Only tickets changed since this time.",
    }),
    input("include", {
      type: "array",
      items: { type: "string", enum: ["requester", "stats"] },
      description: "What to add to each row; each costs one more call of the allowance of the account.",
    }),
    input("order", { type: "string", enum: ["asc", "desc"], default: "desc", description: "By creation time." }),
    input("limit", { type: "integer", minimum: 1, maximum: 500, default: 30, description: "Most tickets to return." }),
    input("cursor", { type: "string", description: "next_cursor of the answer before." }),
  ],
  steps: [
    {
      stepId: "call",
      calls: [
        {
          when: "$inputs.query",
          effect: "read",
          idempotent: true,
          request: {
            method: "GET",
            path: "/tickets/filter",
            server: "api",
            credential: "key",
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
            method: "GET",
            path: "/tickets",
            server: "api",
            credential: "key",
            query: {
              updated_since: { value: "$inputs.updated_since", style: "form", explode: true },
              include: { value: "$inputs.include", explode: false },
              order_type: "$inputs.order",
              workspace_id: 2,
              page: "$page.number",
              per_page: "$page.size",
            },
          },
          pagination: { items: "$response.body#/tickets", size: { max: 100 }, end: { by: "link" } },
        },
      ],
    },
  ],
  result: { fields: ["id", "subject", "requester.name"], text: [{ at: "description", html: true }] },
});

/** A write that takes files. */
export const CREATE_NOTE: ToolPlan = toolPlan({
  name: "create_note",
  title: "Create note",
  description: "Add a note to a ticket.",
  annotations: { destructiveHint: false },
  origin: { file: "tools.yaml", pointer: "/apis/acme/tools/create_note" },
  operations: [
    {
      method: "POST",
      path: "/tickets/{ticket_id}/notes",
      operationId: undefined,
      origin: { file: SPEC, pointer: "/paths/~1tickets~1{ticket_id}~1notes/post" },
    },
  ],
  inputs: [
    input("ticket_id", { type: "integer", minimum: 1, description: "Ticket number." }, true),
    input("body", { type: "string", description: "Text, HTML allowed." }, true),
    input("attachments", {
      type: "array",
      items: { "x-toolwright": "file" },
      description: "Files, together at most 40 MB.",
    }),
  ],
  steps: [
    {
      stepId: "call",
      calls: [
        {
          effect: "write",
          answer: "json",
          request: {
            method: "POST",
            path: "/tickets/{ticket_id}/notes",
            server: "api",
            credential: "key",
            pathParameters: { ticket_id: "$inputs.ticket_id" },
            body: {
              contentType: ["application/json", "multipart/form-data"],
              payload: { body: "$inputs.body", attachments: "$inputs.attachments" },
              nesting: "brackets",
            },
          },
        },
      ],
    },
  ],
  result: { value: "$response.body#/conversation", fields: ["id", "body", "attachments[].name"] },
});

/** A schema that contains itself, under a name that is no identifier. */
export const SEARCH_TREE: ToolPlan = queryTool(
  [
    input("filter", { $ref: "#/$defs/filter.node", description: "A condition." }, true),
    input("owner", { type: ["string", "null"], description: "A person, or null for nobody." }),
  ],
  {
    name: "search_tree",
    definitions: {
      "filter.node": {
        type: "object",
        properties: {
          field: { type: "string" },
          all: { type: "array", items: { $ref: "#/$defs/filter.node" } },
          not: { $ref: "#/$defs/other~1node" },
        },
        required: ["field"],
      },
      "other/node": {
        type: "object",
        properties: { inner: { anyOf: [{ $ref: "#/$defs/filter.node" }, { type: "null" }] } },
        additionalProperties: false,
      },
    },
  },
);

/** Everything above, as one API. */
export const ACME: ApiPlan = apiPlan([CREATE_NOTE, FETCH_TICKETS, SEARCH_TREE], {
  definition: {
    title: "Acme",
    servers: { api: { url: "https://{domain}/api/v2", variables: { domain: "$env.ACME_DOMAIN" } } },
    credentials: { key: { servers: ["api"], basic: { username: "$env.ACME_API_KEY", password: "X" } } },
    limits: { calls: ["{$env.ACME_CALLS:-100}/minute"], headers: { remaining: "X-Left" } },
    instructions: "Ticket ids are numbers.",
    identity: { agent_id: "$env.ACME_AGENT_ID" },
    examples: [{ ask: "Get all open tickets.", calls: [{ fetchTickets: { query: "status:2" } }] }],
  },
  environment: [
    { name: "ACME_API_KEY", required: true, fallback: undefined, usedBy: ["credentials.key"] },
    { name: "ACME_CALLS", required: false, fallback: "100", usedBy: ["limits.calls"] },
    { name: "ACME_DOMAIN", required: true, fallback: undefined, usedBy: ["servers.api"] },
  ],
});
