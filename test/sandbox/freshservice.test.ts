import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { READS, TICKET, WRITES } from "./freshservice-requests.ts";
import { FRESHSERVICE, KEY } from "./request.ts";
import { createReferee, type Referee } from "../../src/sandbox/referee.ts";

let sandbox: Sandbox;
let referee: Referee;
beforeAll(async () => {
  sandbox = await startSandbox(FRESHSERVICE, { perMinute: 10_000 });
  referee = await createReferee("specs/freshservice/openapi.yaml");
});
afterAll(async () => await sandbox.close());

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

test.each(READS)("%s answers as the description says", async (operationId, path) => {
  const { status, body } = await call("GET", path);
  expect({ status, body }).toMatchObject({ status: 200 });
  expect(referee.judgeAnswer(operationId, status, body)).toEqual([]);
  const list = Object.values(body ?? {}).find(Array.isArray);
  if (list) expect(list.length, "rows").toBeGreaterThan(0);
});

test.each(WRITES)(
  "%s writes as the description says, and is read back",
  async (operationId, method, path, sent, status, want, readAt) => {
    const written = await call(method, path, sent);
    expect({ status: written.status, body: written.body }).toMatchObject({ status, body: want });
    expect(referee.judgeAnswer(operationId, status, written.body)).toEqual([]);
    const [object] = Object.values(written.body ?? {}) as { id: number; display_id?: number }[];
    const id = object?.display_id ?? object?.id ?? 0;
    const location = written.headers.get("location");
    if (location !== null) expect(location).toBe(`${sandbox.url}${readAt(id).replace(/\?.*/, "")}`);
    const read = await call("GET", readAt(id));
    expect(read.status).toBe(200);
    const [found] = Object.values(read.body ?? {}) as (Record<string, unknown> | Record<string, unknown>[])[];
    const row = Array.isArray(found) ? found.find((entry) => entry["id"] === object?.id) : found;
    expect(row).toMatchObject({ id: object?.id, updated_at: expect.any(String) });
  },
);

test("all operations of the description are called here", () => {
  const called = [...READS, ...WRITES].map(([operationId]) => operationId);
  expect(called.sort()).toEqual([...referee.operationIds].sort());
});

test("what is created names its place", async () => {
  const { headers, body } = await call("POST", "/tickets", TICKET);
  expect(headers.get("location")).toBe(
    `${sandbox.url}/tickets/${(body as unknown as { ticket: { id: number } }).ticket.id}`,
  );
});

describe("stateful", () => {
  test("a ticket is found by query once it is changed, and shows its notes", async () => {
    const { ticket } = (await call("POST", "/tickets", TICKET)).body as unknown as { ticket: { id: number } };
    await call("POST", `/tickets/${ticket.id}/notes`, { body: "N" });
    await call("PUT", `/tickets/${ticket.id}`, { status: 5 });
    const query = encodeURIComponent("\"priority:3 AND status:5 AND created_at:>'2020-01-01'\"");
    expect((await call("GET", `/tickets/filter?query=${query}`)).body).toMatchObject({
      tickets: expect.arrayContaining([expect.objectContaining({ id: ticket.id })]),
    });
    expect((await call("GET", `/tickets/${ticket.id}?include=conversations`)).body).toMatchObject({
      ticket: { conversations: [{ body: "N", private: true }] },
    });
  });

  test.each([
    ["an address", { email: "new.person@acme.com" }, { primary_email: "new.person@acme.com" }],
    ["a telephone number", { phone: "+44 20 7946 0999", name: "Nobody Yet" }, { first_name: "Nobody Yet" }],
  ])("%s that nobody has makes a requester", async (_, who, want) => {
    const { email: __, ...ticket } = TICKET;
    const created = await call("POST", "/tickets", { ...ticket, ...who });
    const { requester_id } = (created.body as unknown as { ticket: { requester_id: number } }).ticket;
    const { body } = await call("GET", `/requesters/${requester_id}`);
    expect(body).toMatchObject({ requester: want });
    expect(referee.judgeAnswer("getRequester", 200, body)).toEqual([]);
    const again = await call("POST", "/tickets", { ...ticket, ...who });
    expect(again.body).toMatchObject({ ticket: { requester_id } });
  });

  test("a form arrives as what it stands for, with its files", async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...TICKET, "tags[]": "a", "custom_fields[users_affected]": 7 }))
      form.append(name, String(value));
    form.append("tags[]", "b");
    form.append("attachments[]", new Blob(["hello"], { type: "text/plain" }), "a.txt");
    form.append("attachments[]", new Blob(["hello you"], { type: "text/html" }), "ü.html");
    const { body } = await call("POST", "/tickets", form);
    expect(referee.judgeAnswer("createTicket", 201, body)).toEqual([]);
    expect(body).toMatchObject({
      ticket: {
        priority: 3,
        tags: ["a", "b"],
        custom_fields: { users_affected: "7" }, // a form has texts only, and nobody describes custom fields
        attachments: [
          { name: "a.txt", size: 5, content_type: "text/plain" },
          { name: "ü.html", size: 9, content_type: "text/html" },
        ],
      },
    });
  });

  test.each([
    ["false", false],
    ["true", true],
  ])("private=%s in a form is no text", async (sent, stands) => {
    const form = new FormData();
    form.set("body", "N");
    form.set("private", sent);
    expect((await call("POST", "/tickets/1023/notes", form)).body).toMatchObject({ conversation: { private: stands } });
  });

  test.each([
    ["/service_catalog/items/3/place_request", { requested_for: "john@acme.com" }, ["reason"]],
    [
      "/onboarding_requests",
      { fields: { cf_employee_name: "T", cf_department: "" } },
      ["cf_date_of_joining", "cf_department", "actor_1"],
    ],
  ])("the form of %s names what is missing", async (path, body, fields) => {
    const errors = fields.map((field) => ({ field, message: "It should be filled in", code: "missing_field" }));
    expect((await call("POST", path, body)).body).toEqual({ description: "Validation failed", errors });
  });
});
