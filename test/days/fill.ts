import { parseTemplate } from "../../src/definition/template.ts";

/** What the arguments of a call may speak of. */
export interface DayScope {
  /** The last answer of each tool. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** `{files}` and `{outside}`. */
  readonly folders: Readonly<Record<string, string>>;
  /** Variables, for examples of tools.yaml. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Fills `$steps.tool.outputs#/a` and `{files}` in what a day says. */
export function fill(template: unknown, scope: DayScope): unknown {
  if (typeof template === "string") return fillText(template, scope);
  if (Array.isArray(template)) return template.map((entry) => fill(entry, scope));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, scope)]));
}

function fillText(text: string, { answers, folders, environment = {} }: DayScope): unknown {
  const parts = parseTemplate(text).map((part) => {
    if (typeof part === "string")
      return part.replace(/\{(files|outside)\}/g, (all, name: string) => folders[name] ?? all);
    if (part.from === "env" && environment[part.name] !== undefined) return environment[part.name];
    if (part.from !== "steps") throw new Error(`a day cannot use $${part.from}`);
    const value = at(answers[part.step], part.pointer);
    if (value === undefined) throw new Error(`${part.step} answered nothing at ${part.pointer}`);
    return value;
  });
  return parts.length === 1 ? parts[0] : parts.join("");
}

/** The value at a JSON Pointer (RFC 6901); undefined when there is none. */
export function at(value: unknown, pointer: string): unknown {
  const names = pointer.split("/").slice(1);
  return names.reduce<unknown>((parent, name) => {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof parent === "object" && parent !== null && Object.hasOwn(parent, key)
      ? Reflect.get(parent, key)
      : undefined;
  }, value);
}
