import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createReferee, type Referee } from "../../src/sandbox/referee.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Answered, type Ask, FRESHSERVICE, KEY, query, requestsTo, send } from "./request.ts";

let sandbox: Sandbox;
let ask: Ask;
let referee: Referee;
beforeAll(async () => {
  sandbox = await startSandbox(FRESHSERVICE, { perMinute: 100_000 });
  ask = requestsTo(sandbox);
  referee = await createReferee("specs/freshservice/openapi.yaml");
});
afterAll(async () => await sandbox.close());

describe("transport", () => {
  test.each([
    ["application/json", 200],
    ["*/*", 200],
    ["application/json, text/plain, */*", 200],
    ["Application/JSON;q=0.9", 200],
    ["text/xml", 406],
    ["application/xml, text/html", 406],
    ["application/*", 406], // only these two, says the documentation
  ])("Accept: %s answers %i", async (accept, status) => {
    expect((await ask("GET", "/tickets/1023", undefined, { accept })).status).toBe(status);
  });

  test.each([
    ["text/xml", "<ticket/>", 415],
    ["application/x-www-form-urlencoded", "subject=S", 415],
    ["text/plain", "{}", 415],
    ["application/json; charset=utf-8", "{}", 400],
  ])("a body of %s answers %s", async (type, body, status) => {
    const answer = await send(sandbox, "POST", "/api/v2/tickets", { headers: { "content-type": type }, body });
    expect(answer.status).toBe(status);
  });

  test("a body without a type is a 415, a type without a body nothing", async () => {
    expect((await send(sandbox, "POST", "/api/v2/tickets", { body: "{}" })).status).toBe(415);
    expect((await ask("GET", "/tickets/1023", undefined, { "content-type": "application/json" })).status).toBe(200);
  });

  test("a wrong method is a 405, and says which", async () => {
    expect(await ask("DELETE", "/tickets/1023")).toMatchObject({
      status: 405,
      body: { code: "method_not_allowed", message: "DELETE method is not allowed." },
    });
  });

  test.each([
    "/tickets/9",
    "/tickets/9/conversations",
    "/assets/9",
    "/agents/9",
    "/requesters/9",
    "/onboarding_requests/9",
    "/onboarding_requests/9/tickets",
    "/offboarding_requests/9/tickets",
    "/service_catalog/items/9",
    "/solutions/categories/9",
    "/solutions/folders/9",
    "/solutions/folders?category_id=9",
    "/solutions/articles/9",
    "/solutions/articles?folder_id=9",
    "/asset_types/9/fields",
    "/nothing",
  ])("%s is an empty 404", async (path) => {
    const { status, text } = await send(sandbox, "GET", `/api/v2${path}`);
    expect({ status, text }).toEqual({ status: 404, text: "" });
  });

  test.each([
    ["/tickets/9/notes", { body: "N" }, 404],
    ["/service_catalog/items/9/place_request", {}, 404],
    ["/solutions/folders", { name: "F", category_id: 9 }, 400],
    ["/solutions/articles", { title: "T", description: "D", folder_id: 9 }, 400],
    ["/assets", { name: "A", asset_type_id: 9 }, 400],
  ])("a write to what does not exist: POST %s answers %s", async (path, body, status) => {
    expect((await ask("POST", path, body)).status).toBe(status);
  });

  test("another credential is a 401 with a code", async () => {
    const { status, body } = await ask("GET", "/tickets", undefined, { authorization: "Basic eDp5" });
    expect({ status, body }).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
    expect(referee.judgeAnswer("listTickets", 401, body)).toEqual([]);
    expect((await ask("GET", "/tickets/1023", undefined, { authorization: "Bearer sandbox-token" })).status).toBe(200);
  });
});

describe("errors name the field and the code", () => {
  const ticket = { subject: "S", description: "D", email: "a@b.c" };
  test.each([
    ["GET", "/tickets?per_page=101", undefined, "per_page", "invalid_value"],
    ["GET", "/tickets?per_page=0", undefined, "per_page", "invalid_value"],
    ["GET", "/tickets?page=0", undefined, "page", "invalid_value"],
    ["GET", "/tickets?page=x", undefined, "page", "datatype_mismatch"],
    ["GET", "/tickets?colour=red", undefined, "colour", "invalid_field"],
    ["GET", "/tickets?filter=mine", undefined, "filter", "invalid_value"],
    ["GET", "/tickets?include=all", undefined, "include", "invalid_value"],
    ["GET", "/tickets?updated_since=yesterday", undefined, "updated_since", "invalid_value"],
    ["GET", "/tickets/filter", undefined, "query", "missing_field"],
    ["GET", "/tickets/filter?query=status:2", undefined, "query", "invalid_value"],
    ["GET", query("/tickets/filter", "query", "colour:2"), undefined, "query", "invalid_value"],
    ["GET", query("/tickets/filter", "query", "subject:'x'"), undefined, "query", "invalid_value"], // a field, not a filter
    ["GET", query("/assets", "search", "asset_type_id:3"), undefined, "search", "invalid_value"],
    ["GET", query("/agents", "query", "primary_email:'a'"), undefined, "query", "invalid_value"],
    ["GET", "/solutions/folders", undefined, "category_id", "missing_field"],
    ["GET", "/solutions/articles/search", undefined, "search_term", "missing_field"],
    ["POST", "/tickets", { ...ticket, colour: "red" }, "colour", "invalid_field"],
    ["POST", "/tickets", { ...ticket, priority: "high" }, "priority", "invalid_value"],
    ["POST", "/tickets", { ...ticket, status: "open" }, "status", "datatype_mismatch"],
    ["POST", "/tickets", { ...ticket, id: 7 }, "id", "invalid_field"],
    ["POST", "/tickets", { description: "D", email: "a@b.c" }, "subject", "missing_field"],
    ["POST", "/tickets", { subject: "S", description: "D" }, "requester_id", "missing_field"],
    ["PUT", "/tickets/1023", { colour: "red" }, "colour", "invalid_field"],
    ["PUT", "/tickets/1023", { created_at: "2026-11-21T09:00:00Z" }, "created_at", "invalid_field"],
    ["PUT", "/tickets/1023", { workspace_id: 3 }, "workspace_id", "invalid_field"],
    ["PUT", "/assets/101", { workspace_id: 3 }, "workspace_id", "invalid_field"],
    ["POST", "/assets", { name: "A", asset_type_id: 9 }, "asset_type_id", "invalid_value"],
  ])("%s %s %j", async (method, path, body, field, code) => {
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ field, code }));
    expect(answer.body["description"]).toBe("Validation failed");
  });

  test("a wrong choice is told the choices", async () => {
    const { body } = await ask("POST", "/tickets", { ...ticket, priority: 9 });
    expect(referee.judgeAnswer("createTicket", 400, body)).toEqual([]);
    expect(body.errors).toEqual([
      { field: "priority", message: "It should be one of these values: 1, 2, 3, 4", code: "invalid_value" },
    ]);
  });

  test("512 characters fit between the quotes, 513 do not", async () => {
    const exact = `status:2${" ".repeat(504)}`;
    expect((await ask("GET", query("/tickets/filter", "query", exact))).status).toBe(200);
    const { status, body } = await ask("GET", query("/tickets/filter", "query", `${exact} `));
    expect({ status, field: body.errors?.[0]?.["field"] }).toEqual({ status: 400, field: "query" });
  });
});

describe("rate", () => {
  const counters = ({ headers }: Pick<Answered, "headers">) =>
    ["x-ratelimit-total", "x-ratelimit-remaining", "x-ratelimit-used-currentrequest"].map((name) => headers[name]);
  const version = "latest=v2; requested=v2";

  test.each([
    ["a good answer", "GET", "/workspaces", {}, 200],
    ["400", "GET", "/tickets?per_page=101", {}, 400],
    ["401", "GET", "/tickets", { authorization: "Basic eDp5" }, 401],
    ["404", "GET", "/tickets/9", {}, 404],
    ["405", "DELETE", "/tickets/9", {}, 405],
    ["406", "GET", "/tickets", { accept: "text/html" }, 406],
    ["415", "POST", "/tickets", { "content-type": "text/xml" }, 415],
    ["a body that is no JSON", "PUT", "/tickets/1023", { "content-type": "application/json" }, 400],
  ])("%s costs 1 and says so", async (_, method, path, headers, status) => {
    const small = await startSandbox(FRESHSERVICE);
    const given = { headers, ...(method.startsWith("P") && { body: "<" }) };
    const first = await send(small, method, `/api/v2${path}`, given);
    await small.close();
    expect(first.status).toBe(status);
    expect(counters(first)).toEqual(["100", "99", "1"]);
    expect(first.headers["x-freshservice-api-version"]).toBe(version);
  });

  test.each([
    ["/tickets/1023", "1"],
    ["/tickets/1023?include=requester", "2"],
    ["/tickets/1023?include=requester,stats,tags", "4"],
    ["/tickets?include=requester", "3"],
    ["/tickets?include=requester,stats", "5"],
    ["/assets?include=type_fields", "3"],
    ["/tickets?include=requester&per_page=101", "1"], // refused
  ])("%s costs %s", async (path, cost) => expect(counters(await ask("GET", path))[2]).toBe(cost));

  test("beyond the limit nothing is done, and Retry-After says when", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-22T09:00:15Z") }); // the minute must not end meanwhile
    const small = await startSandbox(FRESHSERVICE, { perMinute: 2 });
    const headers = { authorization: KEY, "content-type": "application/json" };
    const body = JSON.stringify({ subject: "beyond", description: "D", email: "john@acme.com" });
    const post = async () => await fetch(`${small.url}/tickets`, { method: "POST", headers, body });
    const answers = [await post(), await post(), await post()];
    await small.close();
    vi.useRealTimers();
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(answers[2]?.headers.get("retry-after")).toBe("45");
    expect(answers[2]?.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(answers[0]?.headers.get("retry-after")).toBeNull();
    expect(referee.judgeAnswer("createTicket", 429, await answers[2]?.json())).toEqual([]);
  });
});
