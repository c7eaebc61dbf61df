import type { z } from "zod";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import { invalidSetting } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import {
  exampleOf,
  expected,
  found,
  grammarAt,
  keysOf,
  memberOf,
  namesOf,
  withoutSlip,
  type Grammar,
} from "./expectation.ts";
import type { SettingSchema } from "./json-schema.ts";
import { keyOf, within } from "./origin.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The data that a schema refused, with its place and its grammar. */
export interface Refused {
  readonly data: unknown;
  readonly origin: Origin;
  readonly grammar: Grammar;
}

/** Says the issues of Zod in the words of tools.yaml: what is expected at which place, with an example. */
export function settingProblems(issues: readonly Issue[], refused: Refused): Diagnostic[] {
  return issues.flatMap((issue) => problemsOf(issue, [], refused));
}

function problemsOf(issue: Issue, prefix: Path, refused: Refused): Diagnostic[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key, refused));
  if (issue.code === "invalid_key") return [wrongKey(path, refused)];
  if (issue.code === "custom") return [ownWords(issue, path, refused)];
  const branch = issue.code === "invalid_union" ? likeliest(issue.errors) : undefined;
  return branch ? branch.flatMap((inner) => problemsOf(inner, path, refused)) : wrongValue(path, refused);
}

/** The alternative whose shape was right and whose inside was not, with the fewest complaints. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const shaped = branches.filter((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === "unrecognized_keys" || code === "custom"),
  );
  return shaped.sort((one, other) => one.length - other.length)[0];
}

function unknownKey(path: Path, key: string, { data, origin, grammar }: Refused): Diagnostic {
  const known = keysOf(grammarAt(grammar, data, path));
  const at = keyOf(within(origin, ...path, key));
  return invalidSetting({ at, problem: { kind: "unknown key", key, near: nearest(key, known), known } });
}

function wrongKey(path: Path, { data, origin, grammar }: Refused): Diagnostic {
  const node = namesOf(grammarAt(grammar, data, path.slice(0, -1)));
  const problem = {
    kind: "wrong value",
    expected: expected(node),
    got: found(String(path.at(-1))),
    ...example(node),
  } as const;
  return invalidSetting({ at: keyOf(within(origin, ...path)), problem });
}

function wrongValue(path: Path, refused: Refused): Diagnostic[] {
  const { data, origin } = refused;
  const value = path.reduce(memberOf, data);
  const node = grammarAt(refused.grammar, data, path);
  const key = path.at(-1);
  if (value === undefined && typeof key === "string") {
    const above = path.slice(0, -1);
    const written = Object.keys(Object(above.reduce(memberOf, data)));
    if (isMisspelt(key, written, keysOf(grammarAt(refused.grammar, data, above)))) return []; // told as the key that nobody knows
    const at = within(origin, ...above);
    const problem = { kind: "missing key", key, example: `${key}: ${exampleOf(node) ?? "…"}` } as const;
    return [invalidSetting({ at: at.pointer === "" ? at : keyOf(at), problem })];
  }
  const problem = {
    kind: "wrong value",
    expected: expected(node),
    got: found(value),
    ...example(node, withoutSlip(node, value)),
  } as const;
  return [invalidSetting({ at: within(origin, ...path), problem })];
}

/** Whether one of the keys that are written is no setting, and was probably meant to be the missing one. */
export function isMisspelt(missing: string, written: readonly string[], known: readonly string[]): boolean {
  return written.some((key) => !known.includes(key) && nearest(key, known)[0] === missing);
}

/** A check of ours says itself what it expects. */
function ownWords(issue: z.core.$ZodIssueCustom, path: Path, { data, origin, grammar }: Refused): Diagnostic {
  const { expected: words, got, example: text } = issue.params ?? {};
  const node = grammarAt(grammar, data, path);
  return invalidSetting({
    at: within(origin, ...path),
    problem: {
      kind: "wrong value",
      expected: typeof words === "string" ? words : expected(node),
      got: typeof got === "string" ? got : found(path.reduce(memberOf, data)),
      ...(typeof text === "string" ? { example: text } : example(node)),
    },
  });
}

function example(node: SettingSchema, meant?: string): { readonly example?: string } {
  const text = meant ?? exampleOf(node);
  return text === undefined ? {} : { example: text };
}
