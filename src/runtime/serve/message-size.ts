/** Values that one message may hold, wherever they stand in it: five times as many as the arguments of a call. */
export const MOST_VALUES = 50_000;

const [QUOTE, BACKSLASH] = ['"', "\\"].map((character) => character.charCodeAt(0));
/** Each begins a value, or comes before one. */
const BEFORE_VALUE: ReadonlySet<number> = new Set(["[", "{", ","].map((character) => character.charCodeAt(0)));

/**
 * Whether a message has more values than anybody would look at. Of 4 MiB of `"a":1,` schemas make hundreds of thousands of objects, for
 * seconds in which nobody else is served; to count commas takes some milliseconds, and is done before anything is parsed (T23).
 *
 * @param text Any text: what is no JSON is found out by whoever parses it.
 */
export function holdsTooMuch(text: string): boolean {
  let values = 1;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (BEFORE_VALUE.has(code) && ++values > MOST_VALUES) return true;
  }
  return false;
}
