/** Characters that change how a text is shown without being seen: directions, tags, zero widths, byte order marks. */
const UNSEEN = /[\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/**
 * A vendor's words as one clean line: what the model reads as part of our message must not look like anything else.
 *
 *     "<b>Not</b> valid\n see https://acme.example/x" → "Not valid see [link]"
 */
export function cleanText(text: string, maxChars: number): string {
  const line = text
    .slice(0, maxChars * 8) // markup may be longer than what is in it
    .replace(/<\/?[A-Za-z!][^<>]*>/g, " ")
    .replace(UNSEEN, "")
    // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u001F\u007F-\u009F]+/g, " ")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "[link]")
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1).trimEnd()}…`;
}

/** The title of a web page; `undefined` when it has none. */
export function pageTitle(html: string): string | undefined {
  const title = /<title[^>]*>([^<]{1,300})/i.exec(html.slice(0, 20_000))?.[1];
  return title === undefined ? undefined : cleanText(title, 120);
}

/** A text that ends as a sentence does. */
export function sentence(text: string): string {
  return text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
}
