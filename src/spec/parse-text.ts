import { parseDocument, visit, type Document } from "yaml";
import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { findJsonFault } from "../diagnostics/json-fault.ts";
import { syntaxError, yamlAliasLimit } from "../diagnostics/messages.ts";

/** What parsing a text came to. */
export type Parsed = { readonly value: unknown } | { readonly diagnostic: Diagnostic };

/** Nodes that one alias may unfold to beyond what was written; honest files stay far below. */
const MAX_ALIASES = 100;

/**
 * Parses YAML or JSON, by the file's ending, without positions: those are worked out when there is something to report.
 * Refused are duplicate keys in YAML and aliases that unfold to far more than was written; merge keys are plain keys.
 */
export function parseText(text: string, file: string): Parsed {
  return /\.json$/i.test(file) ? parseJson(text, file) : parseYaml(text, file);
}

function parseJson(text: string, file: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const fault = findJsonFault(text);
    const reason = fault?.reason ?? (error instanceof Error ? error.message : "it cannot be read");
    return fail("JSON", reason, { file, pointer: "", offset: fault?.offset ?? 0 });
  }
}

function parseYaml(text: string, file: string): Parsed {
  try {
    const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false, logLevel: "silent" });
    const [fault] = document.errors;
    if (fault) return fail("YAML", firstSentence(fault.message), { file, pointer: "", offset: fault.pos[0] });
    if (containsItself(document)) return { diagnostic: yamlAliasLimit({ at: { file, pointer: "" }, file }) };
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    const at: Origin = { file, pointer: "", offset: 0 };
    if (error instanceof RangeError) return fail("YAML", "it is nested too deeply", at); // the parser is recursive
    if (error instanceof ReferenceError && !error.message.startsWith("Unresolved alias")) {
      return { diagnostic: yamlAliasLimit({ at: { file, pointer: "" }, file }) };
    }
    return fail("YAML", error instanceof Error ? firstSentence(error.message) : "it cannot be read", at);
  }
}

/** Whether an alias stands inside what it stands for: `a: &x { b: *x }` would unfold for ever. */
function containsItself(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Alias(_key, alias, path) {
      const meant = alias.resolve(document);
      found = meant !== undefined && path.includes(meant);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

function fail(language: "YAML" | "JSON", reason: string, at: Origin): Parsed {
  return { diagnostic: syntaxError({ at, language, reason }) };
}

/** The library's messages go on with advice for programmers. */
function firstSentence(message: string): string {
  const [first = message] = message.split("\n");
  return first.charAt(0).toLowerCase() + first.slice(1);
}
