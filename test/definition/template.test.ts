import { expect, test } from "vitest";
import { escapeTemplate, ExpressionError, parseExpression, parseTemplate } from "../../src/definition/template.ts";

const query = { from: "inputs", name: "query", pointer: "" };
const cases = [
  { given: "plain", want: ["plain"] },
  { given: "", want: [""] },
  { given: "$inputs.query", want: [query] },
  { given: "$inputs.filter#/a~1b", want: [{ from: "inputs", name: "filter", pointer: "/a~1b" }] },
  { given: "$inputs.query:html", want: [{ ...query, as: "html" }] },
  { given: "<p>{$inputs.query:html}</p>", want: ["<p>", { ...query, as: "html" }, "</p>"] },
  { given: '"{$inputs.query}"', want: ['"', query, '"'] },
  { given: "{$inputs.query}{$uuid}", want: [query, { from: "uuid" }] },
  { given: "$$5", want: ["$5"] },
  { given: "a {$$inputs.query}", want: ["a {$inputs.query}"] },
  { given: "a $inputs.query", want: ["a $inputs.query"] },
  { given: "$response.body#/a/b", want: [{ from: "response.body", pointer: "/a/b" }] },
  { given: "$response.body", want: [{ from: "response.body", pointer: "" }] },
  { given: "$response.header.Link", want: [{ from: "response.header", name: "Link" }] },
  { given: "$statusCode", want: [{ from: "statusCode" }] },
  { given: "$page.number", want: [{ from: "page", part: "number" }] },
  { given: "$credentials.key", want: [{ from: "credentials", name: "key" }] },
  { given: "$env.ACME_KEY", want: [{ from: "env", name: "ACME_KEY", fallback: undefined }] },
  {
    given: "{$env.ACME_LIMIT:-100}/minute",
    want: [{ from: "env", name: "ACME_LIMIT", fallback: "100" }, "/minute"],
  },
  {
    given: "$steps.find.outputs.id#/0",
    want: [{ from: "steps", step: "find", output: "id", pointer: "/0" }],
  },
];

test.each(cases)("reads $given", ({ given, want }) => {
  expect(parseTemplate(given)).toEqual(want);
});

test.each([
  "$inputs",
  "$inputs.",
  "$input.a",
  "$env.lower",
  "$page.last",
  "$response.body/x",
  "$inputs.a:xml",
  "$",
  "${X}",
])("refuses %s", (text) => {
  expect(() => parseExpression(text)).toThrow(ExpressionError);
});

test.each(["$5", "$$", "{$x}", "a{$$b", "${HOME}", "$inputs.a", "plain", "{{$}}"])(
  "a literal %s survives escaping and reading",
  (text) => {
    expect(parseTemplate(escapeTemplate(text))).toEqual([text]);
  },
);
