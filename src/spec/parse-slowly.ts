import { parseDocument, visit, type Document } from "yaml";
import type { Origin } from "../diagnostics/diagnostic.ts";
import { syntaxError, yamlAliasLimit } from "../diagnostics/messages.ts";
import { exactInteger } from "./exact-integers.ts";
import type { Parsed } from "./parse-text.ts";
import { firstSentence, yamlFault, type YamlFault } from "./yaml-fault.ts";

/** Nodes that one alias may unfold to beyond what was written; honest files stay far below. */
const MAX_ALIASES = 100;

/**
 * Parses YAML with the library that knows places, eight times slower than the other one: to tell what is wrong and where,
 * or to read what only it forgives, such as tags that nobody knows.
 */
export function parseSlowly(text: string, file: string): Parsed {
  try {
    const document = parseDocument(text, {
      uniqueKeys: true,
      intAsBigInt: true,
      prettyErrors: false,
      logLevel: "silent",
    });
    const [fault] = document.errors;
    if (fault) return fail(yamlFault(fault), { file, pointer: "", offset: fault.pos[0] });
    if (containsItself(document)) return { diagnostic: yamlAliasLimit({ at: { file, pointer: "" }, file }) };
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES, reviver: exactly }) };
  } catch (error) {
    const at: Origin = { file, pointer: "", offset: 0 };
    if (error instanceof RangeError) return fail({ reason: "it is nested too deeply" }, at); // the parser is recursive
    if (error instanceof ReferenceError && !error.message.startsWith("Unresolved alias")) {
      return { diagnostic: yamlAliasLimit({ at: { file, pointer: "" }, file }) };
    }
    return fail({ reason: error instanceof Error ? firstSentence(error.message) : "it cannot be read" }, at);
  }
}

function exactly(_key: unknown, value: unknown): unknown {
  return typeof value === "bigint" ? exactInteger(String(value)) : value;
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

function fail(fault: YamlFault, at: Origin): Parsed {
  return { diagnostic: syntaxError({ at, language: "YAML", ...fault }) };
}
