import { isMap, isScalar, parseDocument, type Document, type Pair } from "yaml";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import {
  duplicateToolName,
  invalidSetting,
  syntaxError,
  unquotedVariable,
  yamlAliasLimit,
} from "../../diagnostics/messages.ts";
import { parseText } from "../../spec/parse-text.ts";
import { yamlFault } from "../../spec/yaml-fault.ts";
import { keyOf, within } from "./origin.ts";

const MAX_ALIASES = 100; // T06: an allowlist repeats a result here and there; a YAML bomb repeats thousands of times

/** What a file says, or why it cannot be read. */
export type Parsed =
  | { readonly data: unknown; readonly problems?: never }
  | { readonly problems: readonly Diagnostic[] };

/**
 * Parses YAML 1.2 (core schema: nothing but JSON values) or JSON; no key may be given twice.
 *
 * The fast parser of descriptions says yes or no; what it refuses goes to the one that knows places.
 */
export function parseYaml(text: string, file: string): Parsed {
  const quick = parseText(text, file);
  if ("diagnostic" in quick) return parseWithPlaces(text, file);
  const problems = unusableKeys(quick.value, file);
  return problems.length > 0 ? { problems } : { data: quick.value };
}

function parseWithPlaces(text: string, file: string): Parsed {
  const document = parseDocument(text, { schema: "core", merge: false, uniqueKeys: true, prettyErrors: false });
  const language = file.endsWith(".json") ? "JSON" : "YAML";
  const [first] = document.errors;
  if (first) {
    const variable = unquotedAt(text, first.pos[0]);
    if (variable) {
      return {
        problems: [unquotedVariable({ at: { file, pointer: "", offset: variable.offset }, text: variable.text })],
      };
    }
    // One slip makes the parser stumble many times; only doubled keys are independent of each other.
    const shown =
      first.code === "DUPLICATE_KEY" ? document.errors.filter(({ code }) => code === "DUPLICATE_KEY") : [first];
    const tools = first.code === "DUPLICATE_KEY" ? toolsIn(document, file) : [];
    return {
      problems: shown.map(
        (fault) =>
          doubledTool(tools, fault.pos[0]) ??
          syntaxError({
            at: { file, pointer: "", offset: fault.pos[0] },
            language,
            ...(fault.code === "DUPLICATE_KEY"
              ? { reason: `the key \`${keyAt(text, fault.pos[0])}\` is given twice` }
              : yamlFault(fault)),
          }),
      ),
    };
  }
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const problems = unusableKeys(data, file);
    return problems.length > 0 ? { problems } : { data };
  } catch (cause) {
    // `yaml` throws a ReferenceError for an unknown anchor as well as for too many uses of one.
    if (!(cause instanceof ReferenceError)) throw cause;
    const at = { file, pointer: "" };
    const alias = /Unresolved alias .*: (.+)$/.exec(cause.message)?.[1];
    if (alias === undefined) return { problems: [yamlAliasLimit({ at, file })] };
    return {
      problems: [
        syntaxError({
          at: { ...at, offset: text.indexOf(`*${alias}`) },
          language,
          reason: `\`*${alias}\` stands for nothing`,
        }),
      ],
    };
  }
}

/** A tool's name as it stands in the file. */
interface NamedTool {
  readonly name: string;
  readonly at: Origin & { readonly offset: number };
}

/** The names under `tools:` of each API, or those of a file that is nothing but tools, doubles among them. */
function toolsIn({ contents }: Document, file: string): readonly NamedTool[] {
  const apis = pairsOf(contents).filter(({ key }) => textOf(key) === "apis");
  const maps =
    apis.length > 0
      ? apis
          .flatMap(({ value }) => pairsOf(value))
          .flatMap(({ value }) => pairsOf(value).filter(({ key }) => textOf(key) === "tools"))
      : [{ value: contents }];
  return maps.flatMap(({ value }) =>
    pairsOf(value).flatMap(({ key }): NamedTool[] => {
      const offset = isScalar(key) ? key.range?.[0] : undefined;
      return offset === undefined ? [] : [{ name: textOf(key), at: { file, pointer: "", offset } }];
    }),
  );
}

function doubledTool(tools: readonly NamedTool[], offset: number): Diagnostic | undefined {
  const again = tools.find(({ at }) => at.offset === offset);
  const first = again && tools.find(({ name, at }) => name === again.name && at.offset < offset);
  return first && duplicateToolName({ at: again.at, name: again.name, first: first.at });
}

function pairsOf(node: unknown): readonly Pair[] {
  return isMap(node) ? node.items : [];
}

function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : "";
}

/** `${NAME}`, `GET /tickets/{id}` or `https://{domain}/v2`: what people write without quotes, though it has braces in it. */
const BRACED = /(?:[A-Z]+ )?[^\s"',[\]{}]+(?:\{[^{}\n]*\}[^\s"',[\]{}]*)+/g;

/** An unquoted text with braces at the place where the parser stumbled: within a flow mapping YAML takes a brace for another one. */
function unquotedAt(text: string, offset: number): { readonly text: string; readonly offset: number } | undefined {
  for (const match of text.matchAll(BRACED)) {
    if (match.index > offset) return undefined;
    if (offset <= match.index + match[0].length) return { text: match[0], offset: match.index };
  }
  return undefined;
}

/** Keys that are nobody's setting: T07, one that would change an object's prototype; and a mapping, which `{{name}}` without quotes is. */
const NO_KEYS: Readonly<Record<string, { readonly expected: string; readonly got: string }>> = {
  ["__proto__"]: { expected: "another name", got: "`__proto__`" },
  "[object Object]": { expected: "a name", got: "a mapping in braces; quote it if it is a text" },
};

function unusableKeys(data: unknown, file: string, path: readonly PropertyKey[] = []): Diagnostic[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const here = [...path, key];
    const problem = Object.hasOwn(NO_KEYS, key) ? NO_KEYS[key] : undefined;
    if (!problem) return unusableKeys(value, file, here);
    return [
      invalidSetting({
        at: keyOf(within({ file, pointer: "" }, ...here)),
        problem: { kind: "wrong value", ...problem },
      }),
    ];
  });
}

function keyAt(text: string, offset: number): string {
  return /^[^:\n]*/.exec(text.slice(offset))?.[0].trim() ?? "";
}
