import { isDeepStrictEqual } from "node:util";
import { isMap, isPair, isScalar, parseDocument } from "yaml";

/** The text of tools.yaml with an API added, or why it cannot be added. */
export type AddedApi = { readonly text: string } | { readonly problem: "taken" | "broken" | "shape" };

/**
 * Adds an API to the text of a tools.yaml, below the others. Everything that stands there stays as it was written, comments included.
 *
 * @param existing The file's text; undefined when there is none yet.
 * @param api The API as printed: its name, not indented, and what belongs to it.
 * @param header Comment lines for a file that is new.
 */
export function addApi(
  existing: string | undefined,
  { name, api, header }: { readonly name: string; readonly api: string; readonly header: string },
): AddedApi {
  if (existing === undefined || existing.replaceAll(/^\s*#.*$/gm, "").trim() === "")
    return { text: `${existing ?? header}apis:\n${indented(api, 2)}` };
  const document = parseDocument(existing, { schema: "core", merge: false });
  if (document.errors.length > 0) return { problem: "broken" };
  const root: unknown = document.contents;
  if (!isMap(root)) return { problem: "shape" };
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === "apis");
  if (!pair || !isPair(pair))
    return finish(existing, `${existing.replace(/\n*$/, "\n")}apis:\n${indented(api, 2)}`, name);
  const apis: unknown = pair.value;
  if (!isMap(apis))
    return isScalar(apis) && apis.value === null && apis.range
      ? finish(existing, splice(existing, apis.range[1], indented(api, 2)), name)
      : { problem: "shape" };
  if (apis.has(name)) return { problem: "taken" };
  const range = apis.range;
  if (!range) return { problem: "shape" };
  if (apis.flow === true) {
    if (apis.items.length > 0) return { problem: "shape" };
    return finish(
      existing,
      `${existing.slice(0, range[0]).trimEnd()}\n${indented(api, 2)}${existing.slice(range[1]).replace(/^[^\S\n]*\n/, "")}`,
      name,
    );
  }
  const first = apis.items[0]?.key;
  const start = isScalar(first) && first.range ? first.range[0] : range[0];
  const column = start - (existing.lastIndexOf("\n", start - 1) + 1);
  return finish(existing, splice(existing, range[2], `\n${indented(api, column)}`), name);
}

/** Puts lines in after a place, with the line breaks that belong around them. */
function splice(text: string, at: number, lines: string): string {
  const before = text.slice(0, at).replace(/\n*$/, "\n");
  const after = text.slice(at);
  return `${before}${lines}${after.trim() === "" ? "" : `\n${after.replace(/^\n+/, "")}`}`;
}

/** What was there must mean what it meant, and the new API must be there. */
function finish(before: string, after: string, name: string): AddedApi {
  const [old, fresh] = [before, after].map((text) => parseDocument(text, { schema: "core", merge: false }));
  if (!old || !fresh || fresh.errors.length > 0) return { problem: "shape" };
  const [was, is] = [old, fresh].map(
    (document) => document.toJS({ maxAliasCount: 100 }) as { apis?: Record<string, unknown> },
  ); // read as data only
  if (!is?.apis || !Object.hasOwn(is.apis, name)) return { problem: "shape" };
  const { [name]: _, ...others } = is.apis;
  return isDeepStrictEqual({ ...is, apis: others }, { ...was, apis: was?.apis ?? {} })
    ? { text: after }
    : { problem: "shape" };
}

function indented(text: string, columns: number): string {
  return text.replaceAll(/^(?=[^\n])/gm, " ".repeat(columns));
}
