import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { loadSpec } from "../../src/spec/load-spec.ts";
import { readOverlay } from "../../src/spec/overlay/read-overlay.ts";
import { parseText } from "../../src/spec/parse-text.ts";
import { resolveOperation } from "../../src/spec/resolve-operation.ts";
import { codes, NAMED, project } from "./project.ts";

const CORPUS = resolve(import.meta.dirname, "../..", process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const SUITE = resolve(CORPUS, "../suites/oai-overlay");
const present = existsSync(SUITE);
if (!present) console.warn(`\nThe conformance set of OpenAPI Overlay is not at ${SUITE}: nothing of it is tested.\n`);

const SETS = join(SUITE, "compliant-sets");
const sets = present ? readdirSync(SETS).filter((name) => existsSync(join(SETS, name, "overlay.yaml"))) : ["none"];

test.skipIf(!present)("the conformance set has eight cases", () => expect(sets.length).toBe(8));

test.skipIf(!present).each(sets)("conformance: %s", async (name) => {
  const { spec, diagnostics } = await loadSpec({
    projectDir: join(SETS, name),
    file: "openapi.yaml",
    at: NAMED,
    overlays: [{ file: "overlay.yaml", at: NAMED }],
  });
  expect(diagnostics).toEqual([]);
  expect(spec?.source.documents.values.get("openapi.yaml")).toEqual(parsed(join(SETS, name, "output.yaml")));
});

/** The documents that the schemas of the specification accept and refuse. */
const documents = ["v1.0", "v1.1", "v1.2-dev"].flatMap((version) =>
  ["pass", "fail"].flatMap((verdict) => {
    const folder = join(SUITE, "tests", version, verdict);
    return (present ? readdirSync(folder) : []).map((file) => ({ version, verdict, file, path: join(folder, file) }));
  }),
);

test.skipIf(!present)("there are documents to accept and to refuse", () => expect(documents.length).toBe(103));

test.skipIf(!present).each(present ? documents : [{ version: "", verdict: "", file: "", path: "" }])(
  "$version $verdict $file",
  ({ verdict, path }) => {
    const { problems } = readOverlay({ value: parsed(path), origin: { file: "overlay.yaml", pointer: "" } });
    expect(problems.map(({ message }) => message).length > 0).toBe(verdict === "fail");
  },
);

const ACME = `
openapi: 3.1.0
info: { title: Acme, version: "1", contact: }
paths:
  /tickets: &tickets { get: { operationId: listTickets, tags: [a, b], parameters: [{ name: n, in: query, schema: { type: integer } }] } }
  /old: *tickets
`;

async function overlaid(actions: string, version = "1.1.0"): Promise<{ value: unknown; diagnostics: Diagnostic[] }> {
  const overlay = `overlay: ${version}\ninfo: { title: Mend, version: "1" }\nactions:\n${actions}`;
  const { spec, diagnostics } = await loadSpec({
    projectDir: project({ "specs/acme.yaml": ACME, "specs/overlay.yaml": overlay }),
    file: "specs/acme.yaml",
    at: NAMED,
    overlays: [{ file: "specs/overlay.yaml", at: NAMED }],
  });
  return { value: spec?.source.documents.values.get("specs/acme.yaml"), diagnostics };
}

const TICKETS = {
  operationId: "listTickets",
  tags: ["a", "b"],
  parameters: [{ name: "n", in: "query", schema: { type: "integer" } }],
};
const INFO = { title: "Acme", version: "1", contact: null };

/** What each kind of value does to each kind of target. */
const merges = [
  { actions: "- { target: $.info, update: { title: B, x: 1 } }", info: { ...INFO, title: "B", x: 1 } },
  { actions: "- { target: $.info.title, update: B }", info: { ...INFO, title: "B" } },
  { actions: "- { target: $.info, update: { contact: { name: A } } }", info: { ...INFO, contact: { name: "A" } } },
  { actions: "- { target: $, update: { info: } }", info: INFO },
  { actions: "- { target: $.info.contact, remove: true, update: { a: 1 } }", info: { title: "Acme", version: "1" } },
  {
    actions: "- { target: $.info, update: { x: { y: 1 } } }\n- { target: $.info.x.y, update: 2 }",
    info: { ...INFO, x: { y: 2 } },
  },
  { actions: "- { target: $.info, copy: $.info, update: { x: 1 } }", info: INFO },
  { actions: "- { target: $.info, description: Nothing. }", info: INFO },
];

test.each(merges)("$actions", async ({ actions, info }) => {
  const { value, diagnostics } = await overlaid(actions);
  expect(diagnostics.filter(({ code }) => code !== "DUPLICATE_OPERATION_ID")).toEqual([]);
  expect(value).toMatchObject({ info });
  expect(Object.keys((value as { info: object }).info)).toEqual(Object.keys(info)); // the document, as far as it is needed
});

const lists = [
  { actions: "- { target: \"$.paths['/tickets'].get.tags\", update: c }", tags: ["a", "b", "c"] },
  { actions: "- { target: \"$.paths['/tickets'].get.tags\", update: [c, d] }", tags: ["a", "b", "c", "d"] },
  { actions: "- { target: \"$.paths['/tickets'].get\", update: { tags: [c] } }", tags: ["a", "b", "c"] },
  { actions: "- { target: \"$.paths['/tickets'].get.tags[0,1,0]\", remove: true }", tags: [] },
  { actions: "- { target: \"$.paths['/tickets'].get.tags[?@ == 'a']\", remove: true }", tags: ["b"] },
];

test.each(lists)("$actions", async ({ actions, tags }) => {
  const { value } = await overlaid(actions);
  // What an alias of YAML stood for is a value of its own.
  expect(value).toMatchObject({ paths: { "/tickets": { get: { ...TICKETS, tags } }, "/old": { get: TICKETS } } });
});

test("a copy is a value of its own", async () => {
  const { value } = await overlaid(
    "- { target: $.paths, update: { /new: {} } }\n- { target: \"$.paths['/new']\", copy: \"$.paths['/tickets']\" }\n- { target: \"$.paths['/new'].get.tags\", update: c }",
  );
  expect(value).toMatchObject({
    paths: { "/tickets": { get: TICKETS }, "/new": { get: { ...TICKETS, tags: ["a", "b", "c"] } } },
  });
});

/** What is wrong with an overlay, and where it is told. */
const mistakes = [
  {
    actions: "- { target: $.paths.none, remove: true }",
    want: "OVERLAY_TARGET_NOT_FOUND /actions/0/target",
    severity: "warning",
  },
  {
    actions: "- { target: $.info, copy: $.paths.* }",
    want: "OVERLAY_TARGET_NOT_FOUND /actions/0/copy",
    severity: "warning",
  },
  { actions: "- { target: '$.info[', remove: true }", want: "INVALID_JSONPATH /actions/0/target", severity: "error" },
  { actions: "- { target: $.info, update: 5 }", want: "OVERLAY_MISMATCH /actions/0/update", severity: "error" },
  {
    actions: "- { target: $.info, update: { title: [] } }",
    want: "OVERLAY_MISMATCH /actions/0/update/title",
    severity: "error",
  },
  { actions: "- { target: $, remove: true }", want: "OVERLAY_MISMATCH /actions/0/target", severity: "error" },
  { actions: "- { targets: $ }", want: "INVALID_OVERLAY /actions/0", severity: "error" },
  { actions: "- { target: $, copy: $ }", version: "1.0.0", want: "INVALID_OVERLAY /actions/0/copy", severity: "error" },
];

test.each(mistakes)("$want", async ({ actions, version, want, severity }) => {
  const { diagnostics } = await overlaid(actions, version);
  const [code = "", pointer = ""] = want.split(" ");
  const [first] = diagnostics;
  expect(codes(first ? [first] : [])).toEqual([`${code} specs/overlay.yaml#${pointer}`]);
  expect(first?.severity).toBe(severity);
});

test("overlays are applied in turn, their files belong to the description, and problems are shown where the value was written", async () => {
  const overlay = (actions: string) =>
    `{ "overlay": "1.0.0", "info": { "title": "A", "version": "1" }, "actions": [${actions}] }`;
  const { spec, diagnostics } = await loadSpec({
    projectDir: project({
      "specs/acme.yaml": ACME,
      "specs/one.json": overlay(`{ "target": "$.paths['/old']", "remove": true }`),
      "specs/two.json": overlay(
        `{ "target": "$.paths", "update": { "/new": { "post": { "parameters": [{ "name": "a", "in": "query", "schema": { "type": "int" } }] }, "get": 5 } } }`,
      ),
    }),
    file: "specs/acme.yaml",
    at: NAMED,
    overlays: ["specs/one.json", "./specs/two.json"].map((file) => ({ file, at: NAMED })),
  });
  expect(spec?.files).toEqual(["specs/acme.yaml", "specs/one.json", "specs/two.json"]);
  expect(spec?.entries.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /tickets", "POST /new"]);
  const update = "specs/two.json#/actions/0/update/~1new";
  expect(codes(diagnostics)).toEqual([`MALFORMED_SPEC ${update}/get`]);
  const resolved = spec?.entries.flatMap((entry) => resolveOperation(spec, entry).diagnostics) ?? [];
  expect(codes(resolved)).toEqual([`ILLEGAL_TYPE ${update}/post/parameters/0/schema/type`]);
});

test("T03 an overlay outside the project is not read", async () => {
  const overlays = ["../secret.yaml", "/etc/passwd.yaml", "specs/none.yaml"].map((file) => ({ file, at: NAMED }));
  const { diagnostics } = await loadSpec({
    projectDir: project({ "specs/acme.yaml": ACME }),
    file: "specs/acme.yaml",
    at: NAMED,
    overlays,
  });
  expect(codes(diagnostics).slice(0, 3)).toEqual([
    "FILE_OUTSIDE_PROJECT tools.yaml#/apis/acme/spec",
    "FILE_OUTSIDE_PROJECT tools.yaml#/apis/acme/spec",
    "FILE_NOT_FOUND tools.yaml#/apis/acme/spec",
  ]);
});

test("T07 an overlay writes prototype names as names", async () => {
  const { value } = await overlaid(
    '- target: $.info\n  update: { "__proto__": { polluted: 1 }, constructor: { prototype: { polluted: 1 } } }\n- target: $.info["__proto__"]\n  update: { more: 2 }',
  );
  const info = (value as { info: object }).info; // the document, as far as it is needed
  expect(Object.getOwnPropertyDescriptor(info, "__proto__")?.value).toEqual({ polluted: 1, more: 2 });
  expect(Object.getPrototypeOf(info)).toBe(Object.prototype);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

function parsed(path: string): unknown {
  const read = parseText(readFileSync(path, "utf8"), path);
  if (!("value" in read)) expect.fail(`${path} is not read`);
  return read.value;
}
