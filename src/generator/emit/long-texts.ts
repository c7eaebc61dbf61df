import type { Projection, Result, Step } from "../../definition/call.ts";
import { id, join, lines, ts, type Code } from "./code.ts";
import { importNamed, RUNTIME_NAMES } from "./imports.ts";
import type { SharedTexts } from "./shared-texts.ts";

/** What holds texts of several lines. */
export interface Texts {
  readonly steps: readonly Step[];
  readonly result?: Result;
}

/** The same, each text of several lines replaced by the name of a constant. */
export interface LongTexts extends Required<Texts> {
  /** The declarations, which stand above the tool; empty without such texts. */
  readonly constants: Code;
  /** Imports of those that have modules of their own. */
  readonly imports: Code;
}

/**
 * Takes texts of several lines out of the bodies of requests and out of JMESPath, such as a query with its layout: within an object
 * they would have to be one line, or break its indentation.
 *
 *     body: { payload: { query: "query A {\n  a\n}" } }   →   const query = `query A {…}`;  …  body: { payload: { query } }
 *
 * @param taken Names that the module uses for something else; asked for by the first such text.
 */
export function longTextsOf(
  { steps, result = {} }: Texts,
  taken: () => readonly string[],
  shared: SharedTexts,
): LongTexts {
  const names = new Map<string, string>();
  const nameFor = (key: string, text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const base = shared.get(text)?.name ?? (/^[A-Za-z]+$/.test(key) ? key : "text");
    const used = new Set([...taken(), ...names.values()]);
    let name = base;
    for (let count = 2; used.has(name) || !isFree(name); count++) name = `${base}${count}`;
    names.set(text, name);
    return name;
  };
  const hoisted = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return value.includes("\n") ? id(nameFor(key, value)) : value;
    if (Array.isArray(value)) return value.map((entry: unknown) => hoisted(entry, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, hoisted(entry, name)]));
  };
  const projected = <Value extends Pick<Result, "project"> | Projection>(value: Value): Value =>
    value.project === undefined ? value : { ...value, project: hoisted(value.project, "project") };
  const changed = steps.map((step) => ({
    ...step,
    calls: step.calls.map((call) => {
      if (!("request" in call) || !("body" in call.request) || !call.request.body) return call;
      const { body } = call.request;
      return { ...call, request: { ...call.request, body: { ...body, payload: hoisted(body.payload, "text") } } };
    }),
    ...(step.outputs && {
      outputs: Object.fromEntries(
        Object.entries(step.outputs).map(([name, output]) => [
          name,
          typeof output === "object" && "project" in output ? projected(output) : output,
        ]),
      ),
    }),
  }));
  const shaped = projected(result);
  const own = [...names].filter(([text]) => !shared.has(text));
  const imported = [...names].flatMap(([text, name]) => {
    const module = shared.get(text)?.name;
    return module === undefined ? [] : [importNamed(module, name, `../operations/${module}.ts`)];
  });
  return {
    steps: changed as readonly Step[], // a payload now holds names of constants among its texts, which is what the printer of literals lets through
    result: shaped,
    constants: join(
      own.map(([text, name]) => ts`const ${id(name)} = ${lines(text)};\n\n`),
      ts``,
    ),
    imports: join(imported, ts``),
  };
}

/** Names that no module of ours imports, and that JavaScript does not keep. */
function isFree(name: string): boolean {
  try {
    id(name);
  } catch {
    return false;
  }
  return !RUNTIME_NAMES.has(name);
}
