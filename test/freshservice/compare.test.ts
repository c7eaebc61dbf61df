import { expect, test } from "vitest";
import { parse } from "yaml";
import { compare } from "./compare.ts";
import { type Document, shapeOf } from "./shape.ts";

const SWAGGER = read(`
swagger: "2.0"
basePath: /v1
paths:
  /pets/{id}:
    parameters: [{ in: path, name: id, required: true, type: integer }]
    put:
      consumes: [application/json]
      parameters:
        - { in: query, name: tags, type: string }
        - { in: query, name: old, type: boolean }
        - { in: body, name: pet, schema: { $ref: "#/definitions/pet" } }
      responses: { 200: { schema: { properties: { pets: { type: array, items: { $ref: "#/definitions/pet" } } } } } }
    delete: { responses: { 204: {} } }
definitions:
  pet: { properties: { id: { type: integer, readOnly: true }, name: { type: string }, age: { type: number } } }
`);
const OPENAPI = read(`
openapi: 3.1.0
servers: [{ url: "https://{host}/v1" }]
paths:
  /pets/{pet_id}:
    put:
      parameters:
        - { in: path, name: pet_id, required: true, schema: { type: integer } }
        - { in: query, name: tags, schema: { type: array, items: { type: string } } }
        - { in: query, name: page, required: true, schema: { type: integer } }
      requestBody: { $ref: "#/components/requestBodies/pet" }
      responses: { "201": { content: { application/json: { schema: { properties: { pet: { type: object } } } } } } }
    delete:
      requestBody: { content: { application/json: { schema: { properties: { why: { type: string } } } } } }
      responses: { "204": {} }
components:
  requestBodies:
    pet:
      required: true
      content:
        application/json:
          schema: { required: [name], properties: { name: { type: [string, "null"] }, age: { type: integer } } }
        multipart/form-data: { schema: { properties: { "photos[]": { type: array, items: { type: string } } } } }
`);

test("every difference of parameters, body, format, status and answer is told, and nothing else", () => {
  expect(differences("PUT /v1/pets/{id}")).toEqual({
    added: ["query page (required)", "body photos", "answer pet"],
    dropped: ["query old", "answer pets"],
    changed: [
      "query tags: string → array of string",
      "body: optional → required",
      "format: application/json → application/json or multipart/form-data",
      "body name: optional → required",
      "body age: number → integer",
      "status: 200 → 201",
    ],
  });
});

test("a path parameter that only one side declares is a difference, whatever its name", () => {
  expect(differences("DELETE /v1/pets/{x}").dropped).toEqual(["path 1"]);
});

test("a body that only one side has is one difference", () => {
  expect(differences("DELETE /v1/pets/{x}").added).toEqual(["body"]);
});

test.each(["PATCH /v1/pets/{id}", "PUT /pets/{id}", "PUT /v1/pets"])("%s is not there", (reference) => {
  expect(shapeOf(SWAGGER, reference)).toBeUndefined();
});

function differences(reference: string) {
  const [vendor, ours] = [SWAGGER, OPENAPI].map((document) => shapeOf(document, reference));
  if (!vendor || !ours) expect.fail(`${reference} is not in both`);
  return compare(vendor, ours);
}

function read(yaml: string): Document {
  // Written above, as mappings.
  return parse(yaml) as Document;
}
