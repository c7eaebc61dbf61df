import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { Catalog } from "../../src/definition/catalog.ts";

const CORPUS = resolve(import.meta.dirname, "../..", process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const VENDOR_FILE = resolve(CORPUS, "../specs/haloitsm.openapi30.json");

interface Described {
  readonly name: string;
  readonly description?: string;
}

/** What the vendor's own file says of a parameter of GET /Tickets; undefined where the file is not at hand. */
function vendorWords(parameter: string): string | undefined {
  try {
    const { paths } = JSON.parse(readFileSync(VENDOR_FILE, "utf8")) as {
      readonly paths: Readonly<Record<string, { readonly get: { readonly parameters: readonly Described[] } }>>;
    };
    return paths["/Tickets"]?.get.parameters.find(({ name }) => name === parameter)?.description;
  } catch {
    return undefined;
  }
}

const search = (JSON.parse(readFileSync("generated/halo-itsm/catalog.json", "utf8")) as Catalog).tools.find(
  ({ name }) => name === "search_tickets",
);
const properties = (search?.inputSchema["properties"] ?? {}) as Readonly<
  Record<string, { readonly enum?: readonly string[] }>
>; // of an object schema

test.skipIf(vendorWords("datesearch") === undefined)("dates are named as the vendor's file spells them", () => {
  const spelt = [...(vendorWords("datesearch") ?? "").matchAll(/'(\w+)'/g)].map(([, name = ""]) => name);
  expect(spelt.length).toBeGreaterThan(1);
  expect(properties["date"]?.enum).toEqual(expect.arrayContaining(spelt));
});

test.skipIf(vendorWords("category_1") === undefined)("what the vendor filters by ids is not asked for by words", () => {
  expect(vendorWords("category_1")).toContain("array of int");
  expect(properties).not.toHaveProperty("category_1");
});
