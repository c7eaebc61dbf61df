import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Answered, ask, at, control, HARBOUR, json, signIn } from "./harbour.ts";

let sandbox: Sandbox;
let bearer: { authorization: string };
beforeEach(async () => {
  sandbox = await startSandbox(HARBOUR);
  ({ bearer } = await signIn(sandbox));
});
afterEach(async () => await sandbox.close());

const get = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
  await ask(at(sandbox, "api", path), { headers: { ...bearer, ...headers } });
const post = async (path: string, body: unknown): Promise<Answered> =>
  await ask(at(sandbox, "api", path), json(body, bearer));
type Rows = readonly Readonly<Record<string, unknown>>[];

describe("an array is written", () => {
  test("an element with an id changes what it names, one without creates; one in is the object, several are an array", async () => {
    const one = await post("/berths", [{ name: "New" }]);
    expect([one.status, one.body]).toMatchObject([
      201,
      { id: 3000, name: "New", status: 1, why: "new, by Ada", notes: null },
    ]);
    const changed = await post("/berths", [{ id: 1, status: 3, notes: { rail: true } }]);
    expect(changed.body).toMatchObject({
      id: 1,
      name: "North quay",
      status: 3,
      notes: { depth: 9, rail: true },
      why: "changed, by Ada",
    });
    const both = await post("/berths", [
      { id: 2, status: 4 },
      { id: 0, name: "Zero" },
    ]);
    expect(both.body).toMatchObject([
      { id: 2, status: 4 },
      { id: 3001, name: "Zero" },
    ]);
    expect((await get("/berths/3001")).body).toMatchObject({ name: "Zero" });
  });

  test("what is looked up is looked up for both, and other objects follow", async () => {
    expect((await post("/berths", [{ id: 2, ship_id: 21 }])).body).toMatchObject({ ship_id: 21, owner: "Anna" });
    expect((await get("/ships")).body).toMatchObject([
      { id: 21, berth: 2 },
      { id: 22, berth: 2 },
    ]);
  });

  test.each([
    [
      "an id that is not there",
      [
        { id: 1, status: 9 },
        { id: 99, status: 9 },
      ],
      404,
      { ClassName: "NullReferenceException", Message: "Nothing is there." },
    ],
    [
      "what the vendor wants of a new one",
      [{ id: 1, status: 9 }, { status: 9 }],
      400,
      { resultCode: 17, errorMessage: "Please complete required fields. Name" },
    ],
    [
      "a type that the description does not have",
      [{ id: 1, status: "9" }],
      400,
      { resultCode: 400, errorMessage: "status: must be integer" },
    ],
    [
      "a field that it does not have",
      [{ id: 1, colour: "red" }],
      400,
      { resultCode: 400, errorMessage: "colour: must NOT have additional properties" },
    ],
    ["an object", { id: 1, status: 9 }, 400, { resultCode: 400, errorMessage: "body: must be array" }],
  ])("%s: nothing is written", async (_, body, status, said) => {
    const answer = await post("/berths", body);
    expect([answer.status, answer.body]).toEqual([status, said]);
    expect((await get("/berths/1")).body).toMatchObject({ status: 1 });
  });
});

describe("lists", () => {
  test("are paged when they are asked to be", async () => {
    const { body } = await get("/berths?pageinate=true&page_no=3&page_size=100");
    expect(body).toMatchObject({ record_count: 2002, page_no: 3, page_size: 100 });
    const rows = body["berths"] as Rows;
    expect([rows.length, rows[0]]).toEqual([
      100,
      {
        id: 1198,
        name: expect.stringMatching(/^(East|West|Inner) berth 1198$/),
        status: 1,
        changed: expect.any(String),
      },
    ]);
    const last = (await get("/berths?pageinate=true&page_no=21&page_size=100")).body["berths"] as Rows;
    expect(last).toHaveLength(2);
  });

  test.each([
    ["", 60],
    ["?count=5", 5],
    ["?count=500", 60],
    ["?pageinate=false&page_no=2&page_size=10", 60],
  ])("unpaged %s: the first rows, and the count of all", async (query, length) => {
    const { body } = await get(`/berths${query}`);
    expect(Object.keys(body)).toEqual(["record_count", "berths"]);
    expect([body["record_count"], (body["berths"] as Rows).length]).toEqual([2002, length]);
  });

  test("are ordered and narrowed by parameters of their own", async () => {
    const first = async (query: string) => ((await get(`/berths?count=1&${query}`)).body["berths"] as Rows)[0]?.["id"];
    expect(await first("orderdesc=true")).toBe(2999);
    expect(await first("order=changed")).toBe(2712);
    expect((await get("/berths?ids=2,%201712,x")).body).toMatchObject({
      record_count: 2,
      berths: [{ id: 2 }, { id: 1712 }],
    });
    const old = encodeURIComponent(new Date(Date.now() - 365 * 86_400_000).toISOString());
    expect((await get(`/berths?enddate=${old}`)).body).toMatchObject({ record_count: 1, berths: [{ id: 2712 }] });
    expect((await get(`/berths?startdate=${old}&datesearch=changed`)).body).toMatchObject({ record_count: 2001 });
  });

  test("may be bare", async () =>
    expect((await get("/ships")).body).toEqual([
      { id: 21, name: "Anna", berth: 1 },
      { id: 22, name: "Berta", berth: 2 },
    ]));

  test("are bare below a second sandbox too: what is generated is always the same", async () => {
    const other = await startSandbox(HARBOUR);
    const { bearer: theirs } = await signIn(other);
    const names = (answer: Answered) => (answer.body["berths"] as Rows).map(({ name }) => name);
    const mine = names(await get("/berths"));
    expect(names(await ask(at(other, "api", "/berths"), { headers: theirs }))).toEqual(mine);
    expect(new Set(mine.map((name) => String(name).split(" ")[0])).size).toBeGreaterThan(2);
    await other.close();
  });
});

describe("details", () => {
  test("are there when a parameter asks for them", async () => {
    expect((await get("/berths/1")).body).not.toHaveProperty("log");
    expect((await get("/berths/1?includedetails=true")).body).toMatchObject({ log: ["dredged"] });
    expect((await get("/berths/1?includedetails=true")).body).not.toHaveProperty("log_html");
  });

  test("a report holds its rows when it is asked to, told apart by its id", async () => {
    expect((await get("/report/7")).body).toEqual({ id: 7, name: "All berths" });
    const { report } = (await get("/report/7?loadreport=true")).body as { report?: { loaded: boolean; rows: Rows } };
    expect([report?.loaded, report?.rows.length, report?.rows[0]]).toEqual([
      true,
      2002,
      { berth: 2712, name: "Acorn berth", by: null },
    ]);
    expect((await get("/report/8?loadreport=true")).body).toMatchObject({ report: { loaded: false } });
  });
});

describe("deleting", () => {
  test("with a reason marks, and the object is answered as it is then", async () => {
    const remove = async (query: string) =>
      await ask(at(sandbox, "api", `/berths/${query}`), { method: "DELETE", headers: bearer });
    expect((await remove("2")).body).toEqual({ Message: "No." });
    expect((await remove("2?reason=sunk")).body).toMatchObject({ id: 2, deleted: true, why: "sunk" });
    expect((await get("/berths")).body).toMatchObject({ record_count: 2001 });
    expect((await remove("99?reason=x")).body).toEqual({ error: "not_found", error_description: "Gone already." });
  });

  test("removes, without a body where the description has none", async () => {
    const answer = await ask(at(sandbox, "api", "/ships/22"), { method: "DELETE", headers: bearer });
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect((await get("/ships")).body).toMatchObject([{ id: 21 }]);
  });
});

describe("other bodies", () => {
  test("bytes, with their type and name", async () => {
    const answer = await fetch(at(sandbox, "api", "/papers/5"), { headers: bearer });
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''k%C3%A4se.png");
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    expect((await get("/papers/6")).status).toBe(404);
  });

  test("bytes of a form come back", async () => {
    const body = new FormData();
    body.set("berth", "1");
    body.set("file", new Blob([Buffer.from([0, 255, 10])]), "raw.bin");
    const made = await ask(at(sandbox, "api", "/papers"), { method: "POST", headers: bearer, body });
    expect([made.status, made.body]).toEqual([201, { id: 6, name: "raw.bin" }]);
    const answer = await fetch(at(sandbox, "api", "/papers/6"), { headers: bearer });
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255, 10]);
  });

  test("answers that are written, by what is asked", async () => {
    expect((await post("/runs/slow", {})).status).toBe(202);
    const text = await post("/runs/text", {});
    expect([text.headers.get("content-type"), text.text]).toEqual(["text/plain", "done"]);
    expect((await post("/runs/any", { a: [1], tags: ["x", "y"] })).body).toEqual({
      ok: true,
      who: "Ada",
      input: { a: [1], tags: ["x", "y"] },
    });
  });
});

test.each([
  ["dotnet", 500, { ClassName: "System.Exception", Message: "it was told to fail" }],
  ["nameless", 400, { resultCode: 17, errorMessage: "Please complete required fields. Name" }],
  ["message", 400, { Message: "No." }],
  ["standard", 400, { error: "invalid", error_description: "No." }],
  ["plain", 500, "Something went wrong"],
])("the failure %s at will, once", async (error, status, said) => {
  await control(sandbox, "fail", { operation: "listShips", error });
  const answer = await get("/ships");
  expect([answer.status, typeof said === "string" ? answer.text : answer.body]).toEqual([status, said]);
  expect((await get("/ships")).status).toBe(200);
});
