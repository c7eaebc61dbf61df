/** Ends of what stands on a line of its own. */
const LINE_END = /<(?:br\s*\/?|\/(?:p|div|li|ul|ol|h[1-6]|tr|table|blockquote|pre))>/gi;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["nbsp", " "],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["#39", "'"],
  ["amp", "&"],
]);

/**
 * The text of an HTML field, as vendors keep it beside the field; a line for each block. Reads the text once, whatever is in it.
 *
 *     plainText("<p>Since <b>Monday</b>.</p><p>Every hour &amp; more.</p>")  → "Since Monday.\nEvery hour & more."
 */
export function plainText(html: string): string {
  const [first = "", ...tags] = html.replaceAll(LINE_END, "\n").split("<");
  // What follows a "<" without a ">" is text: "5 < 7".
  const text = tags.map((tag) => (tag.includes(">") ? tag.slice(tag.indexOf(">") + 1) : `<${tag}`)).join("");
  return `${first}${text}`
    .replaceAll(/&(#39|[a-z]+);/g, (entity, name: string) => ENTITIES.get(name) ?? entity)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n");
}
