import { expect, test } from "vitest";
import { capList, MAX_ANSWER_CHARACTERS } from "../../../src/runtime/shape/cap.ts";
import { capObject } from "../../../src/runtime/shape/cap-object.ts";

const list = (items: readonly unknown[]) => ({
  items,
  cursorAfter: (count: number) => (count < items.length ? `after ${count}` : "next page"),
  total: 900,
});

test("a list that fits is left as it is", () => {
  const { value, text } = capList(list([{ id: 1 }]));
  expect(value).toEqual({ items: [{ id: 1 }], next_cursor: "next page", total: 900 });
  expect(text).toBe(JSON.stringify(value));
});

test("T21 a list that is too long drops items from its end, and the cursor goes back to the first that is missing", () => {
  const items = Array.from({ length: 100 }, (_, id) => ({ id, body: "x".repeat(2_000) }));
  const { value, text } = capList(list(items));
  const shown = (value["items"] as unknown[]).length;
  expect(shown).toBe(19);
  expect(value["items"]).toEqual(items.slice(0, 19));
  expect(value["next_cursor"]).toBe("after 19");
  expect(value["notice"]).toBe(
    "Shows 19 of the 100 items read, since an answer holds at most 40,000 characters. Call again with cursor set to next_cursor for the rest.",
  );
  expect(text.length).toBeLessThanOrEqual(MAX_ANSWER_CHARACTERS);
  expect(text.length).toBeGreaterThan(MAX_ANSWER_CHARACTERS - 2_100);
});

test("T21 an item that is too long for an answer is cut, and the list can be got past it", () => {
  const { value, text } = capList(list([{ id: 1, body: "x".repeat(50_000) }, { id: 2 }]));
  expect(text.length).toBeLessThanOrEqual(MAX_ANSWER_CHARACTERS);
  expect(value["next_cursor"]).toBe("after 1");
  expect(value["items"]).toEqual([
    expect.objectContaining({ id: 1, body: expect.stringMatching(/x … \[[0-9,]+ more characters\]$/) }),
  ]);
});

test("T21 a list of 5 MB answers in time with valid JSON", { retry: 2 }, () => {
  const items = Array.from({ length: 5_000 }, (_, id) => ({ id, body: 'é"\n'.repeat(350) }));
  const before = performance.now();
  const { value, text } = capList(list(items));
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.length).toBeLessThanOrEqual(MAX_ANSWER_CHARACTERS);
});

test("an object cuts its longest texts first, and says which", () => {
  const object = {
    id: 1,
    subject: "s".repeat(150),
    description: "d".repeat(60_000),
    notes: [{ body: "n".repeat(30_000) }],
  };
  const { value, text } = capObject(object, MAX_ANSWER_CHARACTERS, "fetchTicket");
  expect(text.length).toBeLessThanOrEqual(MAX_ANSWER_CHARACTERS);
  expect(text.length).toBeGreaterThan(38_000);
  expect(value).toMatchObject({ id: 1, subject: object.subject });
  expect(value["notice"]).toMatch(
    /^Cut, since an answer holds at most 40,000 characters: description \(first 19,\d+ of 60,000 characters\), notes\[\]\.body \(first 19,\d+ of 30,000 characters\)\. To see more of it, ask for less at once with the arguments of fetchTicket\.$/,
  );
});

test("an object of long lists cuts them", () => {
  const { value, text } = capObject(
    { id: 1, rows: Array.from({ length: 20_000 }, (_, id) => ({ id })) },
    MAX_ANSWER_CHARACTERS,
  );
  expect(text.length).toBeLessThanOrEqual(MAX_ANSWER_CHARACTERS);
  expect(text.length).toBeGreaterThan(35_000);
  expect(value["notice"]).toMatch(/rows \(first 3,\d+ of 20,000\)/);
});

test("an object of very many members ends as the beginning of its JSON", () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field "${index}"`, index]));
  const { value, text } = capObject(many, MAX_ANSWER_CHARACTERS);
  expect(text.length).toBeLessThanOrEqual(MAX_ANSWER_CHARACTERS);
  expect(JSON.stringify(many).startsWith(String(value["excerpt"]))).toBe(true);
  expect(value["notice"]).toMatch(/^Only the first [0-9,]+ of [0-9,]+ characters of the answer's JSON\.$/);
});
