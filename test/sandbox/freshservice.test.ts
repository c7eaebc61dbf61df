import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { createReferee, type Referee } from "../../src/sandbox/referee.ts";

const FILE = "specs/freshservice/sandbox.yaml";
let sandbox: Sandbox;
let referee: Referee;
beforeAll(async () => {
  sandbox = await startSandbox(FILE, { perMinute: 10_000 });
  referee = await createReferee("specs/freshservice/openapi.yaml");
});
afterAll(async () => await sandbox.close());

const KEY = `Basic ${Buffer.from("sandbox-key:X").toString("base64")}`;

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization: KEY,
      ...(body instanceof FormData ? {} : body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: body instanceof FormData ? body : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : (JSON.parse(text) as never),
  };
}

/** One good request for every operation of the description. */
const READS: readonly (readonly [operationId: string, path: string])[] = [
  ["listTickets", "/tickets?include=requester,stats"],
  ["filterTickets", `/tickets/filter?query=${encodeURIComponent('"status:2 AND agent_id:21000400001"')}`],
  ["getTicket", "/tickets/1023?include=conversations,requester,tags"],
  ["listTicketConversations", "/tickets/1023/conversations"],
  ["listTicketFormFields", "/ticket_form_fields"],
  ["listAssets", `/assets?search=${encodeURIComponent("\"name:'ACME-LT-001'\"")}`],
  ["getAsset", "/assets/101?include=type_fields"],
  ["listAssetTypes", "/asset_types"],
  ["listAssetTypeFields", "/asset_types/21000600002/fields"],
  ["listAgents", "/agents?active=true"],
  ["getAgent", "/agents/21000400001"],
  ["listRequesters", "/requesters?email=john@acme.com"],
  ["getRequester", "/requesters/21000500001"],
  ["listGroups", "/groups"],
  ["listDepartments", "/departments"],
  ["listLocations", "/locations"],
  ["listWorkspaces", "/workspaces"],
  ["getWorkspace", "/workspaces/2"],
  ["listOnboardingRequests", "/onboarding_requests"],
  ["getOnboardingRequest", "/onboarding_requests/1"],
  ["getOnboardingRequestForm", "/onboarding_requests/form"],
  ["listOnboardingRequestTickets", "/onboarding_requests/1/tickets"],
  ["listOffboardingRequests", "/offboarding_requests"],
  ["getOffboardingRequestForm", "/offboarding_requests/form"],
  ["listOffboardingRequestTickets", "/offboarding_requests/1/tickets"],
  ["listServiceItems", "/service_catalog/items"],
  ["searchServiceItems", "/service_catalog/items/search?search_term=laptop"],
  ["getServiceItem", "/service_catalog/items/3"],
  ["listSolutionCategories", "/solutions/categories"],
  ["getSolutionCategory", "/solutions/categories/21000800001"],
  ["listSolutionFolders", "/solutions/folders?category_id=21000800001"],
  ["getSolutionFolder", "/solutions/folders/21000810001"],
  ["listSolutionArticles", "/solutions/articles?folder_id=21000810001"],
  ["getSolutionArticle", "/solutions/articles/21000820001"],
  ["searchSolutionArticles", "/solutions/articles/search?search_term=VPN%20issue"],
];

test.each(READS)("%s answers as the description says", async (operationId, path) => {
  const { status, body } = await call("GET", path);
  expect({ status, body }).toMatchObject({ status: 200 });
  expect(referee.judgeAnswer(operationId, status, body)).toEqual([]);
  const list = Object.values(body ?? {}).find(Array.isArray);
  if (list) expect(list.length, "rows").toBeGreaterThan(0);
});

describe("stateful", () => {
  test("a ticket is created, noted, changed, and found by query", async () => {
    const created = await call("POST", "/tickets", {
      subject: "S",
      description: "<p>D</p>",
      email: "john@acme.com",
      status: 2,
      priority: 3,
    });
    expect(created.status).toBe(201);
    expect(referee.judgeAnswer("createTicket", 201, created.body)).toEqual([]);
    const { ticket } = created.body as unknown as { ticket: { id: number; requester_id: number } };
    expect(ticket.requester_id).toBe(21000500001);
    expect(created.headers.get("location")).toBe(`${sandbox.url}/tickets/${ticket.id}`);
    const note = await call("POST", `/tickets/${ticket.id}/notes`, { body: "N" });
    expect(referee.judgeAnswer("createTicketNote", 201, note.body)).toEqual([]);
    expect(
      (await call("PUT", `/tickets/${ticket.id}`, { status: 4, custom_fields: { users_affected: 3 } })).body,
    ).toMatchObject({
      ticket: { status: 4, custom_fields: { users_affected: 3 } },
    });
    const query = encodeURIComponent("\"priority:3 AND status:4 AND created_at:>'2020-01-01'\"");
    expect((await call("GET", `/tickets/filter?query=${query}`)).body).toMatchObject({
      total: 1,
      tickets: [{ id: ticket.id }],
    });
    expect((await call("GET", `/tickets/${ticket.id}?include=conversations`)).body).toMatchObject({
      ticket: { conversations: [{ body: "N", private: true }] },
    });
  });

  test("files arrive as attachments", async () => {
    const form = new FormData();
    form.set("subject", "S");
    form.set("description", "D");
    form.set("email", "john@acme.com");
    form.set("priority", "2");
    form.append("tags[]", "a");
    form.append("attachments[]", new Blob(["hello"], { type: "text/plain" }), "a.txt");
    const created = await call("POST", "/tickets", form);
    expect(created.body).toMatchObject({
      ticket: { priority: 2, tags: ["a"], attachments: [{ name: "a.txt", size: 5 }] },
    });
  });

  test("catalog orders name the missing form fields", async () => {
    expect(
      (await call("POST", "/service_catalog/items/3/place_request", { requested_for: "john@acme.com" })).body,
    ).toEqual({
      description: "Validation failed",
      errors: [{ field: "reason", message: "It should be filled in", code: "missing_field" }],
    });
    const placed = await call("POST", "/service_catalog/items/3/place_request", {
      requested_for: "john@acme.com",
      custom_fields: { reason: "work" },
    });
    expect(referee.judgeAnswer("placeServiceRequest", 201, placed.body)).toEqual([]);
    expect(placed.body).toMatchObject({
      service_request: { requested_for_id: 21000500001, requested_items: [{ quantity: 1 }] },
    });
  });
});

describe("as strict as the vendor", () => {
  test.each([
    ["GET", "/tickets?per_page=101", undefined, 400, "per_page", "invalid_value"],
    ["GET", "/tickets?colour=red", undefined, 400, "colour", "invalid_field"],
    [
      "POST",
      "/tickets",
      { subject: "S", description: "D", email: "a@b.c", colour: "red" },
      400,
      "colour",
      "invalid_field",
    ],
    [
      "POST",
      "/tickets",
      { subject: "S", description: "D", email: "a@b.c", priority: "high" },
      400,
      "priority",
      "datatype_mismatch",
    ],
    ["GET", "/tickets/filter?query=status:2", undefined, 400, "query", "invalid_value"],
    ["GET", `/tickets/filter?query=${encodeURIComponent('"colour:2"')}`, undefined, 400, "query", "invalid_value"],
  ])("%s %s", async (method, path, body, status, field, code) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect((answer.body as unknown as { errors: unknown[] }).errors).toContainEqual(
      expect.objectContaining({ field, code }),
    );
  });

  test("an unknown ticket is an empty 404, a stranger gets 401", async () => {
    expect(await call("GET", "/tickets/9")).toMatchObject({ status: 404, body: undefined });
    expect((await fetch(`${sandbox.url}/tickets`)).status).toBe(401);
  });

  test("pages are told by a Link header, and end", async () => {
    const first = await call("GET", "/tickets?workspace_id=0&per_page=6");
    expect(first.headers.get("link")).toContain("page=2");
    expect(first.headers.get("x-ratelimit-used-currentrequest")).toBe("1");
    const second = await call("GET", "/tickets?workspace_id=0&per_page=100");
    expect(second.headers.get("link")).toBeNull();
  });

  test("the limit is counted by cost, and says when to come back", async () => {
    const small = await startSandbox(FILE, { perMinute: 4 });
    const get = async () => await fetch(`${small.url}/tickets?include=stats`, { headers: { authorization: KEY } });
    expect((await get()).headers.get("x-ratelimit-remaining")).toBe("1");
    const refused = await get();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    await small.close();
  });
});
