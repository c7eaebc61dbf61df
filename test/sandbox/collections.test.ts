import { describe, expect, test } from "vitest";
import { show } from "../../src/sandbox/include.ts";
import type { CreateOperation, UpdateOperation } from "../../src/sandbox/grammar/write.ts";
import { create, missingFields, update } from "../../src/sandbox/write.ts";
import { FORM, smallCollections, smallFile } from "./small-vendor.ts";

describe("seeds", () => {
  const tickets = smallCollections().all("tickets");

  test("dates move to now, and keep their offset", () => {
    expect(tickets.map((row) => row["created_at"])).toEqual(["2026-11-21T09:00:00Z", "2026-09-02T08:00:00+05:30"]);
  });

  test("fields are set from the row, and taken from the example of one object", () => {
    expect(tickets[0]).toMatchObject({
      kind: "ticket",
      label: "7: Screen flickers",
      notes_count: 2,
      subject: "Screen flickers",
    });
    expect(tickets[1]).not.toHaveProperty("notes_count");
  });

  test("an example without the list is told", () => {
    const file = smallFile({ collections: { tickets: { seed: "listTickets", at: "ticket" } } });
    expect(() => smallCollections(file)).toThrow(
      'collections.tickets: the example of listTickets holds no list "ticket"',
    );
  });

  test("objects are found by text or number, and never by nothing", () => {
    const collections = smallCollections();
    expect(collections.find("tickets", "id", "8")).toBe(collections.find("tickets", "id", 8));
    expect(collections.find("tickets", "none", undefined)).toBeUndefined();
  });
});

const createTicket = (parts: object) =>
  smallFile({ operations: { c: { create: "tickets", as: "ticket", ...parts } } }).operations["c"] as CreateOperation;
const scope = (body: object) => ({ body: { ...body }, path: {}, query: {}, now: "2026-11-22T09:00:00Z" });

describe("creating", () => {
  test("counts upwards, stamps, and leaves the rest blank", () => {
    const collections = smallCollections();
    const row = create(createTicket({}), "tickets", scope({ subject: "New", unknown: 1, id: 3 }), collections);
    expect(row).toEqual({
      id: 9,
      number: 72,
      subject: "New",
      text: null,
      plain: null,
      status: null,
      tags: [],
      fields: null,
      person_id: null,
      kind: null,
      label: null,
      notes_count: null,
      created_at: "2026-11-22T09:00:00Z",
      updated_at: "2026-11-22T09:00:00Z",
    });
    expect(collections.find("tickets", "id", 9)).toBe(row);
  });

  test("what is set goes before the body, that before a lookup, that before a default", () => {
    const lookup = [{ field: "person_id", value: "{body.email}", collection: "people", match: "email", give: "id" }];
    const operation = createTicket({
      lookup,
      defaults: { status: 2, subject: "none" },
      set: { kind: "set {body.kind}", extra: true },
    });
    const row = create(
      operation,
      "tickets",
      scope({ kind: "x", subject: "S", email: "john@acme.com" }),
      smallCollections(),
    );
    expect(row).toMatchObject({ kind: "set x", subject: "S", status: 2, person_id: 31, extra: true });
    expect(
      create(operation, "tickets", scope({ person_id: 5, email: "john@acme.com" }), smallCollections()),
    ).toMatchObject({
      person_id: 5,
      subject: "none",
    });
  });

  test("a lookup that finds nothing is null, or adds what is missing; of several the first that is given counts", () => {
    const by = (match: string, add?: object) => ({
      field: "person_id",
      value: `{body.${match}}`,
      collection: "people",
      match,
      give: "id",
      ...(add && { add }),
    });
    const collections = smallCollections();
    const body = { email: "new@acme.com", name: "John" };
    expect(create(createTicket({ lookup: [by("email")] }), "tickets", scope(body), collections)).toMatchObject({
      person_id: null,
    });
    const operation = createTicket({
      lookup: [by("email", { email: "{body.email}", name: "{body.name}" }), by("name")],
    });
    expect(create(operation, "tickets", scope(body), collections)).toMatchObject({ person_id: 32 });
    expect(collections.find("people", "id", 32)).toEqual({ id: 32, name: "John", email: "new@acme.com" });
    expect(create(operation, "tickets", scope({ name: "John" }), collections)).toMatchObject({ person_id: 31 });
  });

  test("text stands beside HTML, dates come back in the vendor's order", () => {
    const body = {
      text: "<p>a</p><p>b</p>",
      fields: { day: "2027-01-04", at: "2027-01-04T00:00:00Z", n: ["2027-02-03"] },
    };
    expect(create(createTicket({}), "tickets", scope(body), smallCollections())).toMatchObject({
      plain: "a\nb",
      fields: { day: "04-01-2027", at: "2027-01-04T00:00:00Z", n: ["2027-02-03"] },
    });
  });

  test("a form names what the body lacks", () => {
    const operation = createTicket({
      required: { of: "form.fields", name: "name", flag: "required", in: "body.answers" },
    });
    const missing = (answers: unknown) =>
      missingFields(operation, { ...scope({ answers }), form: FORM }).map(({ field, keyword }) => [field, keyword]);
    expect(missing(undefined)).toEqual([["reason", "required"]]);
    expect(missing({ size: 3 })).toEqual([["reason", "required"]]);
    expect(missing({ reason: "" })).toEqual([["reason", "required"]]);
    expect(missing({ reason: "work" })).toEqual([]);
    expect(missingFields(createTicket({}), scope({}))).toEqual([]);
  });
});

describe("updating", () => {
  const operation = (parts: object) =>
    smallFile({ operations: { u: { update: "tickets", by: "id", as: "ticket", ...parts } } }).operations[
      "u"
    ] as UpdateOperation;

  test("replaces what the body names, and stamps", () => {
    const collections = smallCollections();
    const row = collections.find("tickets", "id", 7) ?? {};
    update(
      operation({}),
      "tickets",
      row,
      { status: 3, tags: ["a"], fields: { room: 1 }, text: "<b>x</b>", unknown: 1 },
      collections,
    );
    expect(row).toMatchObject({ status: 3, tags: ["a"], fields: { room: 1 }, plain: "x", subject: "Screen flickers" });
    expect(row).toMatchObject({ created_at: "2026-11-21T09:00:00Z", updated_at: "2026-11-22T09:00:00Z" });
    expect(row).not.toHaveProperty("unknown");
  });

  test("merges the maps that are named", () => {
    const collections = smallCollections();
    const row = collections.find("tickets", "id", 7) ?? {};
    update(operation({ merge: ["fields"] }), "tickets", row, { fields: { room: 1 } }, collections);
    expect(row["fields"]).toEqual({ floor: 3, room: 1 });
  });

  test("a field that only other objects had is kept too", () => {
    const collections = smallCollections();
    const row = collections.find("tickets", "id", 8) ?? {};
    expect(update(operation({}), "tickets", row, { text: "late" }, collections)).toMatchObject({
      text: "late",
      plain: "late",
    });
  });
});

describe("showing", () => {
  const collections = smallCollections();
  const row = collections.find("tickets", "id", 7) ?? {};
  const include = {
    person: { one: "people", by: "person_id", pick: { name: "{name}", phone: "{phone}" } },
    whole: { one: "people", by: "person_id" },
    notes: { many: "notes", where: "ticket_id", most: 2 },
    tags: {},
    stats: { value: { opened: "{created_at}" } },
  };

  test.each([
    ["person", { name: "John", phone: null }],
    ["whole", { id: 31, name: "John", email: "john@acme.com" }],
    ["notes", [expect.objectContaining({ id: 1 }), expect.objectContaining({ id: 2 })]],
    ["tags", ["screen", "vpn"]],
    ["stats", { opened: "2026-11-21T09:00:00Z" }],
  ])("include=%s", (name, want) => {
    expect(show(row, "tickets", { include, shown: [] }, [name], collections)[name]).toEqual(want);
  });

  test("what is not asked for is not there, what is shown or hidden is always so", () => {
    expect(show(row, "tickets", { include, shown: [] }, [], collections)).not.toHaveProperty("tags");
    expect(show(row, "tickets", { include, shown: ["tags"] }, [], collections)).toHaveProperty("tags");
    expect(show(row, "tickets", { hide: ["status"], shown: [] }, [], collections)).not.toHaveProperty("status");
    expect(row).toMatchObject({ status: 2, tags: ["screen", "vpn"] });
  });

  test("somebody who is not there is null", () => {
    const other = collections.find("tickets", "id", 8) ?? {};
    expect(show(other, "tickets", { include, shown: [] }, ["person"], collections)["person"]).toBeNull();
  });
});
