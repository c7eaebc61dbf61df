import type { Parameters } from "../../definition/request.ts";
import { escapeTemplate } from "../../definition/template.ts";

/** A path of a description, taken apart into what goes over the wire. */
export interface SentPath {
  readonly path: string;
  /** What stood behind a `?`, as constants or as `{parameters}` of the path. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/**
 * Vendors tell operations of one address apart by what OpenAPI has no word for: a fragment, which is never sent (RFC 9110 §4.1), or a
 * constant query.
 *
 *     /rpc#createThing             → /rpc
 *     /rpc?action=get&id={id}      → /rpc with action=get and id={id}
 */
export function sentPath(described: string): SentPath {
  const [address = ""] = described.split("#");
  const [path = "", ...rest] = address.split("?");
  const pairs = rest
    .join("?")
    .split("&")
    .filter((pair) => pair !== "");
  return {
    path: path === "" ? "/" : path,
    query: pairs.map((pair) => {
      const at = pair.indexOf("=");
      return at === -1 ? [decoded(pair), ""] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    }),
  };
}

/** The parameters of a request whose path holds a query: those of the path that stand in it are of the query. */
export function splitParameters(
  { path, query }: SentPath,
  given: { readonly pathParameters: Parameters | undefined; readonly query: Parameters | undefined },
): { readonly pathParameters: Parameters | undefined; readonly query: Parameters | undefined } {
  if (query.length === 0) return given;
  const known = given.pathParameters ?? {};
  const constants = query.map(([name, value]) => {
    const [, parameter] = /^\{([^{}]+)\}$/.exec(value) ?? [];
    const filled = parameter !== undefined && Object.hasOwn(known, parameter) ? known[parameter] : undefined;
    return [name, filled ?? escapeTemplate(value)] as const;
  });
  const left = Object.entries(known).filter(([name]) => path.includes(`{${name}}`));
  return {
    pathParameters: left.length > 0 ? Object.fromEntries(left) : undefined,
    query: { ...Object.fromEntries(constants), ...given.query },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
