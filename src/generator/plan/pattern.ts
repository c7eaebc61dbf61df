/**
 * Says why a vendor's pattern is not enforced; undefined when it is.
 *
 * JavaScript's engine tries every way to match, so a pattern can take for ever on a text made for it (T22). Patterns are kept when the
 * ways are few by their shape alone: no repetition around a repetition or a choice, no looking around or back, and no two open
 * repetitions that could share a character, unless the text is short.
 */
export function enforceable(pattern: string, maxLength: unknown): string | undefined {
  if (pattern.length > 1000) return "it is longer than 1,000 characters";
  try {
    void new RegExp(pattern, "u");
  } catch {
    return "JavaScript does not know its grammar";
  }
  if (/\\[1-9k]/.test(pattern)) return "it looks back at what it matched";
  if (/\(\?<?[=!]/.test(pattern)) return "it looks around";
  const pieces = piecesOf(pattern);
  if (repeatsRepetition(pieces)) return "a repetition stands inside a repetition";
  const steps = sharingRepetitions(pieces) + (pattern.startsWith("^") ? 0 : 1);
  const short = typeof maxLength === "number" && maxLength <= 500; // characters: 500² steps are a millisecond
  return steps > (short ? 2 : 1) ? "it has several open repetitions" : undefined;
}

/** A piece of a pattern: what is matched, or a bracket of a group, and how often. */
interface Piece {
  readonly text: string;
  readonly times: string;
}

/** `^a+(b|[c-d]{2})*` → `^` · `a` `+` · `(` · `b` · `|` · `[c-d]` `{2}` · `)` `*`. */
function piecesOf(pattern: string): Piece[] {
  const piece =
    /(\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[0-9A-Fa-f]{4}|\\.|\[(?:\\.|[^\]])*\]|\(\?(?:<\w+>|:)|[^])((?:[*+?]|\{\d+(?:,\d*)?\})?)\??/gu;
  return [...pattern.matchAll(piece)].map(([, text = "", times = ""]) => ({ text, times }));
}

/** Whether a group that repeats or chooses is itself repeated. */
function repeatsRepetition(pieces: readonly Piece[]): boolean {
  const groups: { varies: boolean }[] = [];
  for (const { text, times } of pieces) {
    const opens = text.startsWith("(");
    if (opens) groups.push({ varies: false });
    const closed = text === ")" ? groups.pop() : undefined;
    const repeats = times !== "" && times !== "?";
    if (closed?.varies && repeats) return true;
    const outer = groups.at(-1);
    if (outer && !opens && (times !== "" || text === "|" || closed?.varies)) outer.varies = true;
  }
  return false;
}

/** Open repetitions, not counting those that end at a character which they themselves cannot match: `\d+` before `\.`. */
function sharingRepetitions(pieces: readonly Piece[]): number {
  const open = pieces.flatMap(({ times }, index) => (/^[*+]|,\}$/.test(times) ? [index] : []));
  return open.filter((index, order) => {
    const next = open[order + 1];
    const { text = "", times = "" } = pieces[index + 1] ?? {};
    const repeated = pieces[index]?.text ?? "";
    if (next === undefined || times !== "" || repeated === ")" || !/^(?:\\[^\w]|[^\\[(|).^$])$/u.test(text))
      return true;
    return new RegExp(`^(?:${repeated})$`, "u").test(text.replace("\\", ""));
  }).length;
}
