import type { Diagnostic, Note, Origin } from "../diagnostic.ts";

/** What a message says, besides its code and severity. */
export interface MessageText {
  readonly at: Origin;
  readonly message: string;
  readonly help: string;
  readonly notes?: readonly Note[];
}

/** Makes a diagnostic that stops the run. Every code is written as the first argument of this or of {@link warning}. */
export function error(code: string, { at, message, help, notes = [] }: MessageText): Diagnostic {
  return { code, severity: "error", message: readable(message), at, notes, help: readable(help) };
}

/** Makes a diagnostic that is shown and stops nothing. */
export function warning(code: string, { at, message, help, notes = [] }: MessageText): Diagnostic {
  return { code, severity: "warning", message: readable(message), at, notes, help: readable(help) };
}

/** What was pasted in the wrong place may be a page without a space: its beginning says which it is. */
function readable(text: string): string {
  return text.replaceAll(/\S{200,}/g, (word) => `${word.slice(0, 80)}…`);
}

/** Quotes the user's text, cut where a line would become unreadable: `"listTicket"`. */
export function quote(text: string): string {
  const most = 80; // characters; longer names are vendor accidents, and the excerpt shows them in full
  return text.length > most ? `"${text.slice(0, most)}…"` : `"${text}"`;
}

/** Writes alternatives as prose: `["a", "b", "c"]` → `a, b or c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

/** A close name and where it is defined. */
export interface Near {
  readonly name: string;
  readonly at?: Origin;
}

/** Notes that point at the close names whose place is known. */
export function nearNotes(near: readonly Near[]): Note[] {
  return near.flatMap(({ name, at }) => (at ? [{ at, message: `${quote(name)} is defined here` }] : []));
}
