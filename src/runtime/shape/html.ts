import type { HtmlToTextOptions } from "html-to-text";

// What a browser would not show must not reach the model either.
const UNSEEN = [
  "img,svg,picture,title,template,noscript,iframe,audio,video,canvas,datalist".split(","),
  "[hidden]",
  styled("display", "none"),
  styled("visibility", "hidden"),
  // `font-size:0.9em` can be read: zero must be all of it.
  styled("font-size", "0;"),
  styled("font-size", "0px"),
  styled("font-size", "0pt"),
  styled("font-size", "0 "),
  styled("font-size", "0", "$="),
].flat();

/** Selects by a declaration in `style`, written with or without a space, in any case. */
function styled(property: string, value: string, operator = "*="): readonly string[] {
  return [":", ": "].map((colon) => `[style${operator}"${property}${colon}${value}" i]`);
}

/** The converter is quadratic in tags that are nested and in rows of a table; with so many it takes some 50 ms at worst. */
const MAX_TAGS = 10_000;
const MAX_CHARACTERS = 4_000_000; // a hundred times what an answer holds

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth: 100, ellipsis: " …" },
  selectors: [
    { selector: "*", format: "inline" },
    { selector: "table", format: "dataTable", options: { uppercaseHeaderCells: false } },
    {
      selector: "a",
      options: { linkBrackets: ["(", ")"], hideLinkHrefIfSameAsText: true, pathRewrite: keepWebAddress },
    },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
    ...UNSEEN.map((selector) => ({ selector, format: "skip" })),
  ],
};

/** Turns HTML into the text that a reader sees: `text (url)` for links, tables in columns, `*` for list items. */
export type HtmlReader = (html: string) => string;

/** Loads the converter; tools without HTML never pay for it. */
export async function loadHtmlReader(): Promise<HtmlReader> {
  const { compile } = await import("html-to-text");
  const convert = compile(OPTIONS);
  return (html) => {
    if (!/[<&]/.test(html)) return html; // nothing to convert: the vendor's plain text keeps its line ends
    const end = endOfReadable(html);
    const text = convert(html.slice(0, end))
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
    if (end === html.length) return text;
    return `${text} … [${(html.length - end).toLocaleString("en-US")} more characters of HTML]`;
  };
}

/** Where the first tag of too many begins, or the first character of too many; the end of the text when there are neither. */
function endOfReadable(html: string): number {
  let tags = 0;
  for (const { index } of html.matchAll(/<[A-Za-z/!?]/g)) {
    if (index >= MAX_CHARACTERS) break;
    if (++tags > MAX_TAGS) return index;
  }
  return Math.min(html.length, MAX_CHARACTERS);
}

/** Addresses that only carry data or code (`data:`, `javascript:`) are nothing to read. */
function keepWebAddress(address: string): string {
  return /^(https?:|mailto:|tel:|[^:]*$)/i.test(address.trim()) ? address : "";
}
