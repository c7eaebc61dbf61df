import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Answered, ask, control, HARBOUR, json, SEED, sessionHeaders } from "./harbour.ts";

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await startSandbox(HARBOUR)));
afterAll(async () => await sandbox.close());

const gateway = () => sandbox.servers["gateway"] ?? "";
/** Sends a document, as the caller of the seed. */
const run = async (query: string, variables: object = {}, operationName?: string): Promise<Answered> =>
  await ask(
    gateway(),
    json({ query, variables, ...(operationName !== undefined && { operationName }) }, sessionHeaders(SEED)),
  );
const data = async (query: string, variables?: object) => (await run(query, variables)).body["data"];
/** Messages of `errors`, of an answer that is a 200. */
const complaints = async (query: string, variables?: object, operationName?: string) => {
  const { status, body } = await run(query, variables, operationName);
  expect(status).toBe(200);
  return (body["errors"] as { message: string }[]).map(({ message }) => message);
};

describe("queries", () => {
  test("a page of a list, with what stands beside it, and what its rows lead to", async () => {
    const query =
      "query C($n: Int) { classes(pgNum: $n, pgSize: 2) { total rows { id label teacher { name } pilots { name } } } }";
    expect(await data(query, { n: 2 })).toEqual({
      classes: { total: 3, rows: [{ id: 3, label: "charts-2: Charts II", teacher: null, pilots: [] }] },
    });
    expect(await data("{ classes { rows { pilots { name } } } }")).toEqual({
      classes: { rows: [{ pilots: [{ name: "Ben" }] }, { pilots: [{ name: "Ada" }] }] },
    });
    expect(await data('{ classes(term: "autumn") { total } }')).toEqual({ classes: { total: 1 } });
  });

  test("one object by any field, null when there is none, and the one who asks", async () => {
    const query = "query B($slug: String!) { classBySlug(slugId: $slug) { name } }";
    expect(await data(query, { slug: "knots-1" })).toEqual({ classBySlug: { name: "Knots" } });
    expect(await data(query, { slug: "none" })).toEqual({ classBySlug: null });
    expect(await data("{ me { name } }")).toEqual({ me: { name: "Ada" } });
  });

  test("aliases, fragments, @skip and @include, interfaces", async () => {
    const query = `query Q($brief: Boolean!) {
      first: classBySlug(slugId: "knots-1") { ...Row term @skip(if: $brief) at @include(if: $brief) }
      notes(text: "first") { about { name ... on Boat { length } } }
    } fragment Row on Class { id }`;
    expect(await data(query, { brief: true })).toEqual({
      first: { id: 1, at: expect.any(String) },
      notes: [{ about: { name: "Anna", length: 12 } }],
    });
    expect(await data(query, { brief: false })).toMatchObject({ first: { id: 1, term: "spring" } });
  });
});

describe("mutations", () => {
  test("insert, stamped with who did it", async () => {
    const query = "mutation M($input: NoteInput!) { addNote(input: $input) { id text author at } }";
    expect(await data(query, { input: { text: "Second", class_id: 1 } })).toEqual({
      addNote: { id: 2, text: "Second", author: 31, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}$/) },
    });
    expect(await data('{ notes(text: "second") { id } }')).toEqual({ notes: [{ id: 2 }] });
  });

  test("update, and touch several", async () => {
    expect(await data('mutation { rename(id: 2, name: "Maps") { name slugId } }')).toEqual({
      rename: { name: "Maps", slugId: "charts-1" },
    });
    expect(await data('mutation { rename(id: 99, name: "Maps") { name } }')).toEqual({ rename: null });
    await data("mutation { touch(ids: [1, 2]) { id } }");
    expect(await data('{ classes(term: "touched") { total } }')).toEqual({ classes: { total: 2 } });
  });

  test("what the vendor refuses is an error in a 200, with its extensions, and nothing is written", async () => {
    const query = "mutation M($input: NoteInput!) { addNote(input: $input) { id } }";
    const { status, body } = await run(query, { input: { text: "", class_id: 1 } });
    expect([status, body["data"], body["errors"]]).toEqual([
      200,
      { addNote: null },
      [expect.objectContaining({ message: "A note needs text", extensions: { code: "EMPTY" }, path: ["addNote"] })],
    ]);
    expect(await complaints(query, { input: { text: "x", class_id: 404 } })).toEqual([
      "input.class_id: There is no such class",
    ]);
  });
});

describe("what does not fit the schema is an error in a 200", () => {
  test.each([
    ["a document that cannot be read", "{ classes {", {}, /^Syntax Error/],
    ["a field that is not there", "{ classes { size } }", {}, /Cannot query field "size" on type "Classes"/],
    ["an argument that is not there", "{ classes(size: 1) { total } }", {}, /Unknown argument "size"/],
    [
      "a variable that is missing",
      "query Q($s: String!) { classBySlug(slugId: $s) { id } }",
      {},
      /"\$s" of required type "String!"/,
    ],
    [
      "a variable of another type",
      "query Q($s: String!) { classBySlug(slugId: $s) { id } }",
      { s: 1 },
      /got invalid value 1/,
    ],
    [
      "a member too many",
      "mutation M($i: NoteInput!) { addNote(input: $i) { id } }",
      { i: { text: "x", size: 1 } },
      /"size" is not defined/,
    ],
    ["a variable that is not declared", "{ me { id } }", { s: 1 }, /"\$s" is not declared/],
    ["a variable that is not used", "query Q($s: String) { me { id } }", {}, /"\$s" is never used/],
  ])("%s", async (_, query, variables, message) => {
    expect(await complaints(query, variables)).toEqual([expect.stringMatching(message)]);
  });

  test("a name that the document does not have", async () => {
    expect(await complaints("query A { me { id } } query B { me { id } }", {}, "C")).toEqual([
      'Unknown operation named "C".',
    ]);
  });
});

describe("the endpoint", () => {
  test("who may not call is told inside a 200", async () => {
    const answer = await ask(gateway(), json({ query: "{ me { id } }" }));
    expect([answer.status, answer.body]).toEqual([
      200,
      { data: null, errors: [{ message: "jwt expired", extensions: { errorCode: 401 } }] },
    ]);
  });

  test.each([
    ["GET", { method: "GET" }, 405],
    ["a form", { method: "POST", body: new URLSearchParams({ query: "{ me { id } }" }) }, 415],
    ["no JSON", { method: "POST", headers: { "content-type": "application/json" }, body: "{" }, 400],
    ["no query", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }, 400],
    [
      "variables that are a list",
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"query":"{ me { id } }","variables":[]}',
      },
      400,
    ],
  ])("refuses %s", async (_, init: RequestInit, status) => {
    const headers = { ...sessionHeaders(SEED), ...(init.headers as Record<string, string> | undefined) };
    expect((await ask(gateway(), { ...init, headers })).status).toBe(status);
  });

  test("an operation fails when a test says so, before it is done or after", async () => {
    const add = async () =>
      await run('mutation Add { addNote(input: { text: "third", class_id: 1 }) { id } }', {}, "Add");
    const count = async () => ((await data('{ notes(text: "third") { id } }')) as { notes: unknown[] }).notes.length;
    await control(sandbox, "fail", { operation: "Add", error: "dotnet" });
    expect((await add()).status).toBe(500);
    expect(await count()).toBe(0);
    await control(sandbox, "fail", { operation: "Add", error: "dotnet", after: true });
    expect((await add()).status).toBe(500);
    expect(await count()).toBe(1);
    expect((await add()).status).toBe(200);
  });
});
