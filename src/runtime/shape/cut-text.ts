/**
 * Cuts a text at a length and says how much is missing.
 *
 *     cutText("abcdefgh", 3) → "abc … [5 more characters]"
 *
 * @param maxChars Characters kept; the words about the rest come on top.
 */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const kept = firstOf(text, maxChars);
  return `${kept} … [${(text.length - kept.length).toLocaleString("en-US")} more characters]`;
}

/** The beginning of a text, at most so many characters long and without half of one (a surrogate pair) at its end. */
export function firstOf(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, "");
}
