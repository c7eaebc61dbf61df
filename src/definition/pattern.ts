/** What is known of a `pattern` before anything is matched with it. */
export type PatternVerdict =
  | { readonly enforced: true; readonly flags: "u" | "" }
  | { readonly enforced: false; readonly reason: string };

/** Steps that one character of an argument may cost, and one argument as a whole, at most. */
const MOST_WAYS_PER_CHARACTER = 100; // 50,000 characters take some milliseconds
const MOST_WAYS = 100_000;
/** A repetition of up to this many is counted, a longer one is taken for endless. */
const MOST_COUNTED = 1000;

const TOKEN =
  /\\k<|\\[1-9]|\\.|\[(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(\?<[^>]*>|\(\?:|\(|\)|\||(?:[*+?]|\{\d+(?:,\d*)?\})\??|[^]/gu;

interface Group {
  /** Ways to match it, tried one after another when what follows fails. */
  ways: number;
  alternatives: number;
}

/**
 * Decides whether a `pattern` of a schema is checked or only shown.
 *
 * The check is simple and errs on the safe side: it follows no pattern that looks around, refers back, repeats something that can itself
 * match in several ways, or repeats endlessly twice; each of them can take longer than anybody waits.
 *
 *     "^[a-z]{2,8}$" → enforced, with the flag `u`
 *     "^(a+)+$"      → not: a repetition inside a repetition
 *     "(?i)^abc$"    → not: JavaScript does not know it
 *
 * @param subject What is matched: a text of any length, or the name of a member, which is short.
 */
export function judgePattern(pattern: string, subject: "text" | "name" = "text"): PatternVerdict {
  const flags = compiles(pattern, "u") ? "u" : compiles(pattern, "") ? "" : undefined;
  if (flags === undefined) return { enforced: false, reason: "JavaScript does not know this syntax" };
  const reason = danger(pattern, subject);
  return reason === undefined ? { enforced: true, flags } : { enforced: false, reason };
}

/**
 * A pattern as everybody reads it: JSON Schema is read with the flag `u`, and vendors escape what needs no escape, which `u` forbids.
 *
 *     "^[a-z\\_\\:]+\\-$" → "^[a-z_:]+-$"
 *
 * @returns The same pattern when that does not help.
 * @see https://json-schema.org/draft/2020-12/json-schema-core#section-6.4
 */
export function unicodePattern(pattern: string): string {
  if (compiles(pattern, "u") || !compiles(pattern, "")) return pattern;
  let inClass = false;
  const plain = pattern.replaceAll(/\\[^]|[[\]]/g, (token) => {
    if (token === "[" || token === "]") inClass = token === "[";
    const needless = /^\\[^A-Za-z0-9^$\\.*+?()[\]{}|/]$/.test(token) && !(inClass && token === "\\-");
    return needless ? token.slice(1) : token;
  });
  return compiles(plain, "u") ? plain : pattern;
}

function danger(pattern: string, subject: "text" | "name"): string | undefined {
  const groups: Group[] = [{ ways: 1, alternatives: 1 }];
  let last = 1; // ways of the last atom
  let endless = 0;
  let final = false; // nothing follows an endless repetition: where that has begun, the whole has matched
  for (const [token] of pattern.matchAll(TOKEN)) {
    const group = groups.at(-1);
    if (!group) return "its brackets do not match";
    const repeat = repetition(token);
    final = groups.length === 1 && repeat !== undefined && isEndless(repeat) && repeat.min <= MOST_WAYS_PER_CHARACTER;
    if (token === "\\k<" || /^\\[1-9]$/.test(token)) return "it refers back to what was matched before";
    if (/^\(\?<?[=!]$/.test(token)) return "it looks around";
    if (repeat) {
      if (last > 1 && repeat.max > 1) return "a repetition inside a repetition";
      if (isEndless(repeat)) endless++;
      else group.ways *= repeat.max - repeat.min + 1;
      last = Math.max(last, repeat.max === repeat.min ? 1 : 2);
    } else if (token.startsWith("(")) groups.push({ ways: 1, alternatives: 1 });
    else if (token === ")") {
      groups.pop();
      last = group.ways * group.alternatives * (endless > 0 ? 2 : 1);
      const outer = groups.at(-1);
      if (outer) outer.ways *= group.ways * group.alternatives;
    } else if (token === "|") group.alternatives++;
    else last = 1;
  }
  const [whole] = groups;
  const ways = whole ? whole.ways * whole.alternatives : 1;
  const anchored = pattern.startsWith("^") && whole?.alternatives === 1;
  if (endless > 1) return "it repeats without end twice";
  const tried = endless > 0 && !anchored && !(final && whole?.alternatives === 1); // from every character, to the end
  if (tried && subject === "text") return "it repeats without end and does not begin with `^`";
  const most = endless > 0 || !anchored ? MOST_WAYS_PER_CHARACTER : MOST_WAYS;
  return ways > most ? "there are too many ways to match it" : undefined;
}

interface Repetition {
  readonly min: number;
  readonly max: number;
}

function isEndless({ max }: Repetition): boolean {
  return max > MOST_COUNTED;
}

function repetition(token: string): Repetition | undefined {
  const kind = token[0];
  if (token.startsWith("*")) return { min: 0, max: Infinity };
  if (token.startsWith("+")) return { min: 1, max: Infinity };
  if (token === "?" || token === "??") return { min: 0, max: 1 };
  const counted = kind === "{" ? /^\{(\d+)(,?)(\d*)\}/.exec(token) : null;
  if (!counted) return undefined;
  const min = Number(counted[1]);
  return { min, max: counted[2] === "" ? min : counted[3] === "" ? Infinity : Number(counted[3]) };
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp;
  } catch {
    return false;
  }
}
