import { duplicateParameter, malformedSpec } from "../diagnostics/messages.ts";
import { follow, refOf } from "./follow.ts";
import { child, children, isObject, own, textOf, type Node } from "./node.ts";
import type { DescribedNames } from "./path-template.ts";
import type { SchemaContext } from "./schema.ts";

/** Where the parameters of an operation are listed. */
export interface ParameterLists {
  readonly operation: Node;
  readonly pathItem: Node;
  readonly path: string;
}

/** A parameter where it is described; `listedAt` is what stands in the list, perhaps a reference. */
export interface ListedParameter<Place extends string> {
  readonly node: Node;
  readonly place: Place;
  readonly name: string;
  readonly listedAt: Node;
}

/** Lists the parameters of an operation: those of its path, overridden by its own. Only `places` are known to its format. */
export function listParameters<Place extends string>(
  { operation, pathItem, path }: ParameterLists,
  places: readonly Place[],
  context: SchemaContext,
): ListedParameter<Place>[] {
  const names = namesIn(path);
  const merged = [pathItem, operation].flatMap((owner) => [...listed(owner, { names, places }, context)]);
  return [...new Map(merged).values()];
}

/** The names that an operation's lists give to parts of its address, before anything is said against them. */
export function describedNames(lists: Omit<ParameterLists, "path">, { documents }: SchemaContext): DescribedNames {
  const names = { path: new Set<string>(), query: new Set<string>() };
  for (const listedAt of listedBy(lists)) {
    const node = follow(listedAt, documents, () => undefined);
    const place = node && textOf(node, "in");
    if (node && (place === "path" || place === "query")) names[place].add(textOf(node, "name"));
  }
  return names;
}

/** Whether an operation lists the header `Authorization`, in place or by a reference whose name says so. */
export function listsAuthorization(lists: Omit<ParameterLists, "path">, { documents }: SchemaContext): boolean {
  const mayBe = (listed: unknown): boolean => /auth/i.test(refOf(listed) ?? String(own(listed, "name")));
  const written = [lists.pathItem, lists.operation].map(({ value }) => own(value, "parameters"));
  if (!written.some((list) => Array.isArray(list) && list.some(mayBe))) return false; // as nearly always
  return listedBy(lists).some((listedAt) => {
    if (!mayBe(listedAt.value)) return false;
    const node = follow(listedAt, documents, () => undefined);
    return node !== undefined && textOf(node, "in") === "header" && /^authorization$/i.test(textOf(node, "name"));
  });
}

function listedBy({ operation, pathItem }: Omit<ParameterLists, "path">): readonly Node[] {
  return [pathItem, operation].flatMap((owner) => children(child(owner, "parameters")).map(([, listedAt]) => listedAt));
}

/** `/tickets/{id}/notes/{note}` → `["id", "note"]`. */
export function namesIn(path: string): string[] {
  return [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? ""))];
}

/** A path parameter whose value is sent as it is, slashes and all, as some descriptions of Swagger 2.0 and OpenAPI 3.0 say it. */
export function keepsSlashes({ value }: Node): boolean {
  return (
    isObject(value) &&
    Object.keys(value).some((key) => /^x-(?:\w+-)?skip-url-encoding$/.test(key) && value[key] === true)
  );
}

/** Headers that are no parameters, whatever a description says (OAS 3.1.1 §4.8.12.2.1). */
const NOT_PARAMETERS = new Set(["accept", "content-type", "authorization"]);

interface Known<Place extends string> {
  readonly names: readonly string[];
  readonly places: readonly Place[];
}

/** The parameters of one list by place and name; what is no parameter is left out, with a report. */
function listed<Place extends string>(
  owner: Node,
  { names, places }: Known<Place>,
  context: SchemaContext,
): Map<string, ListedParameter<Place>> {
  const found = new Map<string, ListedParameter<Place>>();
  for (const [, listedAt] of children(child(owner, "parameters"))) {
    const node = follow(listedAt, context.documents, context.report);
    if (!node) continue;
    const name = textOf(node, "name");
    const place = places.find((one) => one === textOf(node, "in"));
    const nameless = name === "" && place !== "body";
    if (!isObject(node.value) || nameless || !place || (place === "path" && !names.includes(name))) {
      const what = name === "" ? "a parameter" : `the parameter "${name}"`;
      const several = `\`name\` and \`in: ${places.join(", ").replace(/, (\w+)$/, " or $1")}\``;
      const expected = place === "path" ? "the name of one of the path's `{…}`" : several;
      context.report(malformedSpec({ at: listedAt.origin, what, expected }));
      continue;
    }
    if (place === "header" && NOT_PARAMETERS.has(name.toLowerCase())) continue;
    const key = keyOf(place, name);
    const first = found.get(key);
    if (first) context.report(duplicateParameter({ at: listedAt.origin, name, place, first: first.listedAt.origin }));
    else found.set(key, { node, place, name, listedAt });
  }
  return found;
}

/** Names of headers are the same in any case (RFC 9110 §5.1); there is one body, whatever it is called. */
function keyOf(place: string, name: string): string {
  if (place === "body") return place;
  return `${place} ${place === "header" ? name.toLowerCase() : name}`;
}
