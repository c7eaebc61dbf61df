import { firstOf } from "../shape/cut-text.ts";
import { stripHidden } from "../shape/hidden-characters.ts";

/**
 * A vendor's words as one clean line: what the model reads as part of our message must not look like anything else.
 *
 *     "<b>Not</b> valid\n see https://acme.example/x" → "Not valid see [link]"
 */
export function cleanText(text: string, maxChars: number): string {
  const raw = firstOf(text, maxChars * 8); // markup may be longer than what is in it
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const line = stripHidden(raw.replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, " "))
    .replace(/<\/?[A-Za-z!][^<>]*>/g, " ")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "[link]")
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= maxChars ? line : `${firstOf(line, maxChars - 1).trimEnd()}…`;
}

/** The title of a web page; `undefined` when it has none. */
export function pageTitle(html: string): string | undefined {
  const title = /<title[^<>]*>([^<]{1,300})/i.exec(html.slice(0, 20_000))?.[1];
  return title === undefined ? undefined : cleanText(title, 120);
}

/** A text that ends as a sentence does. */
export function sentence(text: string): string {
  return text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
}
