import { expect, test } from "vitest";
import type { Template } from "../../../src/definition/template.ts";
import { holds } from "../../../src/runtime/request/criterion.ts";
import { fillTemplate } from "../../../src/runtime/request/template.ts";
import type { Scope } from "../../../src/runtime/request/types.ts";

const scope: Scope = {
  inputs: {
    n: 5,
    text: "a",
    list: [1, 2],
    object: { "a/b": { c: 1 } },
    nil: null,
    empty: "",
    literal: "$inputs.n",
    brace: "{$inputs.n}",
    lines: "<b>&'\"\r\nsecond\n\nthird",
  },
  steps: { find: { id: { deep: [7] } } },
  page: { number: 2, offset: 30, size: 30 },
  response: { status: 201, headers: new Headers({ Link: "<x>" }), body: { total: 3, items: ["x"] }, bytes: 10 },
  environment: { ACME_KEY: "k", ACME_EMPTY: "", ACME_NUMBER: "31", ACME_SWITCH: "false" },
};

const cases: readonly { given: Template; want: unknown }[] = [
  { given: "$inputs.n", want: 5 }, // keeps its type
  { given: "n={$inputs.n}", want: "n=5" },
  { given: "{$inputs.n}", want: "5" },
  { given: '"{$inputs.text}"', want: '"a"' },
  { given: "{$inputs.list}", want: "[1,2]" },
  { given: "$inputs.object#/a~1b/c", want: 1 },
  { given: "$inputs.list#/1", want: 2 },
  { given: "$inputs.list#/length", want: undefined },
  { given: "$inputs.missing", want: undefined },
  { given: "a {$inputs.missing} b", want: undefined },
  { given: "<p>{$inputs.lines:html}</p>", want: "<p>&lt;b&gt;&amp;&#39;&quot;<br>second<br><br>third</p>" },
  { given: "$inputs.n:html", want: "5" },
  { given: "<p>{$inputs.missing:html}</p>", want: undefined },
  { given: "$inputs.nil", want: null }, // given, and empty on purpose
  { given: { a: "$inputs.missing", b: "$inputs.n", c: { d: "$inputs.missing" } }, want: { b: 5, c: {} } },
  { given: ["$inputs.missing", "$inputs.n"], want: [5] },
  { given: "$$inputs.n", want: "$inputs.n" },
  { given: "$inputs.literal", want: "$inputs.n" }, // what a caller sends is data, whatever it looks like
  { given: "x{$inputs.brace}", want: "x{$inputs.n}" },
  { given: "$inputs.constructor", want: undefined }, // nobody put it there
  { given: "$inputs.object#/constructor", want: undefined },
  { given: "$steps.find.outputs.id#/deep/0", want: 7 },
  { given: "$steps.other.outputs.id", want: undefined },
  { given: "$page.number", want: 2 },
  { given: "$page.token", want: undefined },
  { given: "$response.body#/items/0", want: "x" },
  { given: "$response.header.Link", want: "<x>" },
  { given: "$statusCode", want: 201 },
  { given: "$env.ACME_KEY", want: "k" },
  { given: "$env.ACME_EMPTY:-100", want: "100" },
  { given: "$env.ACME_MISSING", want: undefined },
  { given: "$env.ACME_NUMBER", want: "31" },
  { given: "$env.ACME_NUMBER:number", want: 31 },
  { given: "n={$env.ACME_NUMBER:number}", want: "n=31" },
  { given: "$env.ACME_EMPTY:number:--2.5", want: -2.5 },
  { given: "$env.ACME_SWITCH:boolean", want: false },
  { given: "$env.ACME_MISSING:number", want: undefined },
  { given: 5, want: 5 },
  { given: null, want: null },
];

test.each(cases)("fills $given with $want", ({ given, want }) => {
  expect(fillTemplate(given, scope)).toEqual(want);
});

test.each(["$env.ACME_KEY:number", "$env.ACME_SWITCH:number", "$env.ACME_NUMBER:boolean"])(
  "%s is told as a matter of whoever runs the server, without its value",
  (given) => {
    expect(() => fillTemplate(given, scope)).toThrow(/^ACME_[A-Z]+ must be a (number|boolean)\. It is set where/);
  },
);

test("$uuid is another one every time", () => {
  expect(fillTemplate("$uuid", scope)).not.toBe(fillTemplate("$uuid", scope));
});

test.each([
  { when: undefined, want: true },
  { when: "$inputs.n", want: true },
  { when: "!$inputs.n", want: false },
  { when: "$inputs.missing", want: false },
  { when: "!$inputs.missing", want: true },
  { when: "$inputs.empty", want: true },
  { when: "$statusCode == 201", want: true },
  { when: "$statusCode != 201", want: false },
  { when: "$statusCode < 300", want: true },
  { when: "$statusCode >= 300", want: false },
  { when: '$inputs.text == "a"', want: true },
  { when: "$inputs.text > 1", want: false }, // a text and a number have no order
  { when: "$inputs.nil == null", want: true },
  { when: "$inputs.missing || $inputs.n", want: true },
  { when: "$inputs.missing || !$inputs.n", want: false },
  { when: ["$inputs.missing || $inputs.n", "$statusCode == 200"], want: false },
  { when: ["$inputs.n", "$inputs.missing"], want: false },
  { when: ["$inputs.n", "$statusCode == 201"], want: true },
])("$when holds: $want", ({ when, want }) => {
  expect(holds(when, scope)).toBe(want);
});
