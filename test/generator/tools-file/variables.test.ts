import { expect, test } from "vitest";
import { parseTemplate } from "../../../src/definition/template.ts";
import { malformedVariable, templateOf, variablesIn } from "../../../src/generator/tools-file/variables.ts";

const KEY = { from: "env", name: "ACME_KEY", fallback: undefined };

const templates = [
  { given: "plain", template: "plain", parts: ["plain"] },
  { given: "${ACME_KEY}", template: "$env.ACME_KEY", parts: [KEY] },
  { given: "${ACME_KEY:-a b}", template: "$env.ACME_KEY:-a b", parts: [{ ...KEY, fallback: "a b" }] },
  { given: "${ACME_KEY:-}", template: "$env.ACME_KEY:-", parts: [{ ...KEY, fallback: "" }] },
  {
    given: "${ACME_KEY:-100}/minute",
    template: "{$env.ACME_KEY:-100}/minute",
    parts: [{ ...KEY, fallback: "100" }, "/minute"],
  },
  { given: "Key ${ACME_KEY}", template: "Key {$env.ACME_KEY}", parts: ["Key ", KEY] },
  { given: "$5", template: "$$5", parts: ["$5"] },
  { given: "$5 ${ACME_KEY} $5", template: "$$5 {$env.ACME_KEY} $5", parts: ["$5 ", KEY, " $5"] },
  { given: "{$inputs.a}", template: "{$$inputs.a}", parts: ["{$inputs.a}"] },
  { given: "$inputs.a", template: "$$inputs.a", parts: ["$inputs.a"] },
  { given: "${ACME_KEY}{$inputs.a}", template: "{$env.ACME_KEY}{$$inputs.a}", parts: [KEY, "{$inputs.a}"] },
];

test.each(templates)("$given is the template $template", ({ given, template, parts }) => {
  expect(templateOf(given)).toBe(template);
  expect(parseTemplate(template)).toEqual(parts);
});

test.each([
  { given: "${A} ${B:-1}", want: ["A", "B"] },
  { given: "no variable, $A nor {A}", want: [] },
])("variables of $given", ({ given, want }) => expect(variablesIn(given).map(({ name }) => name)).toEqual(want));

test.each([
  { given: "${acme_key}", want: "${acme_key}" },
  { given: "${}", want: "${}" },
  { given: "a ${ACME_KEY", want: "${ACME_KEY" },
  { given: "${A-b}", want: "${A-b}" },
  { given: "${ACME_KEY:-x} and {domain}", want: undefined },
])("malformed in $given: $want", ({ given, want }) => expect(malformedVariable(given)).toBe(want));
