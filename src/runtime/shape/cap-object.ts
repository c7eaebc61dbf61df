import { cutText, firstOf } from "./cut-text.ts";

interface Cut {
  readonly value: unknown;
  /** What is missing, by path: `body (first 8,000 of 52,000 characters)`. */
  readonly missing: readonly string[];
}

/** A value that fits, and its compact JSON. */
export interface Capped {
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Not all of it is there. */
  readonly truncated?: true;
}

/** Most that texts and lists keep. */
interface Bounds {
  readonly characters: number;
  readonly elements: number;
}

/** Shorter texts are names and numbers: cutting them would take more sense than space. */
const SHORTEST_TEXT = 200;
const LONGEST_LIST = 4_096;
/** Room kept for the words about what is missing. */
const NOTICE_CHARACTERS = 600;

/**
 * Makes an object fit: first its longest texts are cut, then its longest lists. A `notice` in it says what is missing.
 *
 * @param tool Named in the words about how to get the rest.
 */
export function capObject(object: Readonly<Record<string, unknown>>, maxCharacters: number, tool?: string): Capped {
  const whole = JSON.stringify(object);
  if (whole.length <= maxCharacters) return { value: object, text: whole };
  const budget = Math.max(0, maxCharacters - NOTICE_CHARACTERS);
  const fits = (bounds: Bounds) => JSON.stringify(cutTo(object, bounds, "").value).length <= budget;
  const textOnly = { characters: SHORTEST_TEXT, elements: Infinity };
  const cut = fits(textOnly)
    ? cutTo(
        object,
        {
          ...textOnly,
          characters: largest(SHORTEST_TEXT, maxCharacters, (characters) => fits({ ...textOnly, characters })),
        },
        "",
      )
    : cutTo(
        object,
        { ...textOnly, elements: largest(1, LONGEST_LIST, (elements) => fits({ ...textOnly, elements })) },
        "",
      );
  const value = { ...membersOf(cut.value), notice: noticeOf(cut.missing, maxCharacters, tool) };
  const text = JSON.stringify(value);
  return text.length <= maxCharacters ? { value, text, truncated: true } : excerpt(whole, maxCharacters);
}

/** The largest number in the range that passes, assuming that every smaller one does; `low` when none does. */
function largest(low: number, high: number, passes: (candidate: number) => boolean): number {
  let [best, from, to] = [low, low, high];
  while (from <= to) {
    const middle = Math.floor((from + to) / 2);
    if (passes(middle)) [best, from] = [middle, middle + 1];
    else to = middle - 1;
  }
  return best;
}

function cutTo(value: unknown, bounds: Bounds, path: string): Cut {
  if (typeof value === "string") return cutString(value, bounds, path);
  if (Array.isArray(value)) {
    const kept = value.slice(0, bounds.elements).map((item) => cutTo(item, bounds, `${path}[]`));
    const missing = kept.flatMap((cut) => cut.missing);
    if (value.length <= bounds.elements) return { value: kept.map((cut) => cut.value), missing };
    const note = `${path} (first ${count(bounds.elements)} of ${count(value.length)})`;
    return { value: kept.map((cut) => cut.value), missing: [note, ...missing] };
  }
  if (typeof value !== "object" || value === null) return { value, missing: [] };
  const cuts = Object.entries(value).map(
    ([key, member]) => [key, cutTo(member, bounds, path === "" ? key : `${path}.${key}`)] as const,
  );
  return {
    value: Object.fromEntries(cuts.map(([key, cut]) => [key, cut.value])),
    missing: cuts.flatMap(([, cut]) => cut.missing),
  };
}

function cutString(text: string, { characters }: Bounds, path: string): Cut {
  if (text.length <= characters) return { value: text, missing: [] };
  return {
    value: cutText(text, characters),
    missing: [`${path} (first ${count(characters)} of ${count(text.length)} characters)`],
  };
}

function noticeOf(missing: readonly string[], maxCharacters: number, tool: string | undefined): string {
  const named = [...new Set(missing)];
  const list = named
    .slice(0, 4)
    .join(", ")
    .slice(0, NOTICE_CHARACTERS / 2);
  const others = named.length > 4 ? ` and ${count(named.length - 4)} more` : "";
  const how = tool === undefined ? "" : ` To see more of it, ask for less at once with the arguments of ${tool}.`;
  return `Cut, since an answer holds at most ${count(maxCharacters)} characters: ${list}${others}.${how}`;
}

/** The last resort, for an object of very many small members: the beginning of its JSON, as text. */
function excerpt(json: string, maxCharacters: number): Capped {
  // A character of the excerpt takes two when it is a quote or a backslash, six when it is a control character.
  const kept = largest(0, maxCharacters, (length) => JSON.stringify(excerptOf(json, length)).length <= maxCharacters);
  const value = excerptOf(json, kept);
  return { value, text: JSON.stringify(value), truncated: true };
}

function excerptOf(json: string, length: number): Readonly<Record<string, unknown>> {
  return {
    excerpt: firstOf(json, length),
    notice: `Only the first ${count(length)} of ${count(json.length)} characters of the answer's JSON.`,
  };
}

function membersOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
