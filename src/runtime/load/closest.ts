/**
 * The names most like a word that is none of them, the most alike first; at most three.
 *
 *     closest("fetchTiket", ["fetchTicket", "createTicket"]) → ["fetchTicket"]
 */
export function closest(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  const most = Math.max(2, Math.floor(word.length / 3)); // a third of the letters may differ
  return names
    .map((name) => ({ name, steps: distance(wanted, name.toLowerCase()) }))
    .filter(({ steps }) => steps <= most)
    .sort((a, b) => a.steps - b.steps || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `"; did you mean fetchTicket?"`, or nothing when no name is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = closest(word, names);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
