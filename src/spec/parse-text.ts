import { load } from "js-yaml";
import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { findJsonFault } from "../diagnostics/json-fault.ts";
import { syntaxError, yamlAliasLimit } from "../diagnostics/messages.ts";
import { quoteBigIntegers } from "./exact-integers.ts";
import { hasMergeKeys, mergeKeys } from "./merge-keys.ts";
import { parseSlowly } from "./parse-slowly.ts";
import { unfoldsTooFar } from "./unfolding.ts";
import { YAML_CORE } from "./yaml-schema.ts";

/** What parsing a text came to. */
export type Parsed = { readonly value: unknown } | { readonly diagnostic: Diagnostic };

/** `maxDepth` in levels: descriptions stay below 60, and each level is a call of the parser. The library's types forget it. */
const OPTIONS = { schema: YAML_CORE, maxDepth: 500 };

/**
 * Parses YAML or JSON, by the file's ending, without positions: those are worked out when there is something to report.
 * Integers that a number would round come out as their digits. Refused are duplicate keys in YAML and aliases that unfold to
 * far more than was written; merge keys are carried out.
 */
export function parseText(text: string, file: string): Parsed {
  return /\.json$/i.test(file) ? parseJson(text, file) : parseYaml(text, file);
}

function parseJson(text: string, file: string): Parsed {
  try {
    return { value: JSON.parse(quoteBigIntegers(text)) };
  } catch (error) {
    const fault = findJsonFault(text);
    const reason = fault?.reason ?? (error instanceof Error ? error.message : "it cannot be read");
    const at: Origin = { file, pointer: "", offset: fault?.offset ?? 0 };
    return { diagnostic: syntaxError({ at, language: "JSON", reason }) };
  }
}

/** The fast parser says yes or no; what it refuses goes to the one that knows places, and forgives more. */
function parseYaml(text: string, file: string): Parsed {
  let value: unknown;
  try {
    value = load(text, OPTIONS);
  } catch {
    const parsed = parseSlowly(text, file);
    if ("diagnostic" in parsed) return parsed;
    ({ value } = parsed);
  }
  const tooFar = (hasAliases(text) && unfoldsTooFar(value)) || (hasMergeKeys(text) && !mergeKeys(value));
  return tooFar ? { diagnostic: yamlAliasLimit({ at: { file, pointer: "" }, file }) } : { value };
}

/** Whether a text may have an anchor and an alias; a `*` or `&` in prose is a false alarm that costs a walk. */
function hasAliases(text: string): boolean {
  return /(?:^|[\s[{,:?-])&[^\s,[\]{}]/m.test(text) && /(?:^|[\s[{,:?-])\*[^\s,[\]{}]/m.test(text);
}
