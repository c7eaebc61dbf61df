import { expect } from "vitest";
import type { TestClient } from "./clients.ts";

type Json = Readonly<Record<string, unknown>>;

/** Calls all 34 tools as a person's day would, and says what each answer must mean. Every write is read back by another tool. */
export async function journey(client: TestClient, called: Set<string>): Promise<void> {
  const call = async (name: string, args: Json = {}): Promise<Json> => {
    called.add(name);
    const { isError, text, value } = await client.call(name, args);
    expect({ name, isError, text }).toMatchObject({ isError: false });
    expect(JSON.parse(text), `${name}: text and structuredContent hold the same`).toEqual(value);
    return value ?? {};
  };
  const items = async (name: string, args: Json = {}) => (await call(name, args))["items"] as readonly Json[];

  await tickets(call, items);
  await assets(call, items);
  await people(call, items);
  await onAndOffboarding(call, items);
  await catalog(call, items);
  await solutions(call, items);
}

type Call = (name: string, args?: Json) => Promise<Json>;
type Items = (name: string, args?: Json) => Promise<readonly Json[]>;

async function tickets(call: Call, items: Items): Promise<void> {
  const rows = await items("fetchTickets", { include: ["requester"], limit: 3 });
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatchObject({ requester: { name: expect.stringMatching(/\w+ \w+/) } });
  expect(rows[0]).not.toHaveProperty("description");
  const mine = await call("fetchTickets", { query: "status:2 AND agent_id:21000400001" });
  expect((mine["items"] as readonly Json[]).map(({ id }) => id)).toEqual(expect.arrayContaining([1023, 10234]));
  expect(mine["total"]).toBe((mine["items"] as readonly Json[]).length);

  const created = await call("createTicket", {
    subject: "Screen flickers",
    description: "<p>Since <b>Monday</b>.</p>",
    email: "john@acme.com",
    priority: 3,
    tags: ["screen"],
  });
  expect(created).toMatchObject({ subject: "Screen flickers", status: 2, priority: 3, requester_id: 21000500001 });
  const ticket_id = created["id"];
  const note = await call("createTicketNote", { ticket_id, body: "Cable <b>changed</b>." });
  expect(note).toMatchObject({ ticket_id, private: true, body: "Cable changed." });
  expect(await call("updateTicket", { ticket_id, status: 4, tags: ["screen", "cable"] })).toMatchObject({ status: 4 });
  const found = await items("fetchTickets", { query: "priority:3 AND status:4 AND tag:'cable'" });
  expect(found.map(({ id }) => id)).toContain(ticket_id);
  const read = await call("fetchTicket", { ticket_id, include: ["conversations", "requester", "tags"] });
  expect(read).toMatchObject({
    subject: "Screen flickers",
    description: "Since Monday.",
    status: 4,
    tags: ["screen", "cable"],
    requester: { email: "john@acme.com" },
    conversations: [{ body: "Cable changed.", private: true }],
  });
}

async function assets(call: Call, items: Items): Promise<void> {
  expect(await items("fetchAssets", { search: "name:'ACME-LT-001'" })).toEqual([
    expect.objectContaining({ display_id: 101, user_id: 21000500001 }),
  ]);
  expect(await items("fetchAssets", { query: "asset_type_id:21000600002" })).toHaveLength(2);
  const created = await call("createAsset", {
    name: "ACME-LT-900",
    asset_type_id: 21000600002,
    type_fields: { serial_number_21000600001: "S-900" },
  });
  expect(created).toMatchObject({ name: "ACME-LT-900", usage_type: "permanent" });
  const display_id = created["display_id"];
  expect(await call("updateAsset", { display_id, user_id: 21000500003 })).toMatchObject({ user_id: 21000500003 });
  expect(await call("fetchAsset", { display_id })).toMatchObject({
    name: "ACME-LT-900",
    user_id: 21000500003,
    type_fields: { serial_number_21000600001: "S-900" },
  });
}

async function people(call: Call, items: Items): Promise<void> {
  expect((await items("fetchAgents")).map(({ first_name }) => first_name)).toEqual(["Andrea", "Lucia", "Ravi"]);
  expect(await items("fetchAgents", { query: "~[first_name|last_name]:'pat'" })).toEqual([
    expect.objectContaining({ last_name: "Patel" }),
  ]);
  expect(await call("fetchAgent", { agent_id: 21000400001 })).toMatchObject({ email: "andrea.schmidt@acme.com" });
  expect(await items("fetchRequesters", { email: "john@acme.com" })).toEqual([
    expect.objectContaining({ id: 21000500001 }),
  ]);
  expect(await call("fetchRequester", { requester_id: 21000500002 })).toMatchObject({
    primary_email: "mary.major@acme.com",
  });
  expect((await items("fetchWorkspaces")).map(({ id, name }) => [id, name])).toEqual([
    [2, "IT"],
    [3, "HR"],
  ]);
}

async function onAndOffboarding(call: Call, items: Items): Promise<void> {
  expect(await call("fetchOnboardingRequest", { onboarding_request_id: 1 })).toMatchObject({
    subject: "Onboarding request for Nina Berg",
    ticket_id: 10240,
  });
  const form = await items("fetchOnboardingRequestForm");
  const required = form.filter((field) => field["required"] === true).map(({ name }) => name);
  expect(required).toEqual(["cf_employee_name", "cf_date_of_joining", "cf_department", "actor_1"]);
  const fields = {
    cf_employee_name: "Tom Becker",
    cf_date_of_joining: "2027-01-04",
    cf_department: "IT",
    actor_1: "lucia.gomez@acme.com",
  };
  const onboarding = await call("createOnboardingRequest", { fields });
  expect(await call("fetchOnboardingRequest", { onboarding_request_id: onboarding["id"] })).toMatchObject({
    fields: { ...fields, cf_date_of_joining: "04-01-2027" }, // the vendor turns dates round
    subject: "Onboarding request for Tom Becker",
  });

  const leaving = {
    cf_employee: "sofia.rossi@acme.com",
    cf_last_working_day: "2026-12-31",
    actor_1: "lucia.gomez@acme.com",
  };
  const offboarding = await call("createOffboardingRequest", { fields: leaving });
  const requests = await items("fetchOffboardingRequests");
  expect(requests.find(({ id }) => id === offboarding["id"])).toMatchObject({
    fields: { ...leaving, cf_last_working_day: "31-12-2026" },
  });
  expect((await items("fetchOffboardingRequestTickets", { offboarding_request_id: 1 })).map(({ id }) => id)).toEqual([
    10241, 10242,
  ]);
}

async function catalog(call: Call, items: Items): Promise<void> {
  const laptops = await call("fetchServiceCatalogItemSearch", { search_term: "laptop" });
  expect((laptops["items"] as readonly Json[]).map(({ name }) => name)).toEqual([
    "MacBook Pro laptop",
    "Windows laptop",
    "Laptop bundle",
  ]);
  expect(laptops["total"]).toBe(3);
  expect((await items("fetchServiceCatalogItems")).map(({ name }) => name)).toContain("Draft: VR headset");
  const zoom = await call("fetchServiceCatalogItem", { display_id: 3 });
  expect(zoom).toMatchObject({
    name: "Zoom Pro licence",
    description: expect.not.stringContaining("<"),
    allow_quantity: true,
  });
  const asked = (zoom["custom_fields"] as readonly Json[])
    .filter(({ required }) => required === true)
    .map(({ name }) => name);
  expect(asked).toEqual(["reason"]);
  const order = {
    display_id: 3,
    requested_for: "john@acme.com",
    quantity: 2,
    custom_fields: { reason: "Customer calls" },
  };
  const placed = await call("placeRequestServiceCatalogItem", order);
  expect(placed).toMatchObject({ type: "Service Request", requested_for_id: 21000500001 });
  expect(await call("fetchTicket", { ticket_id: placed["id"] })).toMatchObject({
    subject: "Request for Zoom Pro licence",
    requested_for_id: 21000500001,
  });
}

async function solutions(call: Call, items: Items): Promise<void> {
  const categories = await items("fetchSolutionCategories");
  expect(categories.map(({ name }) => name)).toEqual(["Hardware", "Network"]);
  const category_id = categories[0]?.["id"];
  expect(await call("fetchSolutionCategory", { category_id })).toMatchObject({ name: "Hardware" });
  expect((await items("fetchSolutionFolders", { category_id })).map(({ name }) => name)).toEqual([
    "Laptop Issues",
    "Printers",
  ]);
  const created = await call("createSolutionFolder", { name: "Monitors", category_id, visibility: 3 });
  expect(await call("fetchSolutionFolder", { folder_id: created["id"] })).toMatchObject({
    name: "Monitors",
    visibility: 3,
  });
  const article = await call("createSolutionArticle", {
    title: "Monitor stays black",
    folder_id: created["id"],
    description: "<ol><li>Check the cable.</li><li>Press the button.</li></ol>",
  });
  const article_id = article["id"];
  expect(article).toMatchObject({ status: 1 });
  expect(await call("updateSolutionArticle", { article_id, status: 2, tags: ["monitor"] })).toMatchObject({
    status: 2,
    tags: ["monitor"],
  });
  expect(await call("fetchSolutionArticle", { article_id })).toMatchObject({
    title: "Monitor stays black",
    status: 2,
    description: expect.stringMatching(/1\. Check the cable\.\s+2\. Press the button\./),
  });
  expect((await items("fetchSolutionArticles", { folder_id: created["id"] })).map(({ id }) => id)).toEqual([
    article_id,
  ]);
  const found = await items("fetchSolutionArticleSearch", { search_term: "VPN issue" });
  expect(found.map(({ title }) => title)).toEqual(["Fix a VPN issue on Windows", "VPN issue after a password change"]);
}
