import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import {
  fileTooLarge,
  fileUnreadable,
  refLoop,
  refNotASpecFile,
  refNotFound,
  refOutsideProject,
  refRemote,
} from "../diagnostics/messages.ts";
import { findIdentified } from "./identifiers.ts";
import { nearest } from "../definition/nearest.ts";
import { child, escapeToken, isObject, own, placeKey, pointerTokens, type Node } from "./node.ts";
import { MAX_FILE_BYTES } from "./read-file.ts";
import { readReference, type Target } from "./reference.ts";
import type { DocumentProblem, Documents } from "./spec.ts";

/** Collects what is wrong on the way. */
export type Report = (diagnostic: Diagnostic) => undefined;

/**
 * Follows a reference to the value that it means, through any number of further references.
 * A node without `$ref` is returned as it is; undefined, with a report, when a reference leads nowhere.
 */
export function follow(node: Node, documents: Documents, report: Report): Node | undefined {
  if (refOf(node.value) === undefined) return node;
  let current = node;
  const seen = new Set<string>();
  while (true) {
    const ref = refOf(current.value);
    if (ref === undefined) return current;
    const at = child(current, "$ref").origin;
    if (seen.has(placeKey(current.origin))) return report(refLoop({ at, ref }));
    seen.add(placeKey(current.origin));
    const next = followOnce(current, documents, report);
    if (!next) return undefined;
    current = next;
  }
}

/** Places that references of a file lead to: a description names each of its schemas a hundred times. */
const followed = new WeakMap<Documents, Map<string, Node>>();

/** Follows one reference to the place that it names, which may hold another one. */
export function followOnce(node: Node, documents: Documents, report: Report): Node | undefined {
  const ref = refOf(node.value) ?? "";
  if (documents.identifiers) return followNew(node, ref, documents, report); // there it depends on what stands around it
  const known = followed.get(documents) ?? new Map<string, Node>();
  const key = `${node.origin.file} ${ref}`;
  const target = known.get(key) ?? followNew(node, ref, documents, report);
  if (target) followed.set(documents, known.set(key, target));
  return target;
}

function followNew(node: Node, ref: string, documents: Documents, report: Report): Node | undefined {
  const at = child(node, "$ref").origin;
  const identified = lookUpIdentified(ref, node, documents);
  if (identified) return identified;
  const target = readReference(ref, node.origin.file);
  if (target.kind !== "place") return report(refusal(target.kind, at, ref));
  const problem = documents.problems.get(target.file);
  if (problem) {
    return report(missingFile(problem, target.file, at, ref));
  }
  const found = lookUp(documents, target, 0);
  return found ?? report(refNotFound({ at, ref, near: nearRefs(documents, target, ref) }));
}

/** The `$ref` of a reference object; undefined for everything else, also for a property that is named `$ref`. */
export function refOf(value: unknown): string | undefined {
  const ref = isObject(value) ? own(value, "$ref") : undefined;
  return typeof ref === "string" ? ref : undefined;
}

/** What a reference means by an `$id`, an `$anchor` or a `$self`; many write an `$id` and mean pointers from the top all the same. */
function lookUpIdentified(ref: string, node: Node, documents: Documents): Node | undefined {
  const { identifiers, values } = documents;
  const place = identifiers && findIdentified(ref, node, values, identifiers);
  return place && lookUp(documents, { kind: "place", ...place }, 0);
}

type Place = Extract<Target, { kind: "place" }>;

const MOST_HOPS = 32; // references that one pointer may lead through; real ones need one or two

/** Walks a pointer; where a token is missing and the value is itself a reference, goes on behind that. */
function lookUp(documents: Documents, { file, pointer }: Place, hops: number): Node | undefined {
  let node: Node = { value: documents.values.get(file), origin: { file, pointer: "" } };
  const tokens = pointerTokens(pointer);
  for (const [index, token] of tokens.entries()) {
    const next = child(node, token);
    if (next.value !== undefined) {
      node = next;
      continue;
    }
    const ref = refOf(node.value);
    const through = ref === undefined ? undefined : readReference(ref, node.origin.file);
    if (through?.kind !== "place" || hops >= MOST_HOPS) return undefined;
    const rest = tokens.slice(index).map((one) => `/${escapeToken(one)}`);
    return lookUp(documents, { ...through, pointer: through.pointer + rest.join("") }, hops + 1);
  }
  return node.value === undefined ? undefined : node;
}

function refusal(kind: "remote" | "outside" | "malformed", at: Origin, ref: string): Diagnostic {
  if (kind === "remote") return refRemote({ at, ref });
  return kind === "outside" ? refOutsideProject({ at, ref }) : refNotFound({ at, ref });
}

function missingFile(problem: DocumentProblem, file: string, at: Origin, ref: string): Diagnostic {
  if (problem.kind === "syntax") return problem.diagnostic;
  if (problem.kind === "outside") return refOutsideProject({ at, ref });
  if (problem.kind === "ending") return refNotASpecFile({ at, ref });
  if (problem.kind === "too large") return fileTooLarge({ at, file, bytes: problem.bytes, maxBytes: MAX_FILE_BYTES });
  if (problem.kind === "unreadable") return fileUnreadable({ at, file, reason: problem.reason });
  return refNotFound({ at, ref });
}

/** References to close names in the same part of the file. */
function nearRefs(documents: Documents, { file, pointer }: Place, ref: string): { name: string; at: Origin }[] {
  const cut = pointer.lastIndexOf("/");
  const siblings =
    cut === -1 ? undefined : lookUp(documents, { kind: "place", file, pointer: pointer.slice(0, cut) }, 0);
  if (!siblings || !isObject(siblings.value)) return [];
  const wanted = pointerTokens(pointer.slice(cut))[0] ?? "";
  const path = ref.includes("#") ? ref.slice(0, ref.indexOf("#")) : "";
  return nearest(wanted, Object.keys(siblings.value)).map((name) => {
    const { origin } = child(siblings, name);
    return { name: `${path}#${origin.pointer}`, at: { ...origin, key: true } };
  });
}
