import type { HtmlToTextOptions } from "html-to-text";

// What a browser would not show must not reach the model either.
const UNSEEN = [
  "img",
  "svg",
  "picture",
  "[hidden]",
  '[style*="display:none"]',
  '[style*="display: none"]',
  '[style*="visibility:hidden"]',
  '[style*="visibility: hidden"]',
  '[style*="font-size:0"]',
  '[style*="font-size: 0"]',
];

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth: 100, maxInputLength: 4_000_000, ellipsis: " …" },
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
    return convert(html)
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
  };
}

/** Addresses that only carry data or code (`data:`, `javascript:`) are nothing to read. */
function keepWebAddress(address: string): string {
  return /^(https?:|mailto:|tel:|[^:]*$)/i.test(address.trim()) ? address : "";
}
