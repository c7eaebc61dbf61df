import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../../src/runtime/page/cursor.ts";

const subject = { api: "acme", tool: "listTickets", inputs: { status: "open", order: { by: "id", desc: true } } };
const cursor = { route: 1, position: { number: 3, offset: 80, token: "tök/en==", size: 40, skip: 7 } };

test("a cursor comes back as it was, with another limit and the members in another order", () => {
  const text = encodeCursor(cursor, subject);
  expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
  const inputs = { limit: 9, cursor: text, order: { desc: true, by: "id" }, status: "open" };
  expect(decodeCursor(text, { ...subject, inputs })).toEqual(cursor);
});

test("T33 every changed character of a cursor is noticed", () => {
  const text = encodeCursor(cursor, subject);
  for (let at = 0; at < text.length; at++) {
    for (const other of ["A", "B", "9", "_"]) {
      if (other === text[at]) continue;
      expect(() => decodeCursor(text.slice(0, at) + other + text.slice(at + 1), subject)).toThrow(
        "cursor: not one that listTickets gave out",
      );
    }
  }
});

const foreign = {
  "of another tool": { ...subject, tool: "listAssets" },
  "of another API": { ...subject, api: "other" },
  "of other arguments": { ...subject, inputs: { ...subject.inputs, status: "closed" } },
  "of an argument more": { ...subject, inputs: { ...subject.inputs, tag: "x" } },
};

test.each(Object.entries(foreign))("T33 a cursor %s is refused", (_name, other) => {
  expect(() => decodeCursor(encodeCursor(cursor, other), subject)).toThrow(
    "Pass next_cursor of the answer before unchanged",
  );
});

const nonsense = [
  "",
  "x",
  "https://evil.example/?page=2",
  "null",
  "e30",
  encodeCursor(cursor, subject) + "=",
  " " + encodeCursor(cursor, subject),
];

test.each(nonsense)("T33 %j is no cursor", (text) => {
  expect(() => decodeCursor(text, subject)).toThrow(expect.objectContaining({ code: "invalid_cursor" }));
});

test("a cursor as long as an argument may be costs nothing", () => {
  expect(() => decodeCursor("A".repeat(4_000_000), subject)).toThrow(
    expect.objectContaining({ code: "invalid_cursor" }),
  );
});
