import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Problem } from "../../../src/runtime/problem.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { callOf, deployed, scopeOf } from "./fixture.ts";

const byId = callOf({ path: "/tickets/{id}/notes", pathParameters: { id: "$inputs.ticket" } });

async function hrefOf(ticket: unknown): Promise<string> {
  return (await fillRequest(byId, scopeOf({ ticket }), deployed())).url.href;
}

test.each([
  "",
  ".",
  "..",
  "../notes",
  "a/b",
  "a\\b",
  "%2e%2e",
  "%2E",
  "a%2fb",
  "a%5Cb",
  "x%2e",
  "\u0000",
  "a\nb",
  "\u007f",
  "\ud800",
  "a\udc00b",
  "..%2f",
  "//evil.example",
  null,
  [],
  {},
  ["a", ".."],
  { "..": "" },
])("T08 path traversal by path parameters: %j is refused", async (value) => {
  const refusal = await hrefOf(value).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Problem);
  expect(refusal).toMatchObject({ code: "invalid_arguments", facts: { arguments: [{ argument: "ticket" }] } });
});

test.each([
  ["INC-1001", "INC-1001"],
  ["user@x.com", "user%40x.com"],
  ["日本", "%E6%97%A5%E6%9C%AC"],
  ["50%", "50%25"],
  ["v1.2.3", "v1.2.3"],
  ["...", "..."],
  ["a?b#c", "a%3Fb%23c"],
  [7, "7"],
  ["9007199254740993", "9007199254740993"],
  [["a", "b"], "a,b"],
])("T08 a value that is no escape passes: %j", async (value, want) => {
  expect(await hrefOf(value)).toBe(`https://acme.example/api/v2/tickets/${want}/notes`);
});

test("T08 a missing path parameter names its argument and never makes another path", async () => {
  await expect(fillRequest(byId, scopeOf({}), deployed())).rejects.toMatchObject({
    code: "invalid_arguments",
    message: "ticket: is needed.",
  });
});

const shapes = [
  { path: "/tickets/{id}", constants: ["tickets", undefined] },
  { path: "/a/{id}/b/{id}/c", constants: ["a", undefined, "b", undefined, "c"] },
  { path: "/files/{id}.json", constants: ["files", undefined] },
  { path: "/x/{id}{id}/y", constants: ["x", undefined, "y"] },
  { path: "/x/.{id}", constants: ["x", undefined] },
  { path: "/{id}:run/é", constants: [undefined, "%C3%A9"] },
] as const;
const bases = ["https://acme.example", "https://acme.example:8443/api/v2", "http://127.0.0.1:9/base"];
const nasty = fc.constantFrom(
  ".",
  "..",
  "/",
  "\\",
  "%2e",
  "%2F",
  "%5c",
  "?",
  "#",
  "@",
  ":",
  ";",
  "//",
  "\u0000",
  "\ud800",
  "\n",
  " ",
  "é",
  "a",
);

test(
  "T08 path traversal by path parameters: 50,000 values, none leaves its template",
  { timeout: 60_000 },
  async () => {
    let built = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shapes),
        fc.constantFrom(...bases),
        fc.constantFrom("simple", "label", "matrix"),
        fc.boolean(),
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 12 }),
          fc.array(nasty, { maxLength: 5 }).map((parts) => parts.join("")),
          fc.array(fc.string({ unit: fc.oneof(nasty, fc.string({ maxLength: 1 })), maxLength: 4 }), { maxLength: 3 }),
          fc.integer(),
        ),
        async ({ path, constants }, base, style, explode, value) => {
          const call = callOf({ path, pathParameters: { id: { value: "$inputs.id", style, explode } } });
          let url: URL;
          try {
            ({ url } = await fillRequest(call, scopeOf({ id: value }), deployed(base)));
          } catch (error) {
            if (error instanceof Problem && error.code === "invalid_arguments") return;
            throw error;
          }
          built++;
          const root = new URL(base);
          const prefix = root.pathname === "/" ? "" : root.pathname;
          expect(url.origin).toBe(root.origin);
          expect(url.username + url.password + url.search + url.hash).toBe("");
          expect(url.pathname.startsWith(`${prefix}/`)).toBe(true);
          const segments = url.pathname.slice(prefix.length + 1).split("/");
          expect(segments).toHaveLength(constants.length);
          for (const [index, constant] of constants.entries()) {
            if (constant !== undefined) expect(segments[index]).toBe(constant);
            else expect(decodeURIComponent(segments[index] ?? "")).not.toMatch(/^\.{0,2}$/);
          }
          expect(new URL(url.href).href).toBe(url.href);
        },
      ),
      { numRuns: 50_000, seed: 20_261_121 },
    );
    expect(built).toBeGreaterThan(10_000); // the values are not all refused
  },
);
