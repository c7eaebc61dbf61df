import { invalidArgument } from "./invalid-argument.ts";
import { encodePathConstant, isWellFormed } from "./percent.ts";

/** A path parameter, serialised, with the argument to name when it does not fit. */
export interface PathText {
  readonly text: string;
  readonly argument: string;
}

/**
 * Builds the URL of a request. This is the one place that does, and it cannot leave its template: whatever the values are, the
 * origin, the base path, the number of segments and the constant segments are the template's, or there is no URL.
 *
 * Escaping alone does not do that: `new URL()` folds `..` and `%2E%2E` alike, and an empty value makes another path.
 *
 *     base https://acme.example/api, path /tickets/{id}, id "7"   →  https://acme.example/api/tickets/7
 *     base https://acme.example/api, path /tickets/{id}, id ".."  →  Problem: id must not be …
 *
 * @param queries Serialised parameters, `a=1&a=2` each.
 * @throws {Problem} `invalid_arguments` naming the argument.
 */
export function buildUrl(
  base: URL,
  path: string,
  pathText: (name: string) => PathText,
  queries: readonly string[],
): URL {
  const prefix = base.pathname.replace(/\/$/, "");
  let argument = "path";
  const segments = path
    .replace(/^\//, "")
    .split("/")
    .map((segment) => {
      let filled = "";
      let end = 0;
      for (const match of segment.matchAll(/\{([^{}]+)\}/g)) {
        const value = pathText(match[1] ?? "");
        argument = value.argument;
        filled += encodePathConstant(segment.slice(end, match.index)) + value.text;
        end = match.index + match[0].length;
      }
      filled += encodePathConstant(segment.slice(end));
      if (end > 0 && /^(?:\.|%2e){0,2}$/i.test(filled)) throw invalidArgument(argument, NOT_A_SEGMENT);
      return filled;
    });
  const pathname = `${prefix}/${segments.join("/")}`;
  const query = queries.join("&");
  const url = new URL(`${base.origin}${pathname}${query === "" ? "" : `?${query}`}`);
  if (
    url.origin !== base.origin ||
    url.pathname !== pathname ||
    url.hash !== "" ||
    url.username + url.password !== ""
  ) {
    throw invalidArgument(argument, NOT_A_SEGMENT);
  }
  return url;
}

/**
 * Refuses a text that could mean more than one path segment's content, encoded or not. One that is all of its segment is not a dot;
 * among others (an item of a list) it may be: {@link buildUrl} looks at the segment that they make.
 *
 * @throws {Problem} `invalid_arguments` naming the argument.
 */
export function assertPathText(text: string, argument: string, { among }: { readonly among: boolean }): void {
  const dots = among ? /^\.\.$/ : /^\.{1,2}$/;
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  const escape = dots.test(text) || /[\u0000-\u001F\u007F/\\]|%(?:2f|5c|2e)/i.test(text);
  if (escape) throw invalidArgument(argument, NOT_A_SEGMENT);
  assertSendable(text, argument);
}

/**
 * Refuses a text that no encoding can carry.
 *
 * @throws {Problem} `invalid_arguments` naming the argument.
 */
export function assertSendable(text: string, argument: string): void {
  if (!isWellFormed(text)) throw invalidArgument(argument, "holds half of a character (a lone surrogate)");
}

const NOT_A_SEGMENT =
  'must be one path segment: not "." or "..", without "/", "\\", their encoded forms or control characters';
