import { isObject } from "./node.ts";

/** Members that merge keys may copy in all; honest files stay far below. */
const MOST_COPIED = 1_000_000;

/** Whether a text may have merge keys at all: one in prose is a false alarm that costs a walk. */
export function hasMergeKeys(text: string): boolean {
  return /(?:^|[\s{,])<<\s*:/m.test(text);
}

/**
 * Carries out the merge keys of a parsed YAML file: a member `<<` that holds a mapping, or several, stands for their members, and those
 * that are written beside it go before. YAML 1.2 has no such key, but every tool that vendors try their descriptions with reads it.
 *
 *     { <<: { a: 1, b: 2 }, b: 3 } → { a: 1, b: 3 }
 *
 * An object stays the one that it is, since aliases make it stand in several places.
 *
 * @returns false when that would copy far more than was written.
 */
export function mergeKeys(value: unknown): boolean {
  const seen = new Set<object>();
  let left = MOST_COPIED;
  const walk = (one: unknown): void => {
    if (typeof one !== "object" || one === null || seen.has(one)) return;
    seen.add(one);
    for (const inner of Object.values(one)) walk(inner); // what is merged has been merged itself by then
    if (left < 0 || !isObject(one) || !Object.hasOwn(one, "<<")) return;
    const sources = [one["<<"]].flat();
    if (!sources.every(isObject)) return; // a key like any other
    left -= merge(one, sources);
  };
  walk(value);
  return left >= 0;
}

/** @returns How many members were copied. */
function merge(
  target: Readonly<Record<string, unknown>>,
  sources: readonly Readonly<Record<string, unknown>>[],
): number {
  const own = Object.entries(target);
  const merged = new Map(own.filter(([key]) => key !== "<<"));
  const added = new Map<string, unknown>();
  for (const [key, inner] of sources.flatMap((source) => Object.entries(source))) {
    if (!merged.has(key) && !added.has(key)) added.set(key, inner);
  }
  const all = own.flatMap(([key, inner]) => (key === "<<" ? [...added] : [[key, inner] as const]));
  for (const [key] of own) Reflect.deleteProperty(target, key);
  for (const [key, inner] of all) {
    // Defined, for one may be called `__proto__`.
    Object.defineProperty(target, key, { value: inner, enumerable: true, configurable: true, writable: true });
  }
  return added.size;
}
