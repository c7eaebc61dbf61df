import { expect, test } from "vitest";
import { fairTurns } from "../../../src/runtime/serve/turns.ts";

const signal = () => new AbortController().signal;
const take = async (turns: ReturnType<typeof fairTurns>, caller: string, count: number) =>
  await Promise.all(Array.from({ length: count }, () => turns.take(caller, signal())));

test("a caller has eight turns, and another has eight of his own", async () => {
  const turns = fairTurns();
  await take(turns, "one", 8);
  await take(turns, "two", 8);
  expect(turns.waiting).toBe(0);
});

test("who waits comes up in turn", async () => {
  const turns = fairTurns();
  const [end] = await take(turns, "one", 8);
  const came: string[] = [];
  const ninth = turns.take("one", signal()).then((endNinth) => (came.push("ninth"), endNinth));
  const tenth = turns.take("one", signal()).then(() => came.push("tenth"));
  expect(turns.waiting).toBe(2);
  end?.();
  (await ninth)();
  await tenth;
  expect(came).toEqual(["ninth", "tenth"]);
  expect(turns.waiting).toBe(0);
});

test("who has waited too long is refused, and so is whoever comes when a hundred wait", async () => {
  const turns = fairTurns(50);
  await take(turns, "one", 8);
  const waiting = Array.from({ length: 100 }, () => turns.take("one", signal()).catch((error: unknown) => error));
  await expect(turns.take("one", signal())).rejects.toMatchObject({ code: "rate_limited", facts: { retryable: true } });
  expect(turns.waiting).toBe(100);
  for (const refused of await Promise.all(waiting)) expect(refused).toMatchObject({ code: "rate_limited" });
  expect(turns.waiting).toBe(0);
});

test("who goes while waiting gives up his place", async () => {
  const turns = fairTurns();
  const [end] = await take(turns, "one", 8);
  const leaving = new AbortController();
  const gone = turns.take("one", leaving.signal);
  const next = turns.take("one", signal());
  leaving.abort();
  await expect(gone).rejects.toMatchObject({ name: "AbortError" });
  end?.();
  (await next)();
});

const SHARE = { atATime: 3, waiting: 5, altogether: 4, whose: "Your network has" };

test("all lines together have so many turns, and the next goes to the line that has fewest", async () => {
  const turns = fairTurns(undefined, SHARE);
  const [first] = await take(turns, "one", 3);
  const [second] = await take(turns, "two", 1);
  const came: string[] = [];
  const wait = async (line: string) => await turns.take(line, signal()).then((end) => (came.push(line), end));
  const waiting = ["one", "one", "two", "three"].map(wait);
  expect(turns.waiting).toBe(4);
  first?.();
  await expect.poll(() => came).toEqual(["three"]);
  second?.();
  await expect.poll(() => came).toEqual(["three", "two"]);
  (await waiting[3])?.();
  await expect.poll(() => came).toEqual(["three", "two", "one"]);
  (await waiting[2])?.();
  expect(turns.waiting).toBe(1); // three of its line run
  (await waiting[0])?.();
  await Promise.all(waiting);
  expect(turns.waiting).toBe(0);
});

test("a line in which nobody runs waits for the others, and is forgotten when it gives up", async () => {
  const turns = fairTurns(30, SHARE);
  const ends = [...(await take(turns, "one", 3)), ...(await take(turns, "two", 1))];
  await expect(turns.take("three", signal())).rejects.toMatchObject({ code: "rate_limited" });
  for (const end of ends) end();
  await take(turns, "three", 3);
});
