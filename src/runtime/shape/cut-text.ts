/**
 * Cuts a text at a length and says how much is missing.
 *
 *     cutText("abcdefgh", 3) → "abc … [5 more characters]"
 *
 * @param maxChars Characters kept; the words about the rest come on top.
 */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const kept = text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, ""); // never half of a surrogate pair
  return `${kept} … [${(text.length - kept.length).toLocaleString("en-US")} more characters]`;
}
