import { expect, test } from "vitest";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { callOf, deployed, scopeOf } from "./fixture.ts";
import { mapTemplate, present, readSuite } from "./suites.ts";

const BASE = "https://acme.example";

// The table of style examples of OAS 3.1.1 §4.8.12.4, as facts.
interface Vector {
  readonly style: string;
  readonly explode: boolean;
  readonly [value: string]: unknown;
}
const VALUES: Readonly<Record<string, unknown>> = {
  emptyString: "",
  string: "blue",
  array: ["blue", "black", "brown"],
  object: { R: 100, G: 200, B: 150 },
};
const { vectors } = (present ? readSuite("param-style-vectors.json") : { vectors: [] }) as {
  readonly vectors: readonly Vector[];
};
const rows = vectors.flatMap(({ style, explode, ...cells }) =>
  Object.entries(cells).flatMap(([kind, want]) => (typeof want === "string" ? [{ style, explode, kind, want }] : [])),
);

test.skipIf(!present)("the style table has 31 cells with an answer", () => expect(rows.length).toBe(31));

test.skipIf(!present).each(present ? rows : [{ style: "", explode: true, kind: "", want: "" }])(
  "style table: $style explode $explode, $kind → $want",
  async ({ style, explode, kind, want }) => {
    const color = { value: "$inputs.color", style, explode };
    const inPath = ["matrix", "label", "simple"].includes(style);
    const request = inPath ? { path: "/at/{color}", pathParameters: { color } } : { path: "/at", query: { color } };
    const { url } = await fillRequest(callOf(request), scopeOf({ color: VALUES[kind] }), deployed(BASE));
    expect(inPath ? url.pathname : url.search).toBe(inPath ? `/at/${want}` : `?${want}`);
  },
);

// RFC 6570, for what of it OpenAPI can say.
interface Section {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly testcases: readonly (readonly [string, string | readonly string[]])[];
}
const files = ["spec-examples-by-section", "extended-tests", "spec-examples"];
const cases = (present ? files : []).flatMap((file) =>
  Object.entries(readSuite(`uritemplate-test/${file}.json`) as Readonly<Record<string, Section>>).flatMap(
    ([section, { variables, testcases }]) =>
      testcases.map(([template, wants]) => ({
        section,
        template,
        wants: [wants].flat(),
        mapped: mapTemplate(template, variables),
      })),
  ),
);
const applicable = cases.flatMap(({ mapped, ...one }) => (typeof mapped === "string" ? [] : [{ ...one, ...mapped }]));

test
  .skipIf(!present)
  .each(present ? applicable : [{ section: "", template: "", wants: [""], request: {}, inputs: {} }])(
  "RFC 6570 $section: $template",
  async ({ wants, request, inputs }) => {
    const { url } = await fillRequest(callOf(request), scopeOf(inputs), deployed(BASE));
    const reached = url.href.slice(BASE.length + 1);
    // `{&x}` goes on with a query that stands before it; here it is all there is.
    expect(wants.map((want) => want.replace(/^\//, "").replace(/^&/, "?"))).toContain(reached);
  },
);

test.skipIf(!present)("the cases of RFC 6570 that do not apply are these", () => {
  const reasons: Record<string, number> = {};
  for (const { mapped } of cases) if (typeof mapped === "string") reasons[mapped] = (reasons[mapped] ?? 0) + 1;
  expect(reasons).toEqual({
    "the operators `/` and `#` have no style (OAS 3.1.1 Appendix C)": 60,
    "the modifier `:n` has no keyword (OAS 3.1.1 Appendix C)": 22,
    "a path parameter always has a value (OAS 3.1.1 §4.8.12.2, `required`)": 7,
    "a value in a query has a name (OAS 3.1.1 §4.8.12.3, `form`)": 4,
    "T08 a path parameter never begins or ends with a slash": 9,
    "T08 a slash in a path parameter without `allowReserved` would be another segment": 4,
    "T08 an empty path parameter would name another path": 2,
  });
  expect(applicable.length).toBe(126); // `negative-tests.json` is about the syntax of templates, which no OpenAPI path has
});
