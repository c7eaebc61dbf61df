import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { refuse } from "../../src/sandbox/answer.ts";
import { violationsOf } from "../../src/sandbox/violations.ts";

const body = {
  type: "object",
  additionalProperties: false,
  required: ["subject"],
  anyOf: [{ required: ["email"] }, { required: ["phone"] }],
  properties: {
    subject: { type: "string" },
    email: { type: "string", format: "email" },
    phone: { type: "string" },
    priority: { enum: [1, 2] },
    tags: { type: "array", items: { type: "string" } },
    query: { anyOf: [{ type: "number" }, { type: "null" }] },
  },
};
const schema = { type: "object", required: ["requestBody"], properties: { requestBody: body } };

function complaints(requestBody: unknown) {
  const validate = addFormats.default(new Ajv2020({ allErrors: true, strict: false })).compile(schema);
  validate(requestBody === undefined ? {} : { requestBody });
  return violationsOf(validate.errors ?? []).map(({ field, keyword }) => `${field} ${keyword}`);
}

test.each([
  [undefined, ["body required"]],
  [[], ["body type"]],
  [{ subject: "S", email: "a@b.c", colour: 1 }, ["colour additionalProperties"]],
  [{ subject: 1, email: "a@b.c" }, ["subject type"]],
  [{ subject: "S" }, ["email required", "phone required"]], // and not that "anyOf" was offended
  [{ email: "x" }, ["subject required", "email format"]],
  [{ subject: "S", phone: "1", priority: 9 }, ["priority enum"]],
  [{ subject: "S", phone: "1", tags: [1, 2] }, ["tags type"]], // a field once, and not its places
  [{ subject: "S", phone: "1", query: "x" }, ["query type"]], // a field may be called as a part of requests is
])("%j offends %j", (given, want) => expect(complaints(given)).toEqual(want));

const rule = {
  status: 422,
  headers: { "x-trace": "{id}" },
  body: { error: "bad {id}" },
  each: { at: "errors", item: { f: "{field}", m: "{message}", c: "{code}" } },
  codes: { required: "missing", "*": "other" },
  messages: { enum: "one of {allowedValues}" },
};

test("errors are told in the vendor's words", () => {
  const violations = [
    { field: "a", keyword: "required", message: "must be there" },
    { field: "b", keyword: "enum", message: "no", facts: { allowedValues: [1, 2] } },
  ];
  expect(refuse(rule, { id: 7 }, violations)).toEqual({
    status: 422,
    headers: { "x-trace": "7" },
    body: {
      error: "bad 7",
      errors: [
        { f: "a", m: "must be there", c: "missing" },
        { f: "b", m: "one of 1, 2", c: "other" },
      ],
    },
  });
});

test("without a body there is none, without codes the keyword stands", () => {
  expect(refuse({ status: 404 })).toEqual({ status: 404, headers: {}, body: undefined });
  const { codes: _, ...bare } = rule;
  expect(refuse(bare, {}, [{ field: "a", keyword: "format", message: "m" }]).body).toMatchObject({
    errors: [{ c: "format" }],
  });
});
