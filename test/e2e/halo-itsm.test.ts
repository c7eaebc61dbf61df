import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, callerOf, rowsOf } from "./halo-clients.ts";

describe.each([
  ["stdio", "SDK v2, 2026-07-28"],
  ["http", "SDK v2, 2026-07-28"],
  ["stdio", "SDK v1"],
] as const)("HaloITSM over %s with %s", (transport, kind) => {
  let halo: Caller;
  beforeAll(async () => {
    halo = await callerOf("halo-itsm", transport, kind);
  });
  afterAll(async () => await halo?.close());

  test("the guide's own: the open tickets report, and the oldest of Acorn Construction to me", async () => {
    const first = await halo.ok("CF_get_open_tickets");
    expect(first["total"]).toBe(2_008);
    expect(rowsOf(first).map((row) => row["Ticket ID"])).not.toContain(4713);
    const oldest = await halo.ok("CF_get_open_tickets", {
      filter: { Customer: "Acorn Construction" },
      sort: "Opened",
      limit: 1,
    });
    const [row] = rowsOf(oldest);
    expect(row).toMatchObject({ "Ticket ID": 4713, Agent: "Unassigned" });
    expect(await halo.ok("assign_to_me", { ticket_id: 4713 })).toMatchObject({ id: 4713, agent_id: 7 });
    expect(rowsOf(await halo.ok("my_tickets")).map(({ id }) => id)).toContain(4713);

    const resolved = rowsOf(await halo.ok("list_statuses")).find(({ name }) => name === "Resolved");
    expect(await halo.ok("log_time", { ticket_id: 4713, hours: 0.25, note: "Changed the cable." })).toMatchObject({
      timetaken: 0.25,
    });
    await halo.ok("add_note", { ticket_id: 4713, note: "The cable was worn out.", status_id: resolved?.["id"] });
    expect(await halo.ok("get_ticket", { ticket_id: 4713 })).toMatchObject({
      status_name: "Resolved",
      agent_name: "Maya Lindqvist",
    });
    const actions = rowsOf(await halo.ok("list_ticket_actions", { ticket_id: 4713 }));
    expect(actions.map(({ note, who }) => [note, who])).toEqual(
      expect.arrayContaining([
        ["Changed the cable.", "Maya Lindqvist"],
        ["The cable was worn out.", "Maya Lindqvist"],
      ]),
    );
    const left = await halo.ok("CF_get_open_tickets", { filter: { "Ticket ID": 4713 } });
    expect(left["total"]).toBe(0);
  });

  test("tickets are found, logged, changed, answered and, once a person agreed, deleted", async () => {
    const [client] = rowsOf(await halo.ok("search_clients", { search: "acorn" }));
    const [site] = rowsOf(await halo.ok("search_sites", { client_id: client?.["id"], search: "yard" }));
    const [user] = rowsOf(await halo.ok("search_users", { search: "omar" }));
    const [asset] = rowsOf(await halo.ok("search_assets", { search: "ACN-LT" }));
    const types = rowsOf(await halo.ok("list_ticket_types"));
    const incident = types.find(({ name }) => name === "Incident");
    const ticket = await halo.ok("create_ticket", {
      summary: "The gate does not open",
      client_id: client?.["id"],
      site_id: site?.["id"],
      user_id: user?.["id"],
      tickettype_id: incident?.["id"],
      assets: [{ id: asset?.["id"] }],
      custom_fields: [{ name: "CFBuilding", value: "Gate" }],
      deadline: "2026-12-01T17:00:00Z",
    });
    expect(ticket).toMatchObject({ client_name: "Acorn Construction", user_name: "Omar Haddad", agent_id: 1 });
    const ticket_id = ticket["id"];
    const agents = rowsOf(await halo.ok("list_agents", { search: "tom" }));
    await halo.ok("update_ticket", { ticket_id, agent_id: agents[0]?.["id"], priority_id: 2 });
    expect(await halo.ok("get_ticket", { ticket_id })).toMatchObject({
      agent_name: "Tom Okafor",
      customfields: [{ name: "CFBuilding", value: "Gate" }],
      assets: [{ id: asset?.["id"] }],
    });
    await halo.ok("reply_to_user", { ticket_id, message: "We are on our way." });
    expect(await halo.ok("attach_file", { ticket_id, file: { name: "gate.txt", base64: "aGVsbG8=" } })).toMatchObject({
      filename: "gate.txt",
    });
    const found = await halo.ok("search_tickets", { search: "gate", open_only: true, client_id: client?.["id"] });
    expect(rowsOf(found).map(({ id }) => id)).toContain(ticket_id);
    expect(await halo.fails("delete_ticket", { ticket_id, reason: "a test" })).toMatch(/confirm/);
    await halo.ok("delete_ticket", { ticket_id, reason: "a test", confirm: true });
    expect(await halo.fails("get_ticket", { ticket_id })).toContain("404");
  });

  test("knowledge, files, reports, runbooks and custom functions", async () => {
    const [article] = rowsOf(await halo.ok("search_knowledge", { search: "VPN" }));
    expect(await halo.ok("get_knowledge_article", { article_id: article?.["id"] })).toMatchObject({
      name: "VPN closes again and again",
    });
    expect(await halo.ok("get_attachment", { attachment_id: 501 })).toMatchObject({
      mime_type: "image/png",
      name: "vpn-error.png",
    });
    const reports = rowsOf(await halo.ok("list_reports", { search: "warranties" }));
    const warranties = await halo.ok("run_report", { report_id: reports[0]?.["id"], sort: "-Ends", limit: 1 });
    expect(rowsOf(warranties)).toMatchObject([{ Asset: "ACN-LT-014" }]);
    const runbook_id = "5b0f7c1e-2f63-4d0a-9a53-0d5f6a1c7e21";
    expect(await halo.ok("run_runbook", { runbook_id, input: { name: "x" } })).toMatchObject({ input: { name: "x" } });
    const employee = {
      name: "Jonas Weber",
      start_date: "2026-12-01",
      department: "Bakery",
      manager_email: "ingrid@dunmore.example",
    };
    expect(await halo.ok("CF_onboard_employee", employee)).toMatchObject({ status: "started", input: employee });
    const lost = { summary: "Laptop lost", details: "On the train.", user_id: 102 };
    expect(await halo.ok("CF_report_lost_device", lost)).toMatchObject({ summary: "Laptop lost" });
    expect(rowsOf(await halo.ok("CF_search_onboarding_articles", { search: "laptop" }))).toHaveLength(1);
  });

  test("what the vendor and we refuse is said so that a model can mend it", async () => {
    expect(await halo.fails("run_report", { report_id: 204 })).toContain("Invalid column name 'FaultID2'.");
    expect(await halo.fails("CF_get_open_tickets", { sort: "Openend" })).toContain("did you mean Opened?");
    expect(await halo.fails("create_ticket", { details: "no summary" })).toContain("summary");
    expect(await halo.fails("assign_to_me", { ticket_id: 99 })).toContain("404");
    expect(await halo.fails("log_time", { ticket_id: 2001, hours: 900, note: "x" })).toContain("hours");
    expect(await halo.fails("run_runbook", { runbook_id: "not-a-uuid" })).toContain("runbook");
  });

  test("these were all tools, and POST /Report is none of them", async () => {
    const names = (await halo.client.tools()).map(({ name }) => name);
    expect([...halo.called].sort()).toEqual([...names].sort());
    expect(names.length).toBe(29);
    expect(JSON.stringify(await halo.client.tools())).not.toMatch(/\bsql\b/i);
  });
});
