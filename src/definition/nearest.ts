/**
 * Finds the names that a person probably meant, best first, at most three.
 *
 *     nearest("listTicket", ["listTickets", "getTicket", "ping"]) → ["listTickets"]
 *
 * A name is close when a third of its letters or fewer must change, or when one contains the other; capitals do not count.
 */
export function nearest(word: string, candidates: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(candidates)) {
    const score = distanceIfClose(wanted, name.toLowerCase());
    if (score !== undefined) scored.push({ name, score });
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  const most = Math.max(2, 2 * (scored[0]?.score ?? 0)); // beside a near hit, far ones are noise
  return scored
    .filter(({ score }) => score <= most)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A score, small for close names; undefined when the two have little in common. */
function distanceIfClose(wanted: string, name: string): number | undefined {
  const longer = Math.max(wanted.length, name.length);
  if (longer > 200) return undefined; // characters; nobody mistypes names of that length, and the table below is quadratic
  const allowed = Math.max(1, Math.floor(longer / 3));
  if (Math.abs(wanted.length - name.length) <= allowed) {
    const distance = editDistance(wanted, name);
    if (distance <= allowed) return distance;
  }
  const shorter = Math.min(wanted.length, name.length);
  const contained = shorter >= 3 && (name.includes(wanted) || wanted.includes(name)); // two letters are in every name
  return contained ? longer - shorter : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + same);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** `"; did you mean fetchTicket?"`, or nothing when no name is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}
