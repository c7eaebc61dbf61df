import type { JSONValue } from "@jmespath-community/jmespath";
import type { Result } from "../../definition/call.ts";
import { splitPath } from "./texts.ts";

/** Keeps what a tool shows of one value. */
export type Projection = (value: unknown) => unknown;

/** Fields below a name; `whole` when the name itself was asked for. */
interface Fields {
  whole: boolean;
  list: boolean;
  readonly below: Map<string, Fields>;
}

/**
 * Compiles `fields` and `project`, in this order; `undefined` when there is neither.
 *
 * @throws {Error} when `project` is no JMESPath; the generator has checked it before.
 */
export async function compileProjection(result: Result | undefined): Promise<Projection | undefined> {
  const sources = [
    ...(result?.fields && result.fields.length > 0 ? [fieldsExpression(result.fields)] : []),
    ...(result?.project === undefined ? [] : [result.project]),
  ];
  if (sources.length === 0) return undefined;
  const { compile, TreeInterpreter } = await import("@jmespath-community/jmespath");
  const compiled = sources.map((source) => compile(source));
  return (value) =>
    compiled.reduce<unknown>(
      (current, expression) => TreeInterpreter.search(expression, current as JSONValue), // parsed from JSON
      value,
    );
}

/**
 * Writes a list of fields as JMESPath.
 *
 *     ["id", "requester.name", "tags[].name"] → {"id": "id", "requester": "requester".{"name": "name"}, "tags": "tags"[*].{"name": "name"}}
 */
export function fieldsExpression(fields: readonly string[]): string {
  const root = emptyFields();
  for (const field of fields) {
    let at = root;
    for (const step of splitPath(field)) {
      if (step === "[]") at.list = true;
      else at = below(at, step);
    }
    at.whole = true;
  }
  return hash(root);
}

function hash(fields: Fields): string {
  return `{${[...fields.below].map(([name, inner]) => `${quote(name)}: ${quote(name)}${selection(inner)}`).join(", ")}}`;
}

function selection(fields: Fields): string {
  if (fields.whole || fields.below.size === 0) return "";
  return `${fields.list ? "[*]" : ""}.${hash(fields)}`;
}

function below(fields: Fields, name: string): Fields {
  const known = fields.below.get(name) ?? emptyFields();
  fields.below.set(name, known);
  return known;
}

function emptyFields(): Fields {
  return { whole: false, list: false, below: new Map() };
}

/** A JMESPath quoted identifier is a JSON string. */
function quote(name: string): string {
  return JSON.stringify(name);
}
