import type { Origin } from "../../diagnostics/diagnostic.ts";
import { child, children, isObject, own, type Node } from "../node.ts";

/** What merging tells: what it put where, and what did not fit. */
export interface MergeReport {
  /** A value of the overlay now stands at a place of the description. */
  readonly placed: (at: Origin, from: Origin) => void;
  /** An object, a list and a plain value do not merge with each other. */
  readonly mismatch: (at: Origin, from: Origin) => void;
}

/**
 * Merges a value into what an action targets (Overlay 1.1.0 §4.4.3.1). Objects are merged member by member, lists put one behind
 * the other, plain values replaced; anything goes to the end of a list that is itself the target.
 *
 * @returns what stands there now: the target itself where it could be changed in place.
 */
export function mergeTarget(target: Node, update: Node, report: MergeReport): unknown {
  if (!Array.isArray(target.value) || Array.isArray(update.value)) return merge(target, update, report);
  append(target, [update], report);
  return target.value;
}

function merge(target: Node, update: Node, report: MergeReport): unknown {
  if (target.value === undefined || target.value === null) return place(target, update, report); // `components:` with nothing in it
  if (isObject(target.value) && isObject(update.value)) {
    for (const [key, inner] of children(update)) put(target.value, key, merge(child(target, key), inner, report));
    return target.value;
  }
  if (Array.isArray(target.value) && Array.isArray(update.value)) {
    append(
      target,
      children(update).map(([, inner]) => inner),
      report,
    );
    return target.value;
  }
  if (isPlain(target.value) && isPlain(update.value)) return place(target, update, report);
  if (update.value !== null) report.mismatch(target.origin, update.origin); // null is what YAML makes of a name with nothing behind it
  return target.value;
}

function append(target: Node, added: readonly Node[], report: MergeReport): void {
  if (!Array.isArray(target.value)) return;
  for (const one of added) target.value.push(place(child(target, target.value.length), one, report));
}

function place(target: Node, update: Node, report: MergeReport): unknown {
  report.placed(target.origin, update.origin);
  return copyOf(update.value);
}

/** A copy of its own: what is put into several places must not change in all of them when one does. */
export function copyOf(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown); // JSON in, JSON out
}

/** Sets a member, whatever it is called: `__proto__` is a name like any other (T07). */
export function put(object: object, key: string | number, value: unknown): void {
  if (own(object, String(key)) === value) return;
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
