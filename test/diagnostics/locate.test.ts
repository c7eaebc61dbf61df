import { expect, test } from "vitest";
import { locate } from "../../src/diagnostics/locate.ts";

const YAML = `# comment
paths:
  /tickets:
    get: { operationId: listTickets, tags: [a, "b c"] }
    post:
      text: |
        several
        lines
      parameters:
        - name: id
          in: path
shared: &shared { deep: 1 }
alias: *shared
200: number
`;
const JSON_TEXT = `{
  "paths": {
    "/tickets": { "get": { "operationId": "list\\"Tickets", "tags": ["a", "b", 12.5e3] } },
    "a/b~c": { "é\\u00e9": null }
  }, "twice": 1, "twice": true
}`;

const yaml = [
  { pointer: "/paths/~1tickets/get/operationId", want: "4:25 listTickets" },
  { pointer: "/paths/~1tickets/get/operationId", key: true, want: "4:12 operationId" },
  { pointer: "/paths/~1tickets/get/tags/1", want: '4:48 "b c"' },
  { pointer: "/paths/~1tickets/get", want: "4:5 get" }, // an object is shown by its key
  { pointer: "/paths/~1tickets/post/text", want: "6:13 |" },
  { pointer: "/paths/~1tickets/post/parameters/0", want: "10:11 name" },
  { pointer: "/paths/~1tickets/post/parameters/0/in", want: "11:15 path" },
  { pointer: "/alias/deep", want: "12:25 1" },
  { pointer: "/200", want: "14:6 number" },
  { pointer: "", want: "2:1 paths" },
  { pointer: "/paths/~1tickets/put/responses", want: "3:3 /tickets" }, // the last that exists: something is missing there
  { pointer: "/toString", want: "2:1 paths" },
];

test.each(yaml)("YAML $pointer", ({ pointer, key, want }) => {
  expect(describe(YAML, "a.yaml", pointer, key)).toBe(want);
});

const json = [
  { pointer: "/paths/~1tickets/get/operationId", want: '3:43 "list\\"Tickets"' },
  { pointer: "/paths/~1tickets/get/tags/2", want: "3:79 12.5e3" },
  { pointer: "/paths/~1tickets/get", want: '3:19 "get"' },
  { pointer: "/paths/a~1b~0c/éé", want: "4:27 null" },
  { pointer: "/paths/a~1b~0c/éé", key: true, want: '4:16 "é\\u00e9"' },
  { pointer: "/twice", want: "5:15 1" }, // the first one, as in YAML; to know of the other the whole text would have to be read
  { pointer: "/paths/a~1b~0c", want: '4:5 "a/b~c"' }, // again, behind what was read before
  { pointer: "/paths/~1tickets", want: '3:5 "/tickets"' },
  { pointer: "/paths/none", want: '2:3 "paths"' },
  { pointer: "", want: "1:1 {" },
];

test.each(json)("JSON $pointer", ({ pointer, key, want }) => {
  expect(describe(JSON_TEXT, "a.json", pointer, key)).toBe(want);
});

test("the line is the whole line, without its end", () => {
  expect(locate("a: 1\r\nb: 2\r\n", "x.yaml", "/b")).toEqual({ line: 2, column: 4, length: 1, lineText: "b: 2" });
});

test("the same file name with another text is read again", () => {
  expect(locate("a: 1\n", "same.yaml", "/a")?.line).toBe(1);
  expect(locate("\n\na: 1\n", "same.yaml", "/a")?.line).toBe(3);
});

test.each(["", "{", "[}", '{"a" 1}'])("a text that is no JSON is not searched: %s", (text) => {
  const place = locate(text, "a.json", "/a/b");
  expect(place === undefined || place.line === 1).toBe(true);
});

function describe(text: string, file: string, pointer: string, key?: boolean): string | undefined {
  const place = locate(text, file, pointer, key);
  if (!place) return undefined;
  const { line, column, length, lineText } = place;
  return `${line}:${column} ${lineText.slice(column - 1, column - 1 + length)}`;
}
