import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readToolsFile } from "../../../src/generator/tools-file/read-tools-file.ts";

/** A project folder with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "tools-file-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What is said of a tools.yaml: code, pointer, message. */
async function problems(text: string): Promise<string[]> {
  const { diagnostics } = await readToolsFile(project({ "tools.yaml": text }));
  return diagnostics.map(
    ({ code, at, message, help }) => `${code} ${at.pointer}${at.key ? " (key)" : ""}: ${message}. ${help}`,
  );
}

/** A tools.yaml with one API, whose settings are replaced by these. */
function withApi(settings: string): string {
  return `apis:\n  acme:\n    spec: specs/acme.yaml\n    servers: { api: { url: "https://acme.example" } }\n    tools: { ping: { operation: GET /ping } }\n${settings}\n`;
}

/** A tools.yaml with one tool of these settings. */
function withTool(settings: string): string {
  return `apis: { acme: { spec: s.yaml, servers: { api: { url: "https://a.example" } }, tools: { t: ${settings} } } }\n`;
}

test("reads an API with its tools, each with its place", async () => {
  const { config, sources, diagnostics } = await readToolsFile(project({ "tools.yaml": withApi("") }));
  expect(diagnostics).toEqual([]);
  expect(config?.apis[0]).toMatchObject({
    name: "acme",
    origin: { file: "tools.yaml", pointer: "/apis/acme" },
    tools: [{ name: "ping", origin: { pointer: "/apis/acme/tools/ping" }, settings: { operation: "GET /ping" } }],
    files: ["tools.yaml"],
  });
  expect([...sources.keys()]).toEqual(["tools.yaml"]);
});

test("tools may stand in a file of their own, and share parts by aliases", async () => {
  const folder = project({
    "tools.yaml": withApi("").replace("tools: { ping: { operation: GET /ping } }", "tools: ./specs/tools.yaml"),
    "specs/tools.yaml":
      "a: { operation: GET /a, result: &row { fields: [id] } }\nb: { operation: GET /b, result: *row }\n",
  });
  const { config, diagnostics } = await readToolsFile(folder);
  expect(diagnostics).toEqual([]);
  expect(config?.files).toEqual(["tools.yaml", "specs/tools.yaml"]);
  expect(config?.apis[0]?.tools.map(({ origin, settings }) => [origin, settings.result?.fields])).toEqual([
    [{ file: "specs/tools.yaml", pointer: "/a" }, ["id"]],
    [{ file: "specs/tools.yaml", pointer: "/b" }, ["id"]],
  ]);
});

test("a slip in one tool hides no other tool", async () => {
  const { config, diagnostics } = await readToolsFile(
    project({ "tools.yaml": withApi("").replace("ping: {", "pong: { operaton: x }, ping: {") }),
  );
  expect(config?.apis[0]?.tools.map(({ name }) => name)).toEqual(["ping"]);
  expect(config?.apis[0]?.brokenTools).toEqual(["pong"]);
  expect(diagnostics.map(({ at }) => at.pointer)).toContain("/apis/acme/tools/pong/operaton");
});

test("a missing tools.yaml is one message", async () => {
  const { config, diagnostics } = await readToolsFile(project({}));
  expect(config).toBeUndefined();
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'TOOLS_FILE_NOT_FOUND there is no "tools.yaml" in this folder',
  ]);
});

const texts = [
  { name: "nothing in it", text: "", want: ["NO_APIS : no API is named"] },
  { name: "no API", text: "apis: {}", want: ["NO_APIS /apis: no API is named"] },
  { name: "a list", text: "- 1", want: ["INVALID_SETTING : a mapping is expected here, not a list"] },
  { name: "cut off", text: "apis: [", want: ["SYNTAX_ERROR : not valid YAML"] },
  {
    name: "a doubled key",
    text: "apis: {}\napis: {}\n",
    want: ["SYNTAX_ERROR : not valid YAML: the key `apis` is given twice"],
  },
  { name: "an alias of nothing", text: "apis: *a\n", want: ["SYNTAX_ERROR : not valid YAML: `*a` stands for nothing"] },
  {
    name: "an unquoted variable in a flow mapping",
    text: "apis: { acme: { credentials: { k: { bearer: ${ACME_KEY} } } } }\n",
    want: [
      'UNQUOTED_VARIABLE : `${ACME_KEY}` needs quotes: YAML takes the braces for a mapping. write `"${ACME_KEY}"`',
    ],
  },
  {
    name: "an unquoted variable in a flow list",
    text: "calls: [${A:-1}/minute, 5/day]\n",
    want: ["UNQUOTED_VARIABLE : `${A:-1}/minute` needs quotes"],
  },
  {
    name: "an unquoted path with a parameter in a flow mapping",
    text: "t: { operation: GET /tickets/{id}/notes, title: A }\n",
    want: [
      'UNQUOTED_VARIABLE : `GET /tickets/{id}/notes` needs quotes: YAML takes the braces for a mapping. write `"GET /tickets/{id}/notes"`',
    ],
  },
  {
    name: "an unquoted server in a flow mapping",
    text: "servers: { api: { url: https://{domain}/v2 } }\n",
    want: ["UNQUOTED_VARIABLE : `https://{domain}/v2` needs quotes"],
  },
  {
    name: "an unknown setting",
    text: withApi("    titel: Acme"),
    want: ['INVALID_SETTING /apis/acme/titel (key): there is no setting "titel" here. write `title:`'],
  },
  {
    name: "settings of a wrong type",
    text: withApi("    title: 5\n    limits: { calls: 100 per minute }"),
    want: [
      "INVALID_SETTING /apis/acme/title: a text is expected here, not the number 5",
      'INVALID_SETTING /apis/acme/limits/calls: a limit is expected here, not the text "100 per minute". write `100/minute`',
    ],
  },
  {
    name: "a missing setting",
    text: "apis: { acme: { spec: a.yaml, tools: {} } }",
    want: [
      'INVALID_SETTING /apis/acme (key): the setting "servers" is missing. add `servers: { api: { url: "https://api.acme.com/v1" } }`',
    ],
  },
  {
    name: "no tools",
    text: 'apis: { acme: { spec: a.yaml, servers: { api: { url: "https://a.example" } } } }',
    want: ['INVALID_SETTING /apis/acme (key): the setting "tools" is missing. add `tools: specs/acme/tools.yaml`'],
  },
  {
    name: "an API whose name is no folder",
    text: "apis: { ../acme: 1 }",
    want: [
      'INVALID_SETTING /apis/..~1acme (key): a name of small letters, digits, _ and - is expected here, not the text "../acme"',
      "INVALID_SETTING /apis/..~1acme: a mapping is expected here, not the number 1",
    ],
  },
  {
    name: "a variable that is none",
    text: withApi('    credentials: { k: { bearer: "${acme-key}" } }'),
    want: [
      "INVALID_SETTING /apis/acme/credentials/k/bearer: a variable such as ${ACME_KEY} or ${ACME_KEY:-fallback} is expected here",
    ],
  },
  {
    name: "T35 a secret in the file",
    text: withApi("    credentials: { k: { bearer: abc123 } }"),
    want: [
      "INVALID_SETTING /apis/acme/credentials/k: a variable of the environment is expected here, not a secret in this file",
    ],
  },
  {
    name: "T10 a header's name with a line break",
    text: withApi('    credentials: { k: { headers: { "X-A\\r\\nB": "${K}" } } }'),
    want: ["INVALID_SETTING /apis/acme/credentials/k/headers/X-A\r\nB (key): a header name is expected here"],
  },
  {
    name: "two ways to prove who we are",
    text: withApi('    credentials: { k: { bearer: "${A}", query: { key: "${B}" } } }'),
    want: [
      "INVALID_SETTING /apis/acme/credentials/k: one of `basic`, `bearer`, `headers`, `query` and `oauth2` is expected here, not 2 of them",
    ],
  },
  {
    name: "a rule of paging without a size",
    text: withApi("    pagination: { p: { page: page, end: link } }"),
    want: [
      "INVALID_SETTING /apis/acme/pagination/p: a `size` is expected here, not a mapping. write `size: { parameter: per_page, max: 100 }`",
    ],
  },
  {
    name: "an end of paging that does not exist",
    text: withApi("    pagination: { p: { page: page, size: { fixed: 1 }, end: liink } }"),
    want: [
      'INVALID_SETTING /apis/acme/pagination/p/end: link, short-page or single is expected here, not the text "liink"',
    ],
  },
  {
    name: "neither operation nor routes",
    text: withTool("{}"),
    want: [
      "INVALID_SETTING /apis/acme/tools/t: `operation`, `routes`, `steps`, `request` or `action` is expected here, not none of them. write `operation: GET /tickets`",
    ],
  },
  {
    name: "a value of what is an argument as well",
    text: withTool("{ operation: GET /a, parameters: { x: { value: 1, rename: y } } }"),
    want: [
      "INVALID_SETTING /apis/acme/tools/t/parameters/x: `value` without what only an argument has is expected here, not `rename` beside it",
    ],
  },
  {
    name: "a body of which nobody knows how its parts are told apart",
    text: withTool(
      "{ steps: [{ stepId: a, request: { method: POST, path: /a, body: { x: 1 }, content_type: multipart/* } }] }",
    ),
    want: [
      "INVALID_SETTING /apis/acme/tools/t/steps/0/request/content_type: a media type that can be written is expected here, not `multipart/*`. write `multipart/form-data`",
    ],
  },
  {
    name: "a pointer without its slash",
    text: withTool("{ operation: GET /a, result: { items: tickets } }"),
    want: [
      'INVALID_SETTING /apis/acme/tools/t/result/items: a JSON Pointer is expected here, not the text "tickets". write `/tickets`',
    ],
  },
  {
    name: "T07 a key that is a prototype",
    text: withTool("{ operation: GET /a, parameters: { __proto__: { hide: true } } }"),
    want: [
      "INVALID_SETTING /apis/acme/tools/t/parameters/__proto__ (key): another name is expected here, not `__proto__`",
    ],
  },
  {
    name: "braces of a template without quotes",
    text: withTool("{ operation: GET /a, description: {{name}} }"),
    want: [
      "INVALID_SETTING /apis/acme/tools/t/description/[object Object] (key): a name is expected here, not a mapping in braces; quote it if it is a text",
    ],
  },
];

test.each(texts)("$name", async ({ text, want }) => {
  const said = await problems(text);
  expect(said).toHaveLength(want.length);
  for (const [index, start] of want.entries()) expect(said[index]).toContain(start);
});

test("T06 a YAML bomb is refused at once", { retry: 2 }, async () => {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [index, name] of [..."bcdefghi"].entries()) {
    const before = "abcdefgh"[index] ?? "";
    lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`);
  }
  const start = performance.now();
  expect((await problems(lines.join("\n")))[0]).toMatch(/^YAML_ALIAS_LIMIT/);
  expect(performance.now() - start).toBeLessThan(1000);
});

test.each([
  { name: "T03 above the project", file: "../tools.yaml", want: "FILE_OUTSIDE_PROJECT" },
  { name: "T03 an absolute path", file: "/etc/passwd", want: "FILE_OUTSIDE_PROJECT" },
  { name: "T03 a symbolic link that leaves the project", file: "link.yaml", want: "FILE_OUTSIDE_PROJECT" },
  { name: "not YAML by its name", file: "tools.txt", want: "UNKNOWN_FILE_KIND" },
  { name: "missing", file: "specs/none.yaml", want: "FILE_NOT_FOUND" },
])("a file of tools: $name", async ({ file, want }) => {
  const folder = project({
    "tools.yaml": `apis: { acme: { spec: s.yaml, servers: { api: { url: "https://a.example" } }, tools: ${file} } }`,
    "tools.txt": "",
  });
  symlinkSync(join(project({ "secret.yaml": "a: 1" }), "secret.yaml"), join(folder, "link.yaml"));
  const { diagnostics, config } = await readToolsFile(folder);
  expect(diagnostics.map(({ code, at }) => `${code} ${at.pointer}`)).toEqual([`${want} /apis/acme/tools`]);
  expect(config).toBeUndefined();
});
