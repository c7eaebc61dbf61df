/** A text as HTML shows it, in an element or in a quoted attribute: `a < b` → `a &lt; b`. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A text of several lines as HTML: nothing in it is markup, and its lines stay lines. */
export function htmlText(text: string): string {
  return escapeHtml(text).replaceAll(/\r\n|\r|\n/g, "<br>");
}
