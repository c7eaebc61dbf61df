import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import type { Recorded } from "./recorder.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** A project in a folder of its own, outside any package: no package.json, no node_modules. */
export interface TestProject {
  readonly directory: string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Replaces a text that stands in a file once. */
  edit(file: string, before: string, after: string): void;
  /** Every file with its content and the time of its last change: equal before and after means that nothing was touched. */
  listing(): Readonly<Record<string, string>>;
  remove(): void;
}

/** A folder with these files. */
export function emptyProject(files: Readonly<Record<string, string>> = {}): TestProject {
  const directory = mkdtempSync(join(tmpdir(), "toolwright-e2e-"));
  const read = (file: string) => readFileSync(join(directory, file), "utf8");
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  return {
    directory,
    read,
    write,
    edit(file, before, after) {
      const parts = read(file).split(before);
      if (parts.length !== 2) throw new Error(`${before} stands ${parts.length - 1} times in ${file}`);
      write(file, parts.join(after));
    },
    listing() {
      const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      const shown = paths.map((path) => [
        relative(directory, path).replaceAll("\\", "/"),
        `${statSync(path).mtimeMs} ${readFileSync(path, "utf8")}`,
      ]);
      return Object.fromEntries(shown.sort());
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** The vendors that ship with the package, copied, with a description beside them that no allowlist names. */
export function shippedProject(): TestProject {
  const project = emptyProject({ "vendor.yaml": ACME_SPEC });
  for (const part of ["tools.yaml", "specs", "generated"])
    cpSync(join(ROOT, part), join(project.directory, part), { recursive: true });
  return project;
}

/** A project of an API of three tools. */
export function acmeProject(): TestProject {
  return emptyProject({ "tools.yaml": ACME_TOOLS, "specs/acme.yaml": ACME_SPEC });
}

/** What a server of Acme needs. */
export const ACME_ENVIRONMENT = { ACME_DOMAIN: "acme.example", ACME_TOKEN: "acme-secret-token" };

/** What Acme answers. */
export function acmeAnswer({ method, path, body }: Recorded): unknown {
  const tickets = [
    { id: 1, subject: "Printer on fire", state: "open", body: "It burns.", owner: null },
    { id: 2, subject: "VPN drops", state: "open", body: "Every hour.", owner: null },
  ];
  if (method === "POST" && path === "/tickets") return { id: 3, ...(JSON.parse(body) as object) };
  if (path.startsWith("/tickets?")) return { tickets };
  return tickets.find(({ id }) => path === `/tickets/${id}`);
}

const ACME_TOOLS = `apis:
  acme:
    title: Acme
    spec: specs/acme.yaml
    servers: { api: { url: "https://{domain}/v1", variables: { domain: "\${ACME_DOMAIN}" } } }
    credentials: { key: { bearer: "\${ACME_TOKEN}" } }
    limits: { calls: ["\${ACME_CALLS_PER_MINUTE:-100}/minute"] }
    identity: { agent_id: "\${ACME_AGENT_ID}" }
    pagination:
      pages: { page: page, size: { parameter: per_page, max: 100 }, end: short-page }
    tools:
      list_tickets:
        description: List tickets, newest first.
        operation: GET /tickets
        pagination: pages
        result: { items: /tickets, fields: [id, subject] }
      get_ticket:
        description: One ticket with its text.
        operation: getTicket
      create_ticket:
        description: Create a ticket.
        operation: createTicket
        annotations: { destructiveHint: false }
`;

const ACME_SPEC = `openapi: 3.1.0
info: { title: Acme, version: "1" }
paths:
  /tickets:
    get:
      operationId: listTickets
      parameters:
        - { name: state, in: query, description: Only this state., schema: { type: string, enum: [open, closed] } }
        - { name: page, in: query, schema: { type: integer } }
        - { name: per_page, in: query, schema: { type: integer } }
      responses: { 200: { description: Tickets. } }
    post:
      operationId: createTicket
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [subject]
              properties:
                subject: { type: string, description: What it is about. }
                body: { type: string, description: The whole story. }
      responses: { 201: { description: The ticket. } }
  /tickets/{ticket_id}:
    parameters:
      - { name: ticket_id, in: path, required: true, description: Its id., schema: { type: integer } }
    get:
      operationId: getTicket
      responses:
        200:
          description: The ticket.
          content: { application/json: { schema: { type: object, properties: { subject: { type: string } } } } }
    put:
      operationId: closeTicket
      responses: { 200: { description: The ticket, closed. } }
`;
