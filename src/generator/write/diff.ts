/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Changed lines beyond which the shortest way from one text to the other is not worth its time. */
const MOST_EDITS = 2000;

interface Line {
  readonly kind: " " | "-" | "+";
  readonly text: string;
}

/**
 * A unified diff of two texts; "" when they are the same.
 *
 *     --- generated/acme/index.ts
 *     +++ generated/acme/index.ts (as it would be generated)
 *     @@ -4,3 +4,3 @@
 *      name: "acme",
 *     -title: "Acme",
 *     +title: "Acme Inc.",
 */
export function unifiedDiff(file: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return "";
  const lines = compare(linesOf(before ?? ""), linesOf(after ?? ""));
  const head = [
    `--- ${before === undefined ? "/dev/null" : file}`,
    `+++ ${after === undefined ? "/dev/null" : `${file} (as it would be generated)`}`,
  ];
  return `${[...head, ...hunks(lines)].join("\n")}\n`;
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function compare(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  return [
    ...before.slice(0, start).map((text) => ({ kind: " ", text }) as const),
    ...shortest(old, fresh),
    ...before.slice(before.length - end).map((text) => ({ kind: " ", text }) as const),
  ];
}

/**
 * The fewest lines taken out and put in.
 *
 * @see E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), figure 2
 */
function shortest(before: readonly string[], after: readonly string[]): Line[] {
  const most = Math.min(before.length + after.length, MOST_EDITS);
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= most; edits++) {
    trace.push(reach);
    const next = new Map(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = goesDown(reach, diagonal, edits) ? (reach.get(diagonal + 1) ?? 0) : (reach.get(diagonal - 1) ?? 0) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(trace, before, after);
    }
    reach = next;
  }
  return [
    ...before.map((text) => ({ kind: "-", text }) as const),
    ...after.map((text) => ({ kind: "+", text }) as const),
  ];
}

function walkBack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const from = goesDown(reach, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const fromX = reach.get(from) ?? 0;
    const fromY = fromX - from;
    while (x > fromX && y > fromY && x > 0 && y > 0) lines.push({ kind: " ", text: before[(y--, --x)] ?? "" });
    if (edits === 0) break;
    lines.push(from > diagonal ? { kind: "+", text: after[fromY] ?? "" } : { kind: "-", text: before[fromX] ?? "" });
    x = fromX;
    y = fromY;
  }
  return lines.reverse();
}

function goesDown(reach: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1);
}

function hunks(lines: readonly Line[]): string[] {
  const shown = new Set<number>();
  lines.forEach(({ kind }, i) => {
    if (kind !== " ") for (let near = i - CONTEXT; near <= i + CONTEXT; near++) shown.add(near);
  });
  const out: string[] = [];
  let old = 1;
  let fresh = 1;
  for (let i = 0; i < lines.length;) {
    const hunk: Line[] = [];
    const [oldStart, freshStart] = [old, fresh];
    for (let line = lines[i]; line && shown.has(i); line = lines[++i]) {
      hunk.push(line);
      if (line.kind !== "+") old++;
      if (line.kind !== "-") fresh++;
    }
    if (hunk.length > 0) {
      const counts = [old - oldStart, fresh - freshStart];
      out.push(`@@ -${span(oldStart, counts[0])} +${span(freshStart, counts[1])} @@`);
      out.push(...hunk.map(({ kind, text }) => `${kind}${text}`));
    } else {
      i++; // an unchanged line that is far from any change
      old++;
      fresh++;
    }
  }
  return out;
}

/** A hunk without lines on a side starts before its first line (GNU diffutils, "Detailed Unified"). */
function span(start: number, count = 0): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}
