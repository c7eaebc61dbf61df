import { expect, test } from "vitest";
import { CAUSES } from "./causes.ts";

/** Sections of OAS 3.1.1 (https://spec.openapis.org/oas/v3.1.1.html) by its table of contents: those that decide something here. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["§4.8.12.1", "Parameter Locations"],
  ["§4.8.12.2.2", "Fixed Fields for use with `schema`"],
  ["§4.8.12.4", "Style Examples"],
  ["§4.8.13.1", "Request Body Object, Fixed Fields"],
  ["§4.8.15.2", "Encoding the `x-www-form-urlencoded` Media Type"],
  ["Appendix D", "Serializing Headers and Cookies"],
  ["Appendix E.2", "Percent-Encoding and `form-data`"],
  ["Appendix E.3", "Generating and Validating URIs and `form-urlencoded` Strings"],
]);

test.each(CAUSES)("$id cites a section of OpenAPI that there is", ({ cites }) => {
  const [openapi = "", ...others] = cites.split("; ");
  expect(openapi).toMatch(/^OAS 3\.1\.1 /);
  for (const cited of openapi.match(/§[\d.]+|Appendix [A-Z](?:\.\d)?/g) ?? [""])
    expect([...SECTIONS.keys()]).toContain(cited);
  for (const other of others) expect(other).toMatch(/^(?:RFC \d{4}|Fetch) §\d|^threat T\d\d$/);
});

test("there are at most twenty causes, each by one name", () => {
  expect(CAUSES.length).toBeLessThanOrEqual(20);
  expect(new Set(CAUSES.map(({ id }) => id)).size).toBe(CAUSES.length);
});
