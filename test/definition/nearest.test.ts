import { expect, test } from "vitest";
import { nearest } from "../../src/definition/nearest.ts";

const NAMES = ["listTickets", "getTicket", "createTicket", "deleteTicket", "ping", "GET /tickets", "GET /tickets/{id}"];

test.each([
  { given: "listTicket", want: ["listTickets"] },
  { given: "LISTTICKETS", want: ["listTickets"] },
  { given: "getTikcet", want: ["getTicket"] }, // a swap of neighbours is one mistake
  { given: "Ticket", want: ["getTicket", "listTickets", "GET /tickets"] }, // contained; the nearest lengths first
  { given: "pnig", want: ["ping"] },
  { given: "GET /ticket", want: ["GET /tickets", "getTicket"] },
  { given: "invoices", want: [] },
  { given: "", want: [] },
])("$given", ({ given, want }) => {
  expect(nearest(given, NAMES)).toEqual(want);
});

test("a name is offered once, and a name of absurd length costs nothing", () => {
  expect(nearest("pin", ["ping", "ping", "p".repeat(1_000_000)])).toEqual(["ping"]);
});
