import { Problem } from "../problem.ts";
import { invalidArgument } from "./invalid-argument.ts";

/** Headers that decide how a message is routed, framed or believed: never a parameter of a tool. */
const OURS =
  /^(?:host|authorization|cookie2?|set-cookie|content-length|content-type|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|forwarded|via|x-real-ip|x-forwarded-.*|x-http-method.*|x-method-override|proxy-.*|sec-.*|mcp-.*)$/i;

/**
 * The name of a header parameter, in lower case.
 *
 * @throws {Problem} `internal` for a name that no parameter may have.
 */
export function headerName(name: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || OURS.test(name)) {
    throw new Problem("internal", `The header "${name}" cannot be a parameter of a tool.`);
  }
  return name.toLowerCase();
}

/**
 * The value of a header parameter.
 *
 * @throws {Problem} `invalid_arguments` when it could end the header (RFC 9110 §5.5) or is outside Latin-1.
 */
export function headerText(text: string, argument: string): string {
  if (!isHeaderText(text))
    throw invalidArgument(argument, "must be one line of Latin-1 text, without control characters");
  return text;
}

/** Whether a text can be the value of a header: one line of Latin-1. */
export function isHeaderText(text: string): boolean {
  return /^[\t\u0020-\u007E\u0080-\u00FF]*$/.test(text);
}
