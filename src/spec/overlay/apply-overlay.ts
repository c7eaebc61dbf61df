import type { JSONPathNode } from "json-p3";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import { invalidJsonpath, overlayMismatch, overlayTargetNotFound } from "../../diagnostics/messages.ts";
import { child, textOf, type Node } from "../node.ts";
import { mergeTarget, put, type MergeReport } from "./merge.ts";
import type { Patches } from "./patches.ts";
import { readOverlay, type OverlayAction } from "./read-overlay.ts";

/** The description that overlays change in place, and what they tell. */
export interface Overlaid {
  readonly file: string;
  /** Must share no object between two places: a change would show in both. */
  readonly document: object;
  readonly patches: Patches;
  readonly report: (problem: Diagnostic) => void;
}

/** Applies an overlay to a description, action by action; each sees what the ones before it left. */
export async function applyOverlay(overlay: Node, overlaid: Overlaid): Promise<void> {
  const { actions, problems } = readOverlay(overlay);
  problems.forEach(overlaid.report);
  const { query } = await import("json-p3"); // only those who have overlays pay for it
  const select: Select = (expression, at) => {
    try {
      const { nodes } = query(expression, overlaid.document as Parameters<typeof query>[1]); // parsed JSON or YAML
      return unique(nodes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "it cannot be read";
      overlaid.report(invalidJsonpath({ at, expression, reason }));
      return undefined;
    }
  };
  for (const action of actions) applyAction(action, { ...overlaid, select });
}

/** The places that an expression means; undefined, with a report, when it is no JSONPath. */
type Select = (expression: string, at: Origin) => Path[] | undefined;
type Path = readonly (string | number)[];

interface Context extends Overlaid {
  readonly select: Select;
}

function applyAction({ node, target, change }: OverlayAction, context: Context): void {
  const { origin: at } = child(node, "target");
  const paths = context.select(target, at);
  if (paths?.length === 0) context.report(overlayTargetNotFound({ at, target, file: context.file }));
  if (!paths || change === "nothing") return;
  if (change === "remove") return remove(paths, at, context);
  const value = change === "copy" ? sourceOf(node, context) : child(node, "update");
  if (!value) return;
  const report: MergeReport = {
    placed: (place, from) => context.patches.add(place, change === "copy" ? value.origin : from),
    mismatch: (place, from) => context.report(overlayMismatch({ at: from, place })),
  };
  for (const path of paths) {
    const merged = mergeTarget(reach(path, context), value, report);
    const parent = reach(path.slice(0, -1), context).value;
    const key = path.at(-1); // undefined for the whole document: an object, which was changed in place
    if (key !== undefined && typeof parent === "object" && parent !== null) put(parent, key, merged);
  }
}

/** What is copied: one value of the description, with the place of the action. */
function sourceOf(action: Node, context: Context): Node | undefined {
  const { origin: at } = child(action, "copy");
  const source = textOf(action, "copy");
  const paths = context.select(source, at);
  const [path, ...others] = paths ?? [];
  if (path && others.length === 0) return { value: reach(path, context).value, origin: at };
  if (paths) context.report(overlayTargetNotFound({ at, target: source, file: context.file, found: paths.length }));
  return undefined;
}

function remove(paths: readonly Path[], at: Origin, context: Overlaid): void {
  // From the back: what goes from a list must not move what is to go before it does.
  for (const path of [...paths].sort(lastFirst)) {
    const { value: parent, origin } = reach(path.slice(0, -1), context);
    const key = path.at(-1);
    if (key === undefined) context.report(overlayMismatch({ at, place: origin }));
    else if (Array.isArray(parent)) {
      parent.splice(Number(key), 1);
      context.patches.forget(origin);
    } else if (typeof parent === "object" && parent !== null) Reflect.deleteProperty(parent, key);
  }
}

function lastFirst(one: Path, other: Path): number {
  const at = one.findIndex((token, index) => token !== other[index]);
  const [mine, theirs] = [one[at], other[at]];
  if (typeof mine === "number" && typeof theirs === "number") return theirs - mine;
  return other.length - one.length;
}

function reach(path: Path, { document, file }: Overlaid): Node {
  return path.reduce(child, { value: document, origin: { file, pointer: "" } });
}

/** RFC 9535 §2.7.2: a selector may name a place twice; it is changed once. */
function unique(nodes: readonly JSONPathNode[]): Path[] {
  return [...new Map(nodes.map(({ location }) => [JSON.stringify(location), location])).values()];
}
