import type { Step } from "../../definition/call.ts";
import { id, join, lines, ts, type Code } from "./code.ts";

/** Steps whose texts of several lines stand above the tool, each as a constant. */
export interface LongTexts {
  readonly steps: readonly Step[];
  /** The declarations; empty without such texts. */
  readonly constants: Code;
}

/**
 * Takes the texts of several lines out of the bodies of requests, such as a query with its layout: within an object they would have to
 * be one line, or break its indentation.
 *
 *     body: { payload: { query: "query A {\n  a\n}" } }   →   const query = `query A {…}`;  …  body: { payload: { query: query } }
 *
 * @param taken Names that the module uses for something else.
 */
export function longTextsOf(steps: readonly Step[], taken: ReadonlySet<string>): LongTexts {
  const names = new Map<string, string>();
  const nameFor = (key: string, text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const base = /^[A-Za-z]+$/.test(key) ? key : "text";
    const used = new Set([...taken, ...names.values()]);
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
  const changed = steps.map((step) => ({
    ...step,
    calls: step.calls.map((call) => {
      if (!("request" in call) || !("body" in call.request) || !call.request.body) return call;
      const { body } = call.request;
      return { ...call, request: { ...call.request, body: { ...body, payload: hoisted(body.payload, "text") } } };
    }),
  }));
  const declared = [...names].map(([text, name]) => ts`const ${id(name)} = ${lines(text)};\n\n`);
  // A payload now holds names of constants among its texts, which is what the printer of literals lets through.
  return { steps: changed as readonly Step[], constants: join(declared, ts``) };
}

/** Names that every module has, or that JavaScript keeps. */
function isFree(name: string): boolean {
  try {
    id(name);
  } catch {
    return false;
  }
  return !["defineTool", "file", "z"].includes(name);
}
