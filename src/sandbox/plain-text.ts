/** Tags, as they follow the "<", that stand on a line of their own. */
const BLOCK = /^\/?(?:br|p|div|li|ul|ol|h[1-6]|tr|table|blockquote|pre)\b/i;
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
  const [first = "", ...tags] = html.split("<");
  const rest = tags.map((tag) => {
    const end = tag.indexOf(">");
    if (end < 0) return `<${tag}`; // no tag: "5 < 7"
    return `${BLOCK.test(tag) ? "\n" : ""}${tag.slice(end + 1)}`;
  });
  return `${first}${rest.join("")}`
    .replaceAll(/&(#39|[a-z]+);/g, (entity, name: string) => ENTITIES.get(name) ?? entity)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n");
}
