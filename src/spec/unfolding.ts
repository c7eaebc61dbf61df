/** Values that the aliases of a file may stand for in all, beyond ten times what was written; honest files stay far below. */
const MOST_UNFOLDED = 10_000;

const DEEPEST = 1_000; // aliases can nest deeper than the text does

/**
 * Whether the aliases of a parsed YAML file unfold to far more than was written, or into themselves.
 * The parser makes one object stand in several places, which costs nothing until somebody walks it.
 */
export function unfoldsTooFar(value: unknown): boolean {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (one: unknown, depth: number): number => {
    if (typeof one !== "object" || one === null) return 1;
    const known = sizes.get(one);
    if (known !== undefined) return known;
    if (open.has(one) || depth > DEEPEST) return Infinity;
    open.add(one);
    let size = 1;
    for (const inner of Object.values(one)) size += sizeOf(inner, depth + 1);
    open.delete(one);
    sizes.set(one, size);
    return size;
  };
  const size = sizeOf(value, 0);
  return size > MOST_UNFOLDED && size > 10 * written(sizes.keys());
}

function written(objects: Iterable<object>): number {
  let count = 0;
  for (const one of objects) count += Object.keys(one).length;
  return count;
}
