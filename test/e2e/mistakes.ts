import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "./project.ts";

/** A mistake, and what a person must be told about it. */
export interface Mistake {
  readonly name: string;
  readonly make: (project: TestProject) => void;
  readonly says: RegExp;
  /** `file:line:col`, or the file alone when there is nothing to point at. */
  readonly at: string;
  readonly help: RegExp;
}

/** Replaces a text of tools.yaml. */
const edit = (before: string, after: string) => (project: TestProject) => project.edit("tools.yaml", before, after);
/** Replaces the whole description. */
const spec = (text: string) => (project: TestProject) => project.write("specs/acme.yaml", text);

/** Mistakes in the Acme project, each of them one. */
export const MISTAKES: readonly Mistake[] = [
  {
    name: "no tools.yaml",
    make: ({ directory }) => rmSync(join(directory, "tools.yaml")),
    says: /there is no "tools\.yaml" in this folder/,
    at: "tools.yaml",
    help: /go to the project's folder, name the file with `--config`, or let `toolwright init` propose one/,
  },
  {
    name: "an empty tools.yaml",
    make: (project) => project.write("tools.yaml", ""),
    says: /no API is named/,
    at: "tools.yaml",
    help: /let `toolwright init openapi\.yaml` propose one/,
  },
  {
    name: "a tools.yaml that is a folder",
    make({ directory }) {
      rmSync(join(directory, "tools.yaml"));
      mkdirSync(join(directory, "tools.yaml"));
    },
    says: /"tools\.yaml" cannot be read: it is not a regular file/,
    at: "tools.yaml",
    help: /make tools\.yaml a regular file/,
  },
  {
    name: "malformed YAML",
    make: edit("    title: Acme\n", "   title: Acme\n"),
    says: /not valid YAML: /,
    at: "tools.yaml:3:11",
    help: /mend the indentation below/,
  },
  {
    name: "an unquoted variable",
    make: edit('bearer: "${ACME_TOKEN}"', "bearer: ${ACME_TOKEN}"),
    says: /`\$\{ACME_TOKEN\}` needs quotes/,
    at: "tools.yaml:6:35",
    help: /write `"\$\{ACME_TOKEN\}"`/,
  },
  {
    name: "a text with a colon within braces",
    make: edit("operation: getTicket", "annotations: { title: Note: one }"),
    says: /not valid YAML: a colon and a space begin another key/,
    at: "tools.yaml:19:31",
    help: /put quotes around a text with a colon in it/,
  },
  {
    name: "an address for a description",
    make: edit("spec: specs/acme.yaml", "spec: https://acme.example/openapi.json"),
    says: /an address stands where a file of the project is named: nothing is read from the network/,
    at: "tools.yaml:4:11",
    help: /save the description in specs\/ and name that file; `toolwright init ADDRESS` saves one/,
  },
  {
    name: "a tool that is nothing but its operation",
    make: edit(
      "get_ticket:\n        description: One ticket with its text.\n        operation: getTicket",
      "get_ticket: getTicket",
    ),
    says: /a mapping is expected here, not the text "getTicket"/,
    at: "tools.yaml:17:19",
    help: /write `get_ticket: \{ operation: getTicket \}`/,
  },
  {
    name: "a page size that is a number",
    make: edit("size: { parameter: per_page, max: 100 }", "size: 100"),
    says: /a mapping is expected here, not the number 100/,
    at: "tools.yaml:10:34",
    help: /write `\{ parameter: per_page, max: 100 \}`/,
  },
  {
    name: "an unknown key",
    make: edit("description: Create a ticket.", "descripton: Create a ticket."),
    says: /there is no setting "descripton" here/,
    at: "tools.yaml:21:9",
    help: /write `description:`/,
  },
  {
    name: "an operation that does not exist",
    make: edit("operation: getTicket", "operation: getTickt"),
    says: /no operation "getTickt" in specs\/acme\.yaml/,
    at: "tools.yaml:19:20",
    help: /write `operation: getTicket`/,
  },
  {
    name: "a path that does not exist",
    make: edit("operation: GET /tickets", "operation: GET /ticket"),
    says: /no operation "GET \/ticket" in specs\/acme\.yaml/,
    at: "tools.yaml:14:20",
    help: /write `operation: GET \/tickets`/,
  },
  {
    name: "two tools of one name",
    make: edit("      create_ticket:", "      get_ticket:"),
    says: /the key `get_ticket` is given twice|two tools are called "get_ticket"/,
    at: "tools.yaml:20:7",
    help: /correct the YAML at this place|rename one of the two/,
  },
  {
    name: "two tools that differ in capitals only",
    make: edit("      create_ticket:", "      Get_Ticket:"),
    says: /two tools are called "Get_Ticket"/,
    at: "tools.yaml:20:7",
    help: /rename one of the two tools/,
  },
  {
    name: "an unknown argument",
    make: edit("operation: createTicket", "operation: createTicket\n        arguments: [subject, boddy]"),
    says: /POST \/tickets has no parameter or body property "boddy"/,
    at: "tools.yaml:23:30",
    help: /write `body`/,
  },
  {
    name: "an unknown parameter",
    make: edit("operation: getTicket", "operation: getTicket\n        parameters: { tickt_id: { rename: id } }"),
    says: /GET \/tickets\/\{ticket_id\} has no parameter or body property "tickt_id"/,
    at: "tools.yaml:20:23",
    help: /write `ticket_id`/,
  },
  {
    name: "an argument of an example that its tool does not take",
    make: (project) => project.write("tools.yaml", `${project.read("tools.yaml")}${EXAMPLE}`),
    says: /"get_ticket" has no argument "id"/,
    at: "tools.yaml:26:47",
    help: /write `ticket_id`|remove "id"/,
  },
  {
    name: "a bad value",
    make: edit("operation: GET /tickets", "operation: GET /tickets\n        limit: { default: many }"),
    says: /a whole number of at least 1 is expected here, not the text "many"/,
    at: "tools.yaml:15:27",
    help: /write `1`/,
  },
  {
    name: "a word that is none of a few",
    make: edit("operation: createTicket", "operation: createTicket\n        body: flat"),
    says: /flatten, whole or array is expected here, not the text "flat"/,
    at: "tools.yaml:23:15",
    help: /write `flatten`/,
  },
  {
    name: "a limit that is none",
    make: edit("100}/minute", "100}/fortnight"),
    says: /is expected here, not the text ".*fortnight"/,
    at: "tools.yaml:7:23",
    help: /100\/minute/,
  },
  {
    name: "a paging rule that is not there",
    make: edit("pagination: pages", "pagination: page"),
    says: /there is no pagination rule "page"/,
    at: "tools.yaml:15:21",
    help: /write `pages`/,
  },
  {
    name: "a description that is not there",
    make: ({ directory }) => renameSync(join(directory, "specs/acme.yaml"), join(directory, "specs/other.yaml")),
    says: /there is no file "specs\/acme\.yaml"/,
    at: "tools.yaml:4:11",
    help: /put the file at specs\/acme\.yaml, or correct the path/,
  },
  {
    name: "a page of HTML for a description",
    make: spec("<!doctype html>\n<html><title>Sign in</title></html>\n"),
    says: /"specs\/acme\.yaml" is not an OpenAPI description: it looks like a page of HTML/,
    at: "tools.yaml:4:11",
    help: /name the file itself: on a code host/,
  },
  {
    name: "a JSON array for a description",
    make(project) {
      project.write("specs/acme.json", "[1, 2]\n");
      project.edit("tools.yaml", "specs/acme.yaml", "specs/acme.json");
    },
    says: /"specs\/acme\.json" is not an OpenAPI description: it looks like a list/,
    at: "tools.yaml:4:11",
    help: /name a file that begins with `openapi: /,
  },
  {
    name: "JSON that is cut off",
    make(project) {
      project.write("specs/acme.json", '{\n  "openapi": "3.1.0",\n  "info": {\n');
      project.edit("tools.yaml", "specs/acme.yaml", "specs/acme.json");
    },
    says: /not valid JSON: /,
    at: "specs/acme.json:4:1",
    help: /correct the JSON at this place/,
  },
  {
    name: "Swagger 1.2",
    make: spec('swagger: "1.2"\ninfo: { title: Acme, version: "1" }\npaths: {}\n'),
    says: /Swagger 1\.2 is not supported; Swagger 2\.0 and OpenAPI 3\.0, 3\.1 and 3\.2 are/,
    at: "specs/acme.yaml:1:10",
    help: /convert the description to OpenAPI 3\.1/,
  },
];

const EXAMPLE = `    examples:
      - ask: Show me ticket 1.
        calls: [{ get_ticket: { ticket_id: 1, id: 1 } }]
`;
