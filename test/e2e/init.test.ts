import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";
import { downloadSpec } from "../../src/cli/init/download.ts";
import { ask } from "../../src/cli/init/questions.ts";
import { CLI, ownEnvironment } from "./server.ts";

const CASES = resolve(import.meta.dirname, "../golden-init");
const DESK = join(CASES, "help_desk/openapi.yaml");

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "toolwright-init-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(cwd: string, ...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    encoding: "utf8",
    env: ownEnvironment(),
    timeout: 20_000,
    input: "",
  });
  return { code: status, out: stdout, err: stderr };
}

/** The same without blocking this process, for a server that runs in it. */
async function runBeside(cwd: string, ...args: string[]): Promise<Ran> {
  const child = endedWithTests(
    spawn(process.execPath, [...WATCHING_PARENT, CLI, ...args], {
      cwd,
      env: ownEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  const [code] = (await once(child, "close")) as [number | null]; // what `close` hands over
  return { code, out: Buffer.concat(out ?? []).toString(), err: Buffer.concat(err ?? []).toString() };
}

interface Recorder {
  readonly url: string;
  readonly requests: { readonly url: string | undefined; readonly headers: NodeJS.Dict<string | string[]> }[];
}

async function vendor(answer: RequestListener): Promise<Recorder> {
  const requests: Recorder["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url, headers: request.headers });
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }; // it listens on a port
}

test("from a description to generated tools, without a terminal and without a question", () => {
  const project = folder();
  const made = run(project, "init", DESK);
  expect(made.err).toBe("");
  expect(made.code).toBe(0);
  expect(made.out).toContain("wrote specs/acme_desk/openapi.yaml, tools.yaml");
  expect(made.out).toContain("set   ACME_DESK_DOMAIN, ACME_DESK_API_KEY");
  expect(
    made.out
      .trim()
      .split("\n")
      .slice(-3)
      .map((line) => line.trim()),
  ).toEqual(["toolwright generate", "toolwright tools acme_desk", "toolwright call list_tickets --dry-run"]);
  expect(readFileSync(join(project, "specs/acme_desk/openapi.yaml"), "utf8")).toBe(readFileSync(DESK, "utf8"));
  const generated = run(project, "generate");
  expect(generated.code, generated.err).toBe(0);
  const { tools } = JSON.parse(readFileSync(join(project, "generated/acme_desk/catalog.json"), "utf8")) as {
    tools: { name: string }[];
  }; // ours
  expect(tools.map(({ name }) => name)).toEqual([
    "close_ticket",
    "create_ticket",
    "delete_ticket",
    "get_ticket",
    "list_ticket_notes",
    "list_tickets",
    "search_tickets",
    "update_ticket",
  ]);
});

test("a second API joins the first, whose lines stay as they are", () => {
  const project = folder();
  run(project, "init", DESK, "--name", "desk");
  const before = `${readFileSync(join(project, "tools.yaml"), "utf8")}    # a comment of mine\n`;
  writeFileSync(join(project, "tools.yaml"), before);
  expect(run(project, "init", join(CASES, "music_store/openapi.yaml"), "--all", "--yes").code).toBe(0);
  const after = readFileSync(join(project, "tools.yaml"), "utf8");
  expect(after.startsWith(before.trimEnd())).toBe(true);
  expect(run(project, "generate").code).toBe(0);
  expect(existsSync(join(project, "generated/music_store/index.ts"))).toBe(true);
  const again = run(project, "init", DESK, "--name", "desk");
  expect(again.code).toBe(1);
  expect(again.err).toContain('tools.yaml has an API "desk" already');
  expect(readFileSync(join(project, "tools.yaml"), "utf8")).toBe(after);
});

test("a description within the project is used where it is; --dir makes a folder", () => {
  const project = folder();
  mkdirSync(join(project, "vendor"));
  cpSync(DESK, join(project, "vendor/desk.yaml"));
  expect(run(project, "init", "vendor/desk.yaml").out).toContain("wrote tools.yaml\n");
  expect(readFileSync(join(project, "tools.yaml"), "utf8")).toContain("spec: vendor/desk.yaml");
  const elsewhere = run(project, "init", DESK, "--dir", "new/place");
  expect(elsewhere.out).toContain("cd new/place");
  expect(run(join(project, "new/place"), "generate").code).toBe(0);
});

test("the files that a description refers to come along", () => {
  const source = folder();
  mkdirSync(join(source, "shared"));
  writeFileSync(
    join(source, "main.yaml"),
    'openapi: 3.0.3\ninfo: { title: Parts, version: "1" }\nservers: [{ url: https://parts.example }]\npaths: { /parts: { $ref: "shared/parts.yaml" } }\n',
  );
  writeFileSync(
    join(source, "shared/parts.yaml"),
    "get: { summary: List parts, responses: { '200': { description: OK } } }\n",
  );
  writeFileSync(join(source, "shared/other.yaml"), "secret: true\n");
  const project = folder();
  expect(run(project, "init", join(source, "main.yaml")).out).toContain(
    "wrote specs/parts/main.yaml, specs/parts/shared/parts.yaml, tools.yaml",
  );
  expect(existsSync(join(project, "specs/parts/shared/other.yaml"))).toBe(false);
  expect(run(project, "generate").code).toBe(0);
});

test("T03 a file outside of the description's folder is not copied, and a useless description leaves nothing behind", () => {
  const source = folder();
  mkdirSync(join(source, "spec"));
  writeFileSync(join(source, "secret.yaml"), "get: { summary: s3cret, responses: {} }\n");
  writeFileSync(
    join(source, "spec/main.yaml"),
    'openapi: 3.0.3\ninfo: { title: Parts, version: "1" }\npaths: { /parts: { get: { responses: { "200": { $ref: "../secret.yaml" } } } } }\n',
  );
  const project = folder();
  const ran = run(project, "init", join(source, "spec/main.yaml"));
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("copy the whole folder of the description into the project");
  expect(existsSync(join(project, "tools.yaml")) || existsSync(join(project, "specs"))).toBe(false);
});

/** What people name by mistake. */
const OTHERS = {
  "desk.txt": readFileSync(DESK),
  "acme.wsdl": '<?xml version="1.0"?>\n<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>\n',
  "acme.html": "<!doctype html>\n<p>Documentation</p>\n",
  "acme.graphql": "type Query { tickets: [Ticket!]! }\n",
  "postman.json": '{ "info": { "schema": "https://schema.getpostman.com/json/collection/v2.1.0/" }, "item": [] }',
  "events.yaml": 'asyncapi: 3.0.0\ninfo: { title: Acme, version: "1" }\n',
  "empty.yaml": "",
  "bytes.json": Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]),
  "nothing.yaml": 'openapi: 3.1.0\ninfo: { title: Acme, version: "1" }\npaths: {}\n',
};

test.each([
  [["init"], 2, "name one OpenAPI description"],
  [["init", "a.yaml", "b.yaml"], 2, "name one OpenAPI description"],
  [["init", DESK, "--name", "Acme!"], 2, "cannot be the name of an API"],
  [["init", "missing.yaml"], 1, "there is no file missing.yaml"],
  [["init", "ftp://acme.example/openapi.json"], 1, "an address that begins with ftp: is not read"],
  [["init", "."], 1, "is a folder"],
  [["init", "notes.txt"], 1, "neither .yaml"],
  [["init", "desk.txt"], 1, "rename it, so that it ends in .yaml"],
  [["init", "acme.wsdl"], 1, "looks like a WSDL description"],
  [["init", "acme.html"], 1, "looks like a page of HTML"],
  [["init", "acme.graphql"], 1, "GraphQL needs no description"],
  [["init", "postman.json"], 1, "convert it to OpenAPI 3 first"],
  [["init", "events.yaml"], 1, "AsyncAPI tells of messages"],
  [["init", "empty.yaml"], 1, "looks like an empty file"],
  [["init", "bytes.json"], 1, "it is not UTF-8"],
  [["init", "nothing.yaml"], 1, "name the one that has the vendor's `paths:`"],
  [["init", "list.yaml"], 1, "is not an OpenAPI description"],
  [["init", "https://user:secret@acme.example/openapi.json"], 1, "none is ever sent"],
])("%j ends with %i", (args, code, says) => {
  const project = folder();
  writeFileSync(join(project, "notes.txt"), "call them\n");
  writeFileSync(join(project, "list.yaml"), "- 1\n");
  for (const [file, text] of Object.entries(OTHERS)) writeFileSync(join(project, file), text);
  const ran = run(project, ...args);
  expect(ran.code).toBe(code);
  expect(ran.err).toContain(says);
  expect(existsSync(join(project, "tools.yaml"))).toBe(false);
});

test("T04 an address is read without credentials, and its query is not kept", async () => {
  const { url, requests } = await vendor((request, response) => {
    if (request.url === "/spec?key=s3cret") response.writeHead(302, { location: "/real/openapi" }).end();
    else response.end(readFileSync(DESK));
  });
  const project = folder();
  const ran = await runBeside(project, "init", `${url}/spec?key=s3cret`, "--yes");
  expect(ran.code, ran.err).toBe(0);
  expect(requests.map(({ headers }) => [headers["authorization"], headers["cookie"]])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  const text = readFileSync(join(project, "tools.yaml"), "utf8");
  expect(text).toContain(`# From ${url}/spec\n`);
  expect(text).not.toContain("s3cret");
  expect(run(project, "generate").code).toBe(0);
});

test("T04 a redirect to another server is not followed", async () => {
  const other = await vendor((_, response) => response.end("{}"));
  const first = await vendor((_, response) => response.writeHead(302, { location: `${other.url}/openapi.json` }).end());
  await expect(downloadSpec(`${first.url}/openapi.json`)).rejects.toThrow("another server is not followed");
  expect(other.requests).toEqual([]);
});

test.each([
  ["redirects in circles", 302],
  ["answers 404", 404],
])("T04 an address that %s is no description", async (says, status) => {
  const { url } = await vendor((_, response) => response.writeHead(status, { location: "/again" }).end());
  await expect(downloadSpec(url)).rejects.toThrow(says);
});

test("T04 what is too large, too slow or no description is refused", async () => {
  const large = await vendor((_, response) => response.end("x".repeat(2_000_000)));
  await expect(downloadSpec(large.url, { maxBytes: 1_048_576, timeoutMs: 5000 })).rejects.toThrow("larger than 1 MiB");
  const slow = await vendor(() => {});
  await expect(downloadSpec(slow.url, { maxBytes: 1_048_576, timeoutMs: 100 })).rejects.toThrow("TimeoutError");
  const page = await vendor((_, response) => response.end("<!doctype html>"));
  await expect(downloadSpec(page.url)).rejects.toThrow("is a web page");
});

test("a person is asked for the name, the way in, and whether to write", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = "";
  output.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  const credentials = [
    { name: "token", told: "token: bearer" },
    { name: "login", told: "login: basic" },
  ];
  const answers = ask({ name: "acme", taken: ["acme"], credentials }, { input, output });
  for (const line of ["Not A Name", "acme", "desk", "7", "2", "maybe", "n"]) {
    await new Promise((done) => setTimeout(done, 20));
    input.write(`${line}\n`);
  }
  expect(await answers).toEqual({ name: "desk", credential: "login", readOnly: true });
  expect(shown).toContain("a name is a small letter");
  expect(shown).toContain("Name of the API [acme_2]");
  expect(shown).toContain("tools.yaml has an API of that name already");
  expect(shown).toContain("write y or n");
});

test("the end of the input stops the questions", async () => {
  const input = new PassThrough();
  const answers = ask({ name: "acme", taken: [], credentials: [] }, { input, output: new PassThrough() });
  input.end();
  await expect(answers).rejects.toThrow("nothing was written");
});

test("diff mends the newer description by the overlays that mend the one in use", () => {
  const project = folder();
  run(project, "init", DESK, "--name", "desk");
  const overlay = `overlay: 1.0.0
info: { title: Mend, version: "1" }
actions:
  - { target: "$.paths['/api/v2/tickets/{id}/close'].post", update: { summary: Close it. } }
`;
  writeFileSync(join(project, "specs/desk/overlay.yaml"), overlay);
  const tools = join(project, "tools.yaml");
  const spec = /( +)spec: .*/.exec(readFileSync(tools, "utf8"));
  writeFileSync(
    tools,
    readFileSync(tools, "utf8").replace(
      /( +)spec: .*/,
      `${spec?.[0]}\n${spec?.[1]}overlays: [specs/desk/overlay.yaml]`,
    ),
  );
  expect(run(project, "diff", "--spec", DESK).out).toContain("desk: nothing changes");
  const newer = join(folder(), "newer.yaml");
  writeFileSync(newer, readFileSync(DESK, "utf8").replace("/tickets/{id}/close", "/tickets/{id}/finish"));
  const ran = run(project, "diff", "--spec", newer, "desk");
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("OVERLAY_TARGET_NOT_FOUND");
  expect(ran.out).toMatch(/^breaking: close_ticket/);
});

test("diff exits with 1 when something breaks, and tells both places", () => {
  const project = folder();
  run(project, "init", DESK, "--name", "desk");
  expect(run(project, "diff", "--spec", DESK).out).toContain("desk: nothing changes");
  const newer = join(project, "newer.yaml");
  writeFileSync(
    newer,
    readFileSync(DESK, "utf8")
      .replace("required: [subject]", "required: [subject, status]")
      .replace("/tickets/{id}/close", "/tickets/{id}/finish"),
  );
  const ran = run(project, "diff", "--spec", "newer.yaml", "desk");
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("breaking: close_ticket: POST /api/v2/tickets/{id}/close is gone");
  expect(ran.out).toContain("breaking: create_ticket: the argument `status` is required now");
  expect(ran.out).toMatch(/--> specs\/desk\/openapi\.yaml:\d+:\d+\n {2}--> newer\.yaml:\d+:\d+/);
  expect(ran.out).toContain("desk: 2 breaking, 1 additive, 0 wording");
  const rows = JSON.parse(run(project, "diff", "--spec", "newer.yaml", "--json").out) as { weight: string }[]; // ours
  expect(rows.map(({ weight }) => weight)).toEqual(["breaking", "breaking", "additive"]);
  expect(run(project, "diff", "desk").code).toBe(2);
});
