import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { invalidOverlay } from "../../diagnostics/messages.ts";
import { child, children, isObject, own, textOf, type Node } from "../node.ts";

/** One change of an overlay. */
export interface OverlayAction {
  readonly node: Node;
  /** JSONPath (RFC 9535) of what is changed. */
  readonly target: string;
  /** What is done: `remove` wins over the others, and `copy` over `update`. */
  readonly change: "remove" | "copy" | "update" | "nothing";
}

/** What reading an overlay came to; with problems there are no actions. */
export interface Overlay {
  readonly actions: readonly OverlayAction[];
  readonly problems: readonly Diagnostic[];
}

/** What a member must be, in words and as a check. */
interface Member {
  readonly is: (value: unknown) => boolean;
  readonly expected: string;
  readonly required?: true;
}

const text: Member = { is: (value) => typeof value === "string", expected: "a text" };
const anything: Member = { is: () => true, expected: "a value" };
const flag: Member = { is: (value) => typeof value === "boolean", expected: "true or false" };

const OVERLAY: Readonly<Record<string, Member>> = {
  overlay: {
    is: (value) => typeof value === "string" && /^1\.[0-2]\.\d+$/.test(value),
    expected: "the version `1.0.0` or `1.1.0`, in quotes",
    required: true,
  },
  info: { is: isObject, expected: "an object with `title` and `version`", required: true },
  extends: text,
  actions: { is: isListOfDifferent, expected: "a list of actions, each of them once", required: true },
};
const INFO: Readonly<Record<string, Member>> = {
  title: { ...text, required: true },
  version: { ...text, expected: "a text, in quotes", required: true },
  description: text,
};
const ACTION: Readonly<Record<string, Member>> = {
  target: {
    is: (value) => typeof value === "string" && value.startsWith("$"),
    expected: "a JSONPath that begins with `$`",
    required: true,
  },
  description: text,
  update: anything,
  remove: flag,
};
/** Actions can copy since 1.1. */
const ACTION_1_1: typeof ACTION = { ...ACTION, copy: text };

/** Reads an OpenAPI Overlay, version 1.0 or 1.1. Whatever the specification does not allow is a problem: nobody but us reads it. */
export function readOverlay(root: Node): Overlay {
  if (!isObject(root.value)) {
    return {
      actions: [],
      problems: [invalidOverlay({ at: root.origin, expected: "an object with `overlay: 1.0.0`" })],
    };
  }
  const members = String(own(root.value, "overlay")).startsWith("1.0.") ? ACTION : ACTION_1_1;
  const actions = children(child(root, "actions")).map(([, action]) => action);
  const problems = [
    ...check(root, OVERLAY),
    ...check(child(root, "info"), INFO),
    ...actions.flatMap((action) =>
      isObject(action.value)
        ? check(action, members)
        : [invalidOverlay({ at: action.origin, expected: "an action with a `target`" })],
    ),
  ];
  return { actions: problems.length > 0 ? [] : actions.map(readAction), problems };
}

function readAction(node: Node): OverlayAction {
  const has = (key: string): boolean => own(node.value, key) !== undefined;
  const change = own(node.value, "remove") === true ? "remove" : (["copy", "update"] as const).find(has);
  return { node, target: textOf(node, "target"), change: change ?? "nothing" };
}

/** Members that are wrong, missing or unknown; those of the user begin with `x-`. */
function check(node: Node, members: Readonly<Record<string, Member>>): Diagnostic[] {
  if (!isObject(node.value)) return [];
  const problems = Object.entries(members).flatMap(([key, { is, expected, required }]) => {
    const member = child(node, key);
    if (member.value === undefined) {
      return required ? [invalidOverlay({ at: node.origin, expected: `\`${key}:\` with ${expected}` })] : [];
    }
    return is(member.value) ? [] : [invalidOverlay({ at: member.origin, expected })];
  });
  const unknown = children(node).filter(([key]) => !Object.hasOwn(members, key) && !key.startsWith("x-"));
  const known = Object.keys(members).map((key) => `\`${key}\``);
  const expected = `${known.slice(0, -1).join(", ")} or ${known.at(-1) ?? ""}`;
  return [...problems, ...unknown.map(([, { origin }]) => invalidOverlay({ at: { ...origin, key: true }, expected }))];
}

function isListOfDifferent(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && new Set(value.map((one) => JSON.stringify(one))).size === value.length
  );
}
