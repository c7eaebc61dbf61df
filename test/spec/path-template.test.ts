import { expect, test } from "vitest";
import { readPathTemplate } from "../../src/spec/path-template.ts";
import { codes, load, resolve } from "./project.ts";

interface Case {
  readonly written: string;
  readonly path?: string;
  readonly several?: readonly string[];
  /** Parameters that the description lists. */
  readonly inPath?: readonly string[];
  readonly inQuery?: readonly string[];
}

const cases: readonly Case[] = [
  { written: "/tickets/{id}/notes/{note_id}", inPath: ["id", "note_id"] },
  { written: "/v1/{name=projects/*}/docs:search", path: "/v1/{name}/docs:search", several: ["name"], inPath: ["name"] },
  { written: "/v1/{zone=*}/disks", path: "/v1/{zone}/disks", inPath: ["zone"] },
  { written: "/v1/{name=**}", path: "/v1/{name}", several: ["name"], inPath: ["name"] },
  { written: "/users/{id:.+}", path: "/users/{id}", several: ["id"], inPath: ["id"] },
  { written: "/users/{id:[^/]+}", path: "/users/{id}", inPath: ["id"] },
  { written: "/codes/{code:[0-9]{3}}/x", path: "/codes/{code}/x", inPath: ["code"] },
  { written: "/items/{id:int}/{lang?}", path: "/items/{id}/{lang}", inPath: ["id", "lang"] },
  { written: "/files/{*path}", path: "/files/{path}", several: ["path"], inPath: ["path"] },
  { written: "/files/{**path}", path: "/files/{path}", several: ["path"], inPath: ["path"] },
  { written: "/files/{path*}", path: "/files/{path}", several: ["path"], inPath: ["path"] },
  { written: "/files/{path:path}", path: "/files/{path}", several: ["path"], inPath: ["path"] },
  { written: "/v1/{+name}:cancel", path: "/v1/{name}:cancel", several: ["name"], inPath: ["name"] },
  { written: "/users{/id}", path: "/users/{id}", inPath: ["id"] },
  { written: "/orders{?page,size}", path: "/orders", inQuery: ["page", "size"] },
  { written: "/many?ids={ids}", path: "/many", inQuery: ["ids"] },
  { written: "/many?kind=a&ids={ids}#x", path: "/many?kind=a#x", inQuery: ["ids"] },
  { written: "/rpc?action=get&id={id}", inPath: ["id"] },
  { written: "/rpc?action=get&id={id}" },
  { written: "/maven/*path/{file}", path: "/maven/{path}/{file}", several: ["path"], inPath: ["path", "file"] },
  { written: "/users/:id", path: "/users/{id}", inPath: ["id"] },
  { written: "/users/<int:id>/x", path: "/users/{id}/x", inPath: ["id"] },
  { written: "/files/<path:name>", path: "/files/{name}", several: ["name"], inPath: ["name"] },
  // No parameter says that these are any: they are what they are.
  { written: "/users/:id" },
  { written: "/all/*" },
  { written: "/things:batch/a&b" },
  // A name is a name, however it looks.
  { written: "/x/{id:int}", inPath: ["id:int"] },
  { written: "/x/{user-id}/{book.name}/{a b}", inPath: ["user-id", "book.name", "a b"] },
  { written: "/x/{;v}/{.ext}/{a,b}/{", inPath: [] },
];

test.each(cases)("$written", ({ written, path = written, several = [], inPath = [], inQuery = [] }) => {
  const read = readPathTemplate(written, { path: new Set(inPath), query: new Set(inQuery) });
  expect({ path: read.path, several: [...read.several] }).toEqual({ path, several });
  expect(read.foreign.length > 0).toBe(path !== written);
});

test.each(["swagger: '2.0'", "openapi: 3.0.3"])(
  "the parameter behind a router's way of writing is the one that is listed, and may hold slashes (%s)",
  async (version) => {
    const type = version.startsWith("swagger") ? "type: integer" : "schema: { type: integer }";
    const { spec } = await load({
      "specs/acme.yaml": `
${version}
info: { title: Acme, version: "1" }
paths:
  "/v1/{name=projects/*}/docs/{id:int}":
    get:
      parameters: [{ name: name, in: path, required: true, ${type} }, { name: id, in: path, required: true, ${type} }]
      responses: {}
`,
    });
    const { operation, diagnostics } = resolve(spec, "GET /v1/{name=projects/*}/docs/{id:int}");
    expect(operation.path).toBe("/v1/{name}/docs/{id}");
    expect(operation.parameters.map(({ name, schema, allowReserved }) => [name, schema, allowReserved])).toEqual([
      ["name", { type: "integer" }, true],
      ["id", { type: "integer" }, false],
    ]);
    const at = "specs/acme.yaml#/paths/~1v1~1{name=projects~1*}~1docs~1{id:int}";
    expect(codes(diagnostics)).toEqual([`FOREIGN_PATH ${at}`, `FOREIGN_PATH ${at}`]);
  },
);
