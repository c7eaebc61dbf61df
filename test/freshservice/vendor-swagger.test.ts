import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { faultsOf, readFacts } from "./citations.ts";
import { compare, type Differences } from "./compare.ts";
import { COMPARED, DIFFERENCES } from "./differences.ts";
import { basePath, type Document, shapeOf } from "./shape.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CORPUS = resolve(ROOT, process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const VENDOR_FILE = resolve(CORPUS, "../specs/freshservice.swagger2.yaml");
const FACTS = resolve(CORPUS, "../facts");
const KINDS = ["added", "dropped", "changed"] as const;

const hasVendor = existsSync(VENDOR_FILE);
const hasFacts = existsSync(resolve(FACTS, "freshservice-spec-defects.tsv"));
if (!hasVendor)
  console.warn(`\nThe vendor's own file is not at ${VENDOR_FILE}: our description is not compared with it.\n`);
if (!hasFacts) console.warn(`\nThe facts are not at ${FACTS}: the citations of differences are not looked up.\n`);

const ours = read(resolve(ROOT, "specs/freshservice/openapi.yaml"));
const vendor = hasVendor ? read(VENDOR_FILE) : {};

test.skipIf(!hasVendor).each(COMPARED)("%s differs from the vendor's file exactly as cited", (operation) => {
  const [theirShape, ourShape] = [vendor, ours].map((document) => shapeOf(document, full(operation)));
  if (!theirShape || !ourShape)
    expect.fail(`${full(operation)} is not in ${theirShape ? "ours" : "the vendor's file"}`);
  const found = linesOf(compare(theirShape, ourShape));
  const cited = citedLines(operation);
  expect({
    uncited: found.filter((line) => !cited.includes(line)),
    unfounded: cited.filter((line) => !found.includes(line)),
  }).toEqual({ uncited: [], unfounded: [] });
});

test.skipIf(!hasVendor)("compared are the 25 operations of the 34 tools that the vendor's file has", () => {
  const tools = Object.values(read(resolve(ROOT, "specs/freshservice/tools.yaml")));
  expect(tools.length).toBe(34);
  const operations = new Set(tools.flatMap(operationsOf).map(spelledOut));
  const shared = [...operations].filter((operation) => shapeOf(vendor, full(operation)));
  expect(shared.sort()).toEqual([...COMPARED].sort());
  expect(shared.length).toBe(25);
});

test.skipIf(!hasFacts)("the tool map finds the same 25 operations in the vendor's file", () => {
  expect(readFacts(FACTS).inVendorFile.map(nameless).sort()).toEqual(COMPARED.map(nameless).sort());
});

test.skipIf(!hasFacts)("each citation quotes a passage that speaks of its differences", () => {
  const facts = readFacts(FACTS);
  expect(DIFFERENCES.flatMap((entry) => faultsOf(entry, facts))).toEqual([]);
});

test("each entry names compared operations, at least one difference, and a citation", () => {
  for (const entry of DIFFERENCES) {
    expect(COMPARED, entry.cites).toEqual(expect.arrayContaining([...entry.operations]));
    expect(entry.operations.length, entry.cites).toBeGreaterThan(0);
    expect(linesOf(entry).length, entry.operations.join()).toBeGreaterThan(0);
    expect(entry.cites).toMatch(/^(defects: .+: .+|facts §\d+ .+)$/);
  }
});

test.each(COMPARED)("%s is in our description, and no difference of it is cited twice", (operation) => {
  const described = Object.entries(ours["paths"] ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods as Document).map((method) => nameless(`${method.toUpperCase()} ${path}`)),
  );
  expect(described).toContain(nameless(operation));
  const lines = citedLines(operation);
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});

test("no operation is compared twice", () => expect(new Set(COMPARED).size).toBe(COMPARED.length));

/** `added query page`, one line a difference. */
function linesOf(differences: Partial<Differences>): readonly string[] {
  return KINDS.flatMap((kind) => (differences[kind] ?? []).map((line) => `${kind} ${line}`));
}

function citedLines(operation: string): readonly string[] {
  return DIFFERENCES.filter((entry) => entry.operations.includes(operation)).flatMap(linesOf);
}

/** `GET /tickets` → `GET /api/v2/tickets`: the vendor's file writes the base into every path. */
function full(operation: string): string {
  return operation.replace(" ", ` ${basePath(ours)}`);
}

/** The operations that a tool stands for: of several steps the last; those before it are supporting ones, which the map does not count. */
function operationsOf(tool: unknown): readonly string[] {
  type Called = { readonly operation: string };
  // The shape that tools.yaml is validated to have, as far as it is read here.
  const { operation, routes = [], steps = [] } = tool as { operation?: string; routes?: Called[]; steps?: Called[] };
  return [...(operation ? [operation] : []), ...[...routes, ...steps.slice(-1)].map((call) => call.operation)];
}

/** `GET /tickets/{id}` → `GET /tickets/{}`: names of path parameters are never sent. */
function nameless(operation: string): string {
  return operation.replace(/\{[^}]*\}/g, "{}");
}

/** `listTickets` → `GET /tickets`; what is a method and a path stays. */
function spelledOut(reference: string): string {
  if (reference.includes(" ")) return reference;
  for (const [path, item] of Object.entries(ours["paths"] ?? {})) {
    for (const [method, operation] of Object.entries(item as Document)) {
      if ((operation as Document)["operationId"] === reference) return `${method.toUpperCase()} ${path}`;
    }
  }
  return expect.fail(`no operation ${reference}`);
}

function read(file: string): Document {
  // Both formats are one YAML mapping; shape.ts takes nothing inside for granted.
  return parse(readFileSync(file, "utf8")) as Document;
}
