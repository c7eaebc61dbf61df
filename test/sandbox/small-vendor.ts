import { type Collections, createCollections } from "../../src/sandbox/collections.ts";
import { SandboxFile } from "../../src/sandbox/sandbox-file.ts";

/** The moment at which the small vendor is looked at: a day after its examples were written. */
export const NOW = Date.parse("2026-11-22T09:00:00Z");

/** Examples of the small vendor's operations. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  listTickets: {
    tickets: [
      {
        id: 7,
        number: 70,
        subject: "Screen flickers",
        text: "<p>Since <b>Monday</b>.</p>",
        plain: "Since Monday.",
        status: 2,
        tags: ["screen", "vpn"],
        fields: { floor: 3 },
        person_id: 31,
        created_at: "2026-11-20T09:00:00Z",
        updated_at: "2026-11-20T09:00:00Z",
      },
      {
        id: 8,
        number: 71,
        subject: "No sound",
        status: 4,
        tags: [],
        person_id: null,
        created_at: "2026-09-01T08:00:00+05:30",
      },
    ],
  },
  getTicket: { ticket: { id: 7, notes_count: 2, subject: "not taken" } },
  listPeople: { people: [{ id: 31, name: "John", email: "john@acme.com" }] },
  listNotes: { notes: [1, 2, 3].map((id) => ({ id, ticket_id: 7, body: `note ${id}` })) },
  getForm: {
    fields: [
      { name: "reason", required: true },
      { name: "size", required: false },
    ],
  },
};

type Input = Parameters<typeof SandboxFile.parse>[0];

/** A sandbox file with these parts in the place of its own. */
export function smallFile(parts: Readonly<Record<string, unknown>> = {}): SandboxFile {
  const error = { status: 400 };
  const file: Input = {
    title: "Small",
    spec: "openapi.yaml",
    written: "2026-11-21T09:00:00Z",
    environment: {},
    credentials: { bearer: "t" },
    rate: { perMinute: 10, headers: { "x-left": "{remaining}", "x-cost": "{cost}", "x-limit": "{limit}" } },
    errors: { invalid: error, unauthorized: error, notFound: error, rateLimited: error, methodNotAllowed: error },
    paging: { page: "page", size: "per_page", default: 30 },
    stamps: { created: "created_at", updated: "updated_at" },
    language: { quote: '"', maxLength: 40 },
    collections: {
      tickets: {
        unique: ["number"],
        seed: "listTickets",
        at: "tickets",
        also: { seed: "getTicket", at: "ticket", fields: ["notes_count"] },
        set: { kind: "ticket", label: "{id}: {subject}" },
        text: { plain: "text" },
        dates: { fields: "DD-MM-YYYY" },
        named: { tag: "{tags}", email: { one: "people", by: "person_id", value: "{email}" } },
      },
      people: { seed: "listPeople", at: "people" },
      notes: { seed: "listNotes", at: "notes" },
    },
    operations: {},
    ...parts,
  };
  return SandboxFile.parse(file);
}

/** The small vendor's memory. */
export function smallCollections(file = smallFile()): Collections {
  return createCollections(
    file,
    (operationId) => structuredClone(EXAMPLES[operationId]),
    () => NOW,
  );
}

/** The form of the small vendor. */
export const FORM = EXAMPLES["getForm"];
