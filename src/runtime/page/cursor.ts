import { createHash } from "node:crypto";
import { Problem } from "../problem.ts";
import { sortedMembers } from "../sorted-members.ts";
import type { Position } from "./position.ts";

/** A place in a list, and which of the tool's calls reads it. */
export interface Cursor {
  readonly route: number;
  readonly position: Position;
}

/** What a cursor belongs to; it is of no use anywhere else. */
export interface CursorSubject {
  readonly api: string;
  readonly tool: string;
  /** The arguments of the call; `limit` and `cursor` may change from page to page and are left out. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Key of whoever asked; undefined: whoever started the server. */
  readonly caller?: string | undefined;
}

/** A vendor's page token is a few hundred characters at most; a longer cursor is not one of ours. */
const MAX_LENGTH = 8_192;
const VERSION = 1;

/**
 * Writes a cursor: base64url of `[version, route, number, offset, size, skip, token, digest]`.
 *
 * The digest covers the place and what the cursor belongs to, so that a changed cursor, or one of another call, is told at once.
 * It is no secret: with a forged cursor a caller reaches pages of the list that he may read anyway, and never a URL.
 */
export function encodeCursor({ route, position }: Cursor, subject: CursorSubject): string {
  const { number, offset, size, skip, token } = position;
  const place = [VERSION, route, number, offset, size, skip, token ?? null];
  return Buffer.from(JSON.stringify([...place, digest(place, subject)])).toString("base64url");
}

/**
 * Reads a cursor back.
 *
 * @throws {Problem} `invalid_cursor` when it is not exactly what {@link encodeCursor} wrote for this tool and these arguments.
 */
export function decodeCursor(text: string, subject: CursorSubject): Cursor {
  const [version, route, number, offset, size, skip, token] = parts(text);
  const readable =
    version === VERSION &&
    isCount(route) &&
    isCount(number, 1) &&
    isCount(offset) &&
    isCount(size, 1) &&
    isCount(skip) &&
    (token === null || typeof token === "string");
  if (!readable) throw invalidCursor(subject.tool);
  const cursor = { route, position: { number, offset, size, skip, token: token ?? undefined } };
  // Written again, it must come out the same to the character: that compares the digest and leaves no second spelling.
  if (encodeCursor(cursor, subject) !== text) throw invalidCursor(subject.tool);
  return cursor;
}

/** The problem of a cursor that is not ours, or not of this call. */
export function invalidCursor(tool: string): Problem {
  return new Problem(
    "invalid_cursor",
    `cursor: not one that ${tool} gave out for these arguments. Pass next_cursor of the answer before unchanged, with the same arguments (only limit may differ), or leave cursor out to begin again.`,
    { arguments: [{ argument: "cursor", message: "not a next_cursor of this tool with these arguments" }] },
  );
}

function parts(text: string): readonly unknown[] {
  if (text.length > MAX_LENGTH) return [];
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isCount(value: unknown, least = 0): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

function digest(place: readonly unknown[], { api, tool, inputs, caller }: CursorSubject): string {
  const { limit: _limit, cursor: _cursor, ...asked } = inputs;
  return createHash("sha256")
    .update(JSON.stringify([place, api, tool, sortedMembers(asked), ...(caller === undefined ? [] : [caller])]))
    .digest("base64url")
    .slice(0, 16);
}
