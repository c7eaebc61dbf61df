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
