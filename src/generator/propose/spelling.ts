import { plural, singular, wordsOf } from "./words.ts";

/** Takes words that a path writes together apart, as the vendor's own sentences do: `daemonsets` → daemon, sets. */
export type Spelling = (word: string) => readonly string[];

const SHORTEST = 7; // letters: shorter words are hardly ever two
const LONGEST = 6; // words written as one: `mutating admission policy binding`

/**
 * Learns from summaries how words are spelled that paths write together.
 *
 *     "create a DaemonSet" → daemonsets is daemon sets     "Returns your invoice items" → invoiceitems is invoice items
 *
 * A word that the vendor's sentences write as one stays one: nobody splits `webhooks` because of one `web hook`.
 */
export function learnSpelling(sentences: readonly string[]): Spelling {
  const apart = new Map<string, readonly string[]>();
  const whole = new Set<string>();
  for (const sentence of sentences) {
    for (const [word] of sentence.matchAll(/[A-Za-z]+/g)) if (wordsOf(word).length === 1) whole.add(word.toLowerCase());
    for (const phrase of sentence.split(/[^A-Za-z0-9\s-]+/)) {
      const words = wordsOf(phrase);
      for (const start of words.keys())
        for (let count = 2; count <= LONGEST && start + count <= words.length; count++) {
          const part = words.slice(start, start + count);
          const joined = part.join("");
          if (joined.length >= SHORTEST && !apart.has(joined)) apart.set(joined, part);
        }
    }
  }
  return (word) => {
    if (word.length < SHORTEST || [word, singular(word), plural(word)].some((form) => whole.has(form))) return [word];
    for (const change of [(text: string) => text, singular, plural]) {
      const part = apart.get(change(word));
      if (part === undefined) continue;
      const last = part.at(-1) ?? "";
      const own = word.endsWith(last) ? last : [plural(last), singular(last)].find((form) => word.endsWith(form));
      const spelled = [...part.slice(0, -1), own ?? last];
      if (spelled.join("") === word) return spelled;
    }
    return [word];
  };
}
