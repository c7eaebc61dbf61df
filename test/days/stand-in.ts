import { createHash } from "node:crypto";
import type { DayControl } from "./day.ts";

/** A request as the stand-in remembers it (docs/sandbox.md, Control). */
export interface Seen {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly operation?: string;
  readonly status?: number;
  /** Who was signed in, by the key of its collection. */
  readonly user?: unknown;
  readonly headers: readonly string[];
  /** Header → the first 16 hex digits of the SHA-256 of its value. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly violations?: readonly string[];
}

/** A stand-in for a vendor that runs within a server. */
export interface StandIn {
  requests(): Promise<readonly Seen[]>;
  counters(): Promise<Readonly<Record<string, number>>>;
  control(what: DayControl): Promise<void>;
}

/** How a server tells of its stand-in: `…, at http://127.0.0.1:41234/api`, or a line of its banner. */
export const TOLD_OF = /(?:invented data, at|Stand-in) +(http:\/\/127\.0\.0\.1:\d+)/;

/** Takes hold of the stand-in that a server has told of. */
export function standInOf(notes: string): StandIn {
  const url = TOLD_OF.exec(notes)?.[1];
  if (url === undefined) throw new Error(`no stand-in was told of:\n${notes}`);
  const read = async (name: string): Promise<unknown> => await (await fetch(`${url}/__sandbox/${name}`)).json();
  return {
    requests: async () => (await read("requests")) as readonly Seen[], // as documented
    counters: async () => (await read("counters")) as Readonly<Record<string, number>>, // likewise
    async control(what) {
      const [[name, value] = ["", undefined]] = Object.entries(what);
      const body = name === "expire" ? { what: value } : name === "user" ? { user: value } : value;
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/__sandbox/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`the stand-in does not know ${JSON.stringify(what)}: ${await answer.text()}`);
    },
  };
}

/** Words of a text that are credentials which the stand-in saw: alone, as a bearer token, or behind the word before them (`Ticket 5f2c…`). */
export function credentialsIn(text: string, seen: readonly Seen[]): readonly string[] {
  const known = new Set(seen.flatMap(({ credentials }) => Object.values(credentials)));
  const words = text.match(/[A-Za-z0-9._~+/=-]+/g) ?? []; // RFC 6750: what a bearer token is made of
  const shown = words.flatMap((word, index) => [word, `Bearer ${word}`, `${words[index - 1] ?? ""} ${word}`]);
  return [...new Set(shown)].filter((one) => known.has(hashOf(one)));
}

function hashOf(credential: string): string {
  return createHash("sha256").update(credential).digest("hex").slice(0, 16);
}
