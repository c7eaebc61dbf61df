import { Problem } from "../problem.ts";
import { essence } from "../request/media-type.ts";
import type { FilledRequest } from "../request/types.ts";
import type { Received } from "./exchange.ts";
import { JsonError, parseJson } from "./json.ts";

/**
 * Reads the body of a success in the way that the request asks for. What a vendor calls it does not matter: JSON is JSON under any
 * content type. What is no JSON, and does not say that it is, is the text or the file that it says it is: descriptions often leave out
 * what an operation answers.
 *
 * @returns JSON value, text or `Uint8Array`; `{ items, partial? }` of a stream; `null` when there is no content.
 * @throws {Problem} `not_authenticated_html` for a page, `invalid_json` for what calls itself JSON and is none.
 */
export function decodeBody(
  { status, headers, bytes, sequence }: Received,
  request: FilledRequest,
  title: string,
): unknown {
  if (sequence) {
    const { items, partial } = sequence;
    return { items, ...(partial !== undefined && { partial }) };
  }
  if (bytes.byteLength === 0) return null;
  const type = essence(headers.get("content-type") ?? "");
  if (request.answer === "binary" || FILES.test(type)) return bytes;
  const text = decodeText(bytes, headers);
  if (request.answer === "text") return text;
  if (text.trim() === "") return null;
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (isHtml(text, headers)) {
      throw new Problem(
        "not_authenticated_html",
        `${title} answered ${request.operation} with a web page instead of data, as it does for someone who is not signed in. ` +
          "Whoever runs this server must check its address and credential.",
        { status },
      );
    }
    if (TEXTS.test(type)) return text;
    if (BYTES.test(type)) return bytes;
    throw new Problem(
      "invalid_json",
      `${title} answered ${request.operation} with something that cannot be read: ${error.message}.`,
      {
        status,
      },
    );
  }
}

/** Types that no JSON comes under, whatever a vendor's habits are. */
const FILES = /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:pdf|zip|gzip|x-tar|x-gzip)$)/;
/** Types of bytes under which vendors send JSON all the same: what is none is a file. */
const BYTES = /^application\/(?:octet-stream|x-(?!json|javascript).+|vnd\.(?!.*\+json$).+)$|^binary\/octet-stream$/;
const TEXTS = /^text\/(?!json)|[/+](?:xml|yaml)$|^application\/(?:x-yaml|javascript|sql|graphql)$|^image\/svg/;

/** Bytes as text, by byte order mark, then by charset, then as UTF-8; what is no character becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, headers: Headers): string {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : undefined;
  const declared = /charset\s*=\s*"?([\w-]+)/i.exec(headers.get("content-type") ?? "")?.[1];
  try {
    return new TextDecoder(marked ?? declared ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // a charset that nobody knows
  }
}

/** Whether a text is a web page, by its type or its beginning. */
export function isHtml(text: string, headers: Headers): boolean {
  return (
    /^\s*<(?:!doctype html|html|head|body)\b/i.test(text) ||
    (/html/i.test(headers.get("content-type") ?? "") && /^\s*</.test(text))
  );
}
