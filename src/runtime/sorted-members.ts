/**
 * A value of which only the content counts, to make a digest of: the members of every object stand in one order, since a client may send
 * them in another the next time.
 *
 *     { b: 1, a: [{ d: 2, c: 3 }] } → [["a", [[["c", 3], ["d", 2]]]], ["b", 1]]
 */
export function sortedMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedMembers);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sortedMembers(member)]);
}
