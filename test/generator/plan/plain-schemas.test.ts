import { expect, test } from "vitest";
import { jsonBody, planProject } from "./project.ts";

/** The schema of an argument, as the model is shown it. */
async function shown(schema: object) {
  const { tool } = await planProject({
    paths: { "/a": { post: { requestBody: jsonBody({ properties: { x: schema } }), responses: {} } } },
    tools: { t: { operation: "POST /a", description: "Does it." } },
  });
  return tool().inputs[0]?.schema;
}

const text = { type: "string" };

test.each([
  {
    name: "alternatives within alternatives, and null twice",
    given: { oneOf: [{ anyOf: [{ type: "object" }, { type: "null" }] }, { type: "null" }] },
    want: { anyOf: [{ type: "object" }, { type: "null" }] },
  },
  {
    name: "alternatives that differ in what is not shown",
    given: {
      anyOf: [
        { ...text, title: "A" },
        { ...text, examples: ["b"] },
      ],
    },
    want: text,
  },
  {
    name: "null as the one value of a list",
    given: { oneOf: [{ ...text, enum: ["a"] }, { enum: [null] }] },
    want: { oneOf: [{ ...text, enum: ["a"] }, { type: "null" }] },
  },
  {
    name: "names that may be any",
    given: { type: "object", propertyNames: text, additionalProperties: { type: "integer" } },
    want: { type: "object", additionalProperties: { type: "integer" } },
  },
  {
    name: "bytes in a text",
    given: { contentEncoding: "base64" },
    want: { ...text, description: "Encoded as base64." },
  },
  {
    name: "bytes of a kind in a text",
    given: { ...text, contentEncoding: "base64", contentMediaType: "image/png", description: "The logo." },
    want: { ...text, description: "The logo. image/png, encoded as base64." },
  },
  {
    name: "an encoding that the vendor tells",
    given: { ...text, contentEncoding: "base64", description: "The logo in Base64." },
    want: { ...text, description: "The logo in Base64." },
  },
])("$name", async ({ given, want }) => {
  expect(await shown(given)).toEqual(want);
});

test("a property that nothing fits is no argument", async () => {
  const { tool } = await planProject({
    paths: { "/a": { post: { requestBody: jsonBody({ properties: { x: text, y: false } }), responses: {} } } },
    tools: { t: { operation: "POST /a", description: "Does it." } },
  });
  expect(tool().inputs.map(({ name }) => name)).toEqual(["x"]);
});
