import { expect, test } from "vitest";
import { parseText } from "../../src/spec/parse-text.ts";
import { bodySchema, codes } from "./project.ts";

/** YAML 1.2's core schema (§10.3.2), as far as JSON goes. */
const scalars = [
  { given: "1", want: 1 },
  { given: "-1", want: -1 },
  { given: "+1", want: 1 },
  { given: "007", want: 7 },
  { given: "0o17", want: 15 },
  { given: "0x1F", want: 31 },
  { given: "1.50", want: 1.5 },
  { given: "1e3", want: 1000 },
  { given: "-.5", want: -0.5 },
  { given: "1_000", want: "1_000" },
  { given: "0b11", want: "0b11" },
  { given: "1:30", want: "1:30" },
  { given: "2026-11-21", want: "2026-11-21" },
  { given: "2026-11-21T10:00:00Z", want: "2026-11-21T10:00:00Z" },
  { given: "yes", want: "yes" },
  { given: "NO", want: "NO" },
  { given: "True", want: true },
  { given: "~", want: null },
  { given: "", want: null },
  { given: "'1'", want: "1" },
  { given: "9007199254740991", want: 9007199254740991 },
  { given: "9007199254740993", want: "9007199254740993" },
  { given: "-9223372036854775808", want: "-9223372036854775808" },
  { given: "0xFFFFFFFFFFFFFFFF", want: "18446744073709551615" },
];

test.each(scalars)("YAML: $given", ({ given, want }) => {
  expect(parseText(`a: ${given}\n`, "a.yaml")).toEqual({ value: { a: want } });
});

test("YAML: keys are texts, merge keys are carried out, tags that nobody knows are forgiven", () => {
  const read = (text: string) => parseText(text, "a.yaml");
  expect(read("200: a\n<<: { b: 1 }\n")).toEqual({ value: { "200": "a", b: 1 } });
  const [x, y] = ["x: &x { a: 1, b: 1 }", "y: &y { <<: *x, b: 2 }"];
  expect(read(`${x}\n${y}\nz: { c: 3, <<: *y }\n`)).toMatchObject({
    value: { y: { a: 1, b: 2 }, z: { a: 1, b: 2, c: 3 } },
  });
  expect(read(`${x}\nz: { <<: [{ a: 0 }, *x], d: 4 }\n`)).toMatchObject({ value: { z: { a: 0, b: 1, d: 4 } } });
  expect(read("a: { <<: text, b: 1 }\n")).toEqual({ value: { a: { "<<": "text", b: 1 } } });
  expect(read('a: &a { "__proto__": { p: 1 } }\nb: { <<: *a }\n')).toEqual({
    value: { a: JSON.parse('{ "__proto__": { "p": 1 } }'), b: JSON.parse('{ "__proto__": { "p": 1 } }') },
  });
  expect(parseText('{ "<<": { "b": 1 } }', "a.json")).toEqual({ value: { "<<": { b: 1 } } });
  expect(parseText("a: !Ref 9007199254740993\nb: !Sub x\n", "a.yaml")).toEqual({
    value: { a: "9007199254740993", b: "x" },
  });
});

test("T06 merge keys that copy without end are refused", () => {
  const lines = Array.from(
    { length: 2000 },
    (_, index) => `a${index}: &a${index} { k${index}: 1${index > 0 ? `, <<: *a${index - 1}` : ""} }`,
  );
  const parsed = parseText(lines.join("\n"), "a.yaml");
  expect("diagnostic" in parsed && parsed.diagnostic.code).toBe("YAML_ALIAS_LIMIT");
});

const integers = [
  { given: '{"a": 9007199254740993}', want: { a: "9007199254740993" } },
  { given: '{"a":[-9223372036854775808,1]}', want: { a: ["-9223372036854775808", 1] } },
  { given: '{"a": 9007199254740991}', want: { a: 9007199254740991 } },
  { given: '{"a": 12345678901234567890.5, "b": 1e400}', want: { a: 1.2345678901234567e19, b: Infinity } },
  {
    given: '{"a": "x, 9007199254740993, \\" 9007199254740993]", "b": [9007199254740993]}',
    want: { a: 'x, 9007199254740993, " 9007199254740993]', b: ["9007199254740993"] },
  },
  { given: '{"a\\\\": 9007199254740993}', want: { "a\\": "9007199254740993" } },
];

test.each(integers)("JSON keeps integers exact: $given", ({ given, want }) => {
  expect(parseText(given, "a.json")).toEqual({ value: want });
});

const AT = "specs/acme.yaml#/paths/~1things/post/requestBody/content/application~1json/schema";

/** Integers of a schema that a number would round. */
const schemas = [
  {
    given: "{ type: integer, enum: [1, 9007199254740993] }",
    want: { type: ["integer", "string"], enum: [1, "9007199254740993"] },
    code: [`INTEGER_TOO_LARGE ${AT}/enum`],
  },
  {
    given: "{ type: integer, default: 9007199254740993 }",
    want: { type: "integer" },
    code: [`INTEGER_TOO_LARGE ${AT}/default`],
  },
  {
    given: "{ type: integer, example: 9007199254740993 }",
    want: { type: "integer", examples: ["9007199254740993"] },
    code: [],
  },
  { given: "{ type: integer, maximum: 9223372036854775807 }", want: { type: "integer", maximum: 2 ** 63 }, code: [] },
  {
    given: "{ type: string, default: '9007199254740993' }",
    want: { type: "string", default: "9007199254740993" },
    code: [],
  },
];

test.each(schemas)("$given", async ({ given, want, code }) => {
  const { schema, diagnostics } = await bodySchema(given);
  expect(schema).toEqual(want);
  expect(codes(diagnostics)).toEqual(code);
});

test("T06 aliases that repeat a little are honest", () => {
  expect(parseText("a: &a { b: [1, 2] }\nc: *a\nd: *a\n", "a.yaml")).toEqual({
    value: { a: { b: [1, 2] }, c: { b: [1, 2] }, d: { b: [1, 2] } },
  });
});

test.each([
  ["a hundred thousand aliases of a long list", `a: &a [${"1,".repeat(1000)}]\nb: [${"*a,".repeat(1000)}]\n`],
  [
    "a chain of aliases, each around the one before",
    `a0: &a0 [1]\n${Array.from({ length: 5000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join("")}`,
  ],
])("T06 %s is refused at once", { retry: 2 }, (_name, text) => {
  const started = performance.now();
  expect(parseText(text, "a.yaml")).toMatchObject({ diagnostic: { code: "YAML_ALIAS_LIMIT" } });
  expect(performance.now() - started).toBeLessThan(2000); // milliseconds
});

test("T06 five megabytes on one line are read, in JSON and in YAML", { retry: 2 }, () => {
  const line = `{"a": [${Array.from({ length: 250_000 }, (_, i) => `{"b": "${i}"}`).join(", ")}]}`;
  expect(line.length).toBeGreaterThan(4_000_000);
  for (const file of ["a.json", "a.yaml"]) {
    const started = performance.now();
    const read = parseText(line, file);
    expect("value" in read && (read.value as { a: unknown[] }).a.length).toBe(250_000);
    expect(performance.now() - started).toBeLessThan(5000); // milliseconds
  }
});
