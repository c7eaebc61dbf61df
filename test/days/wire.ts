import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { parse } from "yaml";
import type { SandboxFile } from "../../src/sandbox/sandbox-file.ts";
import type { Day } from "./day.ts";
import { credentialsIn, type Seen, type StandIn } from "./stand-in.ts";

/** What was told of a day: to the model, and to whoever reads the server's standard error. */
export interface Told {
  readonly answers: string;
  readonly notes: string;
}

/** Secrets that a stand-in begins with: values of the environment in its file that say so by how they begin. */
export function secretsOf(sandboxFile: string): readonly string[] {
  const { environment } = parse(readFileSync(sandboxFile, "utf8"), { merge: true }) as Pick<SandboxFile, "environment">; // it has run
  return Object.values(environment).filter((value) => value.startsWith("sandbox-"));
}

/** Looks at everything that reached the stand-in: which credential went where, and that none of it was told to anybody. */
export async function expectWire(
  { wire }: Pick<Day, "wire">,
  standIn: Pick<StandIn, "requests" | "counters">,
  told: Told,
  secrets: readonly string[],
): Promise<void> {
  const seen = await standIn.requests();
  expect(shownTo(seen), "T12, T13: headers with a credential, by server").toEqual(
    Object.fromEntries(Object.entries(wire.shown).map(([server, headers]) => [server, [...headers].sort()])),
  );
  expect(
    seen.filter(({ violations }) => violations),
    "headers that must not have come",
  ).toEqual([]);
  const groups = (wire.apart ?? []).map((servers) => hashesAt(seen, servers));
  for (const [index, own] of groups.entries()) {
    const others = new Set(groups.filter((_, other) => other !== index).flatMap((hashes) => [...hashes]));
    expect(
      [...own].filter((hash) => others.has(hash)),
      `credentials of ${String(wire.apart?.[index])} elsewhere`,
    ).toEqual([]);
  }
  expect(await standIn.counters(), "what was given out").toEqual(wire.counters);
  const signed = seen.filter(({ path }) => path.includes("signature=")).map(({ path }) => path);
  for (const [where, text] of Object.entries(told)) {
    expect(credentialsIn(text, seen), `T35: credentials in ${where}`).toEqual([]);
    const found = [...signed, ...secrets].filter((secret) => text.includes(secret));
    expect(found, `T35: secrets and signed URLs in ${where}`).toEqual([]);
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

function hashesAt(seen: readonly Seen[], servers: readonly string[]): ReadonlySet<string> {
  return new Set(
    seen.filter(({ server }) => servers.includes(server)).flatMap(({ credentials }) => Object.values(credentials)),
  );
}
