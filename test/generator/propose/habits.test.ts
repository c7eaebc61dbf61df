import { expect, test } from "vitest";
import { learnSpelling } from "../../../src/generator/propose/spelling.ts";
import { propose } from "../../../src/generator/propose/propose.ts";
import { load } from "../../spec/project.ts";

interface Described {
  readonly summary?: string;
  readonly operationId?: string;
  readonly parameters?: readonly object[];
  readonly answer?: object;
}

/** What is proposed for the operations of a description, by `METHOD path`. */
async function proposed(operations: Readonly<Record<string, Described>>, all = true) {
  const paths: Record<string, Record<string, object>> = {};
  for (const [reference, { answer, ...said }] of Object.entries(operations)) {
    const [method = "", path = ""] = reference.split(" ");
    const own = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    }));
    const content = answer && { content: { "application/json": { schema: answer } } };
    (paths[path] ??= {})[method.toLowerCase()] = {
      ...said,
      parameters: [...own, ...(said.parameters ?? [])],
      responses: { "200": { description: "OK", ...content } },
    };
  }
  const document = {
    openapi: "3.1.0",
    info: { title: "Acme", version: "1" },
    servers: [{ url: "https://a.example" }],
    paths,
  };
  const { spec } = await load({ "specs/acme.yaml": JSON.stringify(document) });
  if (!spec) expect.fail("no description");
  const { tools } = propose(spec, {
    name: undefined,
    spec: "specs/acme.yaml",
    source: undefined,
    all,
    readOnly: false,
    credential: undefined,
  });
  return new Map(tools.map((tool) => [`${tool.entry.method} ${tool.entry.path}`, tool]));
}

async function names(operations: Readonly<Record<string, Described>>): Promise<Readonly<Record<string, string>>> {
  const found = await proposed(operations);
  return Object.fromEntries([...found].map(([reference, { name }]) => [reference, name]));
}

test("words that a path writes together are taken apart as the vendor's sentences do", () => {
  const spell = learnSpelling(["create a DaemonSet", "Returns your invoice items.", "a web hook", "Webhooks of yours"]);
  expect(spell("daemonsets")).toEqual(["daemon", "sets"]);
  expect(spell("invoiceitems")).toEqual(["invoice", "items"]);
  expect(spell("webhooks")).toEqual(["webhooks"]);
  expect(spell("tickets")).toEqual(["tickets"]);
});

test("a collection beside one of its things is a list, whatever its number", async () => {
  expect(await names({ "GET /Item": {}, "GET /Item/{id}": {}, "GET /Status": {} })).toEqual({
    "GET /Item": "list_items",
    "GET /Item/{id}": "get_item",
    "GET /Status": "get_status",
  });
});

test("where a path has several verbs, what stands there is one", async () => {
  expect(
    await names({
      "POST /data/Import/Acme": {},
      "POST /data/Unlink/Acme": {},
      "GET /data/Validate/Acme": {},
      "GET /data/Get/Calendars": {},
      "GET /watch/pods": { summary: "watch changes to Pods" },
    }),
  ).toEqual({
    "POST /data/Import/Acme": "import_acme",
    "POST /data/Unlink/Acme": "unlink_acme",
    "GET /data/Validate/Acme": "validate_acme",
    "GET /data/Get/Calendars": "list_calendars",
    "GET /watch/pods": "watch_pods",
  });
});

test("a clean operationId speaks where nothing else does, a verb of its own with its own object", async () => {
  expect(
    await names({
      "PUT /guilds/{id}/bans/{user}": { operationId: "ban_user_from_guild" },
      "PUT /guilds/{id}/members/{user}": { operationId: "add_guild_member" },
      "DELETE /users/@me/guilds/{id}": { operationId: "leave_guild" },
      "POST /guilds/{id}/close": { operationId: "guild_closing_time" },
      "PATCH /guilds/{id}/roles": { operationId: "bulk_update_guild_roles" },
    }),
  ).toEqual({
    "PUT /guilds/{id}/bans/{user}": "ban_user_from_guild",
    "PUT /guilds/{id}/members/{user}": "add_guild_member",
    "DELETE /users/@me/guilds/{id}": "leave_guild",
    "POST /guilds/{id}/close": "close_guild",
    "PATCH /guilds/{id}/roles": "bulk_update_guild_roles",
  });
});

test("a part that only says which ones is found by what is answered, for all methods of its path", async () => {
  const answer = { type: "object", properties: { usage_records: { type: "array", items: { type: "object" } } } };
  expect(
    await names({
      "GET /Usage/Records": { answer },
      "GET /Usage/Records/Daily": { answer },
      "POST /Usage/Records/Daily": {},
    }),
  ).toEqual({
    "GET /Usage/Records": "list_usage_records",
    "GET /Usage/Records/Daily": "list_daily_usage_records",
    "POST /Usage/Records/Daily": "create_daily_usage_record",
  });
});

test("a word that all paths begin with is not said, and tells operations apart by its parameter", async () => {
  const own = ["clients", "keys", "tokens", "scopes", "claims", "policies"];
  const paths = own.flatMap((one) => [`GET /oauth2/v1/${one}`, `GET /oauth2/{authorizationServerId}/v1/${one}`]);
  const found = await names(Object.fromEntries(paths.map((path) => [path, {}])));
  expect(found["GET /oauth2/v1/clients"]).toBe("list_clients");
  expect(found["GET /oauth2/{authorizationServerId}/v1/clients"]).toBe("list_clients_for_authorization_server");
});

test("a name that is a plural stays one; another plural does not", async () => {
  const about = ["cache", "runner", "permission", "workflow", "variable", "limit"];
  const found = await names(
    Object.fromEntries(
      about.flatMap((one) => [
        [`GET /orgs/{org}/actions/${one}s`, { summary: `List the Acme Actions ${one}s of an organization` }],
        [`GET /orgs/{org}/solutions/${one}s`, { summary: `List the ${one}s of a solution` }],
      ]),
    ),
  );
  expect(found["GET /orgs/{org}/actions/runners"]).toBe("list_actions_runners");
  expect(found["GET /orgs/{org}/solutions/runners"]).toBe("list_solution_runners");
});

test("of two versions the newer one has the plain name", async () => {
  expect(await names({ "GET /v1beta1/claims": {}, "GET /v1/claims": {} })).toEqual({
    "GET /v1beta1/claims": "list_claims_v1beta1",
    "GET /v1/claims": "list_claims",
  });
});

test("a GET that is called after what it does is no reading", async () => {
  const found = await proposed({
    "GET /tickets/{id}/restore": { summary: "Restore a ticket" },
    "GET /tickets/{id}": {},
  });
  expect(found.get("GET /tickets/{id}/restore")?.reads).toBe(false);
  expect(found.get("GET /tickets/{id}/restore")?.settings["annotations"]).toEqual({ readOnlyHint: false });
  expect(found.get("GET /tickets/{id}")?.reads).toBe(true);
});

test("what an API is for comes before how it is set up", async () => {
  const about = (path: string): Record<string, Described> => ({
    [`GET ${path}`]: {},
    [`POST ${path}`]: {},
    [`GET ${path}/{id}`]: {},
    [`PUT ${path}/{id}`]: {},
    [`DELETE ${path}/{id}`]: {},
  });
  const vendors = "alfa bravo charlie delta echo foxtrot golf hotel india juliett".split(" ");
  const found = await proposed(
    {
      ...Object.assign({}, ...vendors.map((vendor) => about(`/${vendor}_details`))), // ten times the same word
      ...about("/tickets"),
      ...about("/tickets/{ticket}/notes"),
      ...about("/ticket_types"),
      ...about("/v1beta1/drafts"),
    },
    false,
  );
  const on = [...found.values()].filter((tool) => tool.on).map(({ name }) => name);
  expect(on).toHaveLength(20);
  expect(on).toEqual(expect.arrayContaining(["list_tickets", "get_ticket", "create_ticket", "update_ticket"]));
  expect(on).not.toContain("delete_alfa_details");
});

test("a list whose place nobody describes says how it pages", async () => {
  const page = { name: "page", in: "query", schema: { type: "integer" } };
  const found = await proposed({ "GET /tickets": { parameters: [page] } });
  expect(found.get("GET /tickets")?.remarks).toEqual([
    "Paging: it pages by `page`; where the list stands is not said.",
  ]);
});

test("a header that the connection writes is no constant of a tool, though only one value is allowed", async () => {
  const header = { name: "Transfer-Encoding", in: "header", required: true, schema: { enum: ["chunked"] } };
  const tools = await proposed({ "PUT /things/{id}": { summary: "Replace a thing", parameters: [header] } });
  expect(tools.get("PUT /things/{id}")?.settings).not.toHaveProperty("parameters");
  expect(tools.size).toBe(1);
});
