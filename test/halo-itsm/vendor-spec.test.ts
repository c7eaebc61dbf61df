import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Document, members, parametersOf, schemaNamed, typeOf } from "./shape.ts";
import { DIFFERENCES, VENDOR_SCHEMAS } from "./differences.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CORPUS = resolve(ROOT, process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const VENDOR_FILE = resolve(CORPUS, "../specs/haloitsm.openapi30.json");

const hasVendor = existsSync(VENDOR_FILE);
if (!hasVendor)
  console.warn(`\nThe vendor's own file is not at ${VENDOR_FILE}: our description is not compared with it.\n`);
const ours = parse(readFileSync(resolve(ROOT, "specs/halo-itsm/openapi.yaml"), "utf8")) as Document; // a YAML mapping
const vendor = (hasVendor ? JSON.parse(readFileSync(VENDOR_FILE, "utf8")) : {}) as Document; // a JSON object

const operations = Object.entries(ours["paths"] ?? {}).flatMap(([path, item]) =>
  Object.keys(item as Document)
    .filter((key) => key !== "parameters")
    .map((method): [string, string] => [method, path]),
);
const cited = (where: string) => DIFFERENCES.filter(({ at }) => at === where).map(({ line }) => line);

test("compared are all operations of our description", () => {
  expect(operations.length).toBe(21);
});

describe.skipIf(!hasVendor)("beside the vendor's own file", () => {
  test.each(operations)(
    "%s %s is an operation of it, and every parameter of ours one of its own, of its type",
    (method, path) => {
      const theirs = parametersOf(vendor, method, path);
      if (!theirs) expect.fail(`the vendor's file has no ${method} ${path}`);
      const found = [...(parametersOf(ours, method, path) ?? [])].flatMap(([name, type]) => {
        const other = theirs.get(name);
        if (other === undefined) return [`${name}: not there`];
        return other === type ? [] : [`${name}: ${other} → ${type}`];
      });
      expect(found.sort()).toEqual([...cited(`${method} ${path}`)].sort());
    },
  );

  test.each(Object.entries(VENDOR_SCHEMAS))(
    "every property of %s is one of the vendor's %s, of its type",
    (name, theirName) => {
      const theirs = new Map(theirName.flatMap((one) => [...members(vendor, schemaNamed(vendor, one))]));
      const found = [...members(ours, schemaNamed(ours, name))].flatMap(([property, schema]) => {
        const other = theirs.get(property);
        if (other === undefined) return [`${property}: not there`];
        const [theirType, ourType] = [typeOf(vendor, other), typeOf(ours, schema)];
        return theirType === ourType ? [] : [`${property}: ${theirType} → ${ourType}`];
      });
      expect(found.sort()).toEqual([...cited(name)].sort());
    },
  );

  test("POST /Report, which takes SQL, is in the vendor's file and not in ours", () => {
    const methods = (document: Document) => Object.keys((document["paths"] as Document)["/Report"] as Document).sort();
    expect(methods(vendor)).toEqual(["get", "post"]);
    expect(methods(ours)).toEqual(["get"]);
  });
});

test("every schema that answers or is sent is compared, but for those that are ours alone", () => {
  const schemas = Object.keys((ours["components"] as Document)["schemas"] as Document);
  expect(Object.keys(VENDOR_SCHEMAS).sort()).toEqual(schemas.sort());
});

test("each difference is of something that is compared, told once, with a reason", () => {
  const places = [...operations.map((operation) => operation.join(" ")), ...Object.keys(VENDOR_SCHEMAS)];
  for (const { at, line, because } of DIFFERENCES) {
    expect(places).toContain(at);
    expect(DIFFERENCES.filter((one) => one.at === at && one.line === line).length, line).toBe(1);
    expect(because.length).toBeGreaterThan(10);
  }
});
