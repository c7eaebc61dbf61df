/** Text of others within Markdown: one line, no markup, no HTML, nothing that ends a table's cell. */
export function md(text: string): string {
  return visible(text).replace(/[\\`*<>|[\]]/g, "\\$&");
}

/** Text of others as code within a line; a backtick in it cannot end it. */
export function mdCode(text: string): string {
  const line = visible(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line.replaceAll("|", "\\|")}${space}${fence}`;
}

/** A fenced block; its fence is longer than any run of backticks in it. */
export function mdBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}\n`;
}

/** Columns that hold numbers, by their heading. */
const NUMBERS = /^(arguments|bytes|tokens|share)/i;

/** A table. Cells are Markdown already. */
export function mdTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((name) => (NUMBERS.test(name) ? "--:" : "---")), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** Words of printable ASCII with one space between them: nine texts of ten, in which there is nothing to mend. */
const PLAIN = /^(?:[!-~]+ )*[!-~]+$/;

/** One line without what hides or turns text; the joiner stays, emoji are made with it. */
function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/(?!\u200d)\p{Cf}/gu, "")
    .replace(/\s+/g, " ")
    .trim();
}
