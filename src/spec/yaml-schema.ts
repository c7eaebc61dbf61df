import { FAILSAFE_SCHEMA, Type, type Schema } from "js-yaml";
import { exactInteger } from "./exact-integers.ts";

/**
 * The scalars of YAML 1.2's core schema (§10.3.2) and nothing else: no dates, no `yes` and `no`, no `1_000`.
 * The library's own core schema still reads digits with underscores and binary numbers as YAML 1.1 did.
 */
export const YAML_CORE: Schema = FAILSAFE_SCHEMA.extend({
  implicit: [
    scalar("null", /^(?:|~|null|Null|NULL)$/, () => null),
    scalar("bool", /^(?:true|True|TRUE|false|False|FALSE)$/, (text) => text.toLowerCase() === "true"),
    scalar("int", /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/, exactInteger),
    scalar("float", /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/, Number),
    // Infinity and NaN are no JSON values: what a description means by them is a text.
  ],
});

function scalar(name: string, form: RegExp, read: (text: string) => unknown): Type {
  return new Type(`tag:yaml.org,2002:${name}`, {
    kind: "scalar",
    resolve: (text: unknown) => form.test(textOf(text)),
    construct: (text: unknown) => read(textOf(text)),
  });
}

/** The library hands over `null` where nothing is written. */
function textOf(text: unknown): string {
  return typeof text === "string" ? text : "";
}
