import { expect } from "vitest";
import type { Day } from "./day.ts";
import { credentialsIn, type Seen, type StandIn } from "./stand-in.ts";

/** What was told of a day: to the model, and to whoever reads the server's standard error. */
export interface Told {
  readonly answers: string;
  readonly notes: string;
}

/** Looks at everything that reached the stand-in: which credential went where, and that none of it was told to anybody. */
export async function expectWire({ wire }: Day, standIn: StandIn, told: Told): Promise<void> {
  const seen = await standIn.requests();
  expect(shownTo(seen), "T12, T13: headers with a credential, by server").toEqual(
    Object.fromEntries(Object.entries(wire.shown).map(([server, headers]) => [server, [...headers].sort()])),
  );
  expect(
    seen.filter(({ violations }) => violations),
    "headers that must not have come",
  ).toEqual([]);
  expect(await standIn.counters(), "what was given out").toEqual(wire.counters);
  for (const [where, text] of Object.entries(told)) {
    expect(credentialsIn(text, seen), `T35: credentials in ${where}`).toEqual([]);
    const signed = seen.filter(({ path }) => path.includes("signature=")).map(({ path }) => path);
    expect(
      signed.filter((path) => text.includes(path)),
      `T35: signed URLs in ${where}`,
    ).toEqual([]);
  }
}

/** Server → the headers with credentials that reached it, in any request. */
function shownTo(seen: readonly Seen[]): Readonly<Record<string, readonly string[]>> {
  const shown: Record<string, Set<string>> = {};
  for (const { server, credentials } of seen) {
    const names = (shown[server] ??= new Set());
    for (const name of Object.keys(credentials)) names.add(name);
  }
  return Object.fromEntries(Object.entries(shown).map(([server, names]) => [server, [...names].sort()]));
}
