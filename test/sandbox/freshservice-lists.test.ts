import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { FRESHSERVICE, query, requestsTo, type Ask, type Rows } from "./request.ts";

let sandbox: Sandbox;
let ask: Ask;
beforeAll(async () => {
  sandbox = await startSandbox(FRESHSERVICE, { perMinute: 100_000 });
  ask = requestsTo(sandbox);
});
afterAll(async () => await sandbox.close());

const ids = async (path: string): Promise<readonly unknown[]> => {
  const { status, body } = await ask("GET", path);
  expect({ path, status, errors: body.errors }).toMatchObject({ status: 200 });
  return (Object.values(body).find((value) => Array.isArray(value)) as Rows).map(
    (row) => row["display_id"] ?? row["id"],
  );
};

describe("lists", () => {
  test("pages are told by a Link header of the same host, and end", async () => {
    const all = await ids("/tickets?workspace_id=0&per_page=100");
    const seen: unknown[] = [];
    let path: string | undefined = "/tickets?workspace_id=0&per_page=3";
    while (path !== undefined) {
      seen.push(...(await ids(path)));
      const link: string = String((await ask("GET", path)).headers["link"] ?? "");
      const [, next]: readonly (string | undefined)[] = /^<([^>]+)>;rel="next"$/.exec(link) ?? [];
      if (link !== "") expect(next?.startsWith(`${sandbox.url}/tickets?`)).toBe(true);
      path = next?.slice(sandbox.url.length);
    }
    expect(seen).toEqual(all);
    expect(all).toHaveLength(10);
    expect(await ids("/tickets?page=400")).toEqual([]);
  });

  test("a query tells the total, pages of 30 have no size", async () => {
    const { body, headers } = await ask("GET", query("/tickets/filter", "query", "status:2"));
    expect(body["total"]).toBe((body["tickets"] as Rows).length);
    expect(headers["link"]).toBeUndefined();
    expect((await ask("GET", `${query("/tickets/filter", "query", "status:2")}&per_page=5`)).status).toBe(400);
  });

  test.each([
    query("/agents", "query", "first_name:'x'"),
    query("/requesters", "query", "first_name:'x'"),
    query("/assets", "filter", "asset_type_id:1"),
    query("/assets", "search", "name:'x'"),
  ])("%s has 40 pages and no Link header", async (path) => {
    expect((await ask("GET", `${path}&page=40`)).status).toBe(200);
    expect((await ask("GET", `${path}&page=40`)).headers["link"]).toBeUndefined();
    const { status, body } = await ask("GET", `${path}&page=41`);
    expect({ status, field: body.errors?.[0]?.["field"] }).toEqual({ status: 400, field: "page" });
  });

  test("searches tell their pages in meta", async () => {
    const { body } = await ask("GET", "/solutions/articles/search?search_term=vpn&per_page=1&page=2");
    expect(body["articles"]).toHaveLength(1);
    expect(body["meta"]).toEqual({ total_items: 2, total_pages: 2, current_page: 2 });
  });

  test("the workspace is the primary one unless asked, 0 is all", async () => {
    const [primary, hr, all] = [
      await ids("/tickets"),
      await ids("/tickets?workspace_id=3"),
      await ids("/tickets?workspace_id=0"),
    ];
    expect(await ids("/tickets?workspace_id=2")).toEqual(primary);
    expect(hr).toEqual([10241, 10240]);
    expect([...all].sort()).toEqual([...primary, ...hr].sort());
    const { workspaces } = (await ask("GET", "/workspaces")).body as { workspaces?: Rows };
    expect(workspaces?.find((row) => row["primary"] === true)?.["id"]).toBe(2);
  });

  test("tickets are those of the last 30 days, newest first; updated_since is held against the last change", async () => {
    const { body } = await ask("GET", "/tickets?workspace_id=0&per_page=100");
    const created = (body["tickets"] as Rows).map((row) => Date.parse(String(row["created_at"])));
    expect(created).toEqual([...created].sort((a, b) => b - a));
    expect(Math.min(...created)).toBeGreaterThan(Date.now() - 30 * 86_400_000 - 60_000);
    expect(await ids("/tickets?workspace_id=0&order_type=asc")).toEqual(
      (await ids("/tickets?workspace_id=0")).toReversed(),
    );
    const since = (iso: string) => ids(`/tickets?workspace_id=0&per_page=100&updated_since=${encodeURIComponent(iso)}`);
    expect(await since("2020-01-01T00:00:00Z")).toHaveLength(created.length);
    expect(await since("2099-01-01T00:00:00+05:30")).toEqual([]);
  });

  test("an address finds the tickets of a person, an unknown one none", async () => {
    expect(await ids("/tickets?email=nobody@acme.com")).toEqual([]);
    expect(await ids("/agents?email=nobody@acme.com")).toEqual([]);
    expect(await ids("/requesters?email=john@acme.com")).toEqual([21000500001]);
    expect(await ids("/tickets?email=john@acme.com")).toEqual(await ids("/tickets?requester_id=21000500001"));
  });

  test("views", async () => {
    const open = await ids("/tickets?filter=new_and_my_open");
    const { body } = await ask("GET", "/tickets?per_page=100");
    const wanted = (body["tickets"] as Rows).filter(
      (row) => row["status"] === 2 && (row["responder_id"] === null || row["responder_id"] === 21000400001),
    );
    expect(open).toEqual(wanted.map((row) => row["id"]));
    expect(open).toEqual([10238, 10234, 1023]);
    expect(await ids("/tickets?filter=spam")).toEqual([]);
  });

  test("agents: state, and starts-with in either name", async () => {
    expect((await ids("/agents?state=fulltime")).length + (await ids("/agents?state=occasional")).length).toBe(3);
    expect(await ids(query("/agents", "query", "~[first_name|last_name]:'pat'"))).toEqual([21000400002]);
    expect(await ids(query("/agents", "query", "name:'Ravi Patel' AND department_id:21000100001"))).toEqual([
      21000400002,
    ]);
  });

  test("assets: search and filter hold together", async () => {
    const filter = query("/assets", "filter", "asset_state:'In Use' AND asset_type_id:21000600002");
    expect(await ids(filter)).toEqual([102, 101]);
    const search = `search=${encodeURIComponent("\"name:'ACME-LT-001'\"")}`;
    expect(await ids(`${filter}&${search}&include=type_fields`)).toEqual([101]);
    expect(await ids(`${query("/assets", "filter", "asset_type_id:21000600003")}&${search}`)).toEqual([]);
    expect(await ids(query("/assets", "search", String.raw`name:'O\'Neil'`))).toEqual([]);
    expect(await ids(query("/assets", "search", "serial_number:'LT9Q5512B'"))).toEqual([102]);
  });

  test("ticket queries: aliases, another collection, custom fields, dates, nothing", async () => {
    const find = async (text: string) => await ids(query("/tickets/filter", "query", text));
    expect(await find("agent_id:null")).toContain(10238);
    expect(await find("tag:'boot'")).toEqual([10234]);
    expect(await find("email:'john@acme.com' AND priority:>3")).toContain(10234);
    expect(await find("users_affected:>40")).toEqual([10238]);
    expect(await find("affected_service:'wi-fi'")).toEqual([10238]);
    expect(await find("created_at:>'2099-01-01'")).toEqual([]);
  });

  test("searches find published things only, by all of the words", async () => {
    expect(await ids("/service_catalog/items/search?search_term=headset")).toEqual([]);
    expect((await ids("/solutions/articles/search?search_term=VPN%20issue")).length).toBe(2);
    expect(await ids("/solutions/articles/search?search_term=VPN%20unicorn")).toEqual([]);
  });
});

describe("shapes", () => {
  test("include adds what is asked for, and nothing else", async () => {
    const bare = (await ask("GET", "/tickets/10234")).body["ticket"] as object;
    for (const name of ["requester", "stats", "conversations", "tags", "assets"]) expect(bare).not.toHaveProperty(name);
    const full = (await ask("GET", "/tickets/10234?include=requester,stats,conversations,tags,assets")).body;
    expect(full).toMatchObject({
      ticket: {
        requester: { email: "john@acme.com", mobile: null }, // blank fields are null
        stats: { ticket_id: 10234 },
        tags: ["boot", "update"],
        assets: [{ display_id: 101, created_at: expect.stringMatching(/\+05:30$/) }], // of another zone, as the vendor has it
      },
    });
  });

  test("at most ten conversations are included; the list has all", async () => {
    const { body } = await ask("GET", "/tickets/1023?include=conversations");
    expect((body["ticket"] as { conversations: Rows }).conversations).toHaveLength(10);
    expect(await ids("/tickets/1023/conversations?per_page=100")).toHaveLength(12);
  });

  test("times are in UTC, without fractions", async () => {
    const { body } = await ask("GET", "/tickets/1023");
    expect(body["ticket"]).toMatchObject({ created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) });
  });

  test("lists of offboarding requests and catalog items are shorter than the objects", async () => {
    const requests = (await ask("GET", "/offboarding_requests")).body["offboarding_requests"] as Rows;
    expect(Object.keys(requests[0] ?? {})).not.toContain("lookup_values");
    const items = (await ask("GET", "/service_catalog/items")).body["service_items"] as Rows;
    expect(Object.keys(items[0] ?? {})).not.toContain("custom_fields");
    expect((await ask("GET", "/service_catalog/items/3")).body["service_item"]).toHaveProperty("custom_fields");
  });
});
