import { cleanText } from "../plan/describe.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  "#39": "'",
  ndash: "–",
  mdash: "–",
  hellip: "…",
  rsquo: "'",
  lsquo: "'",
};

/** Sentences that help nobody who chooses a tool. */
const NOISE =
  /\b(?:for (?:more|further|additional) (?:information|details?|info)|learn more|read more|(?:see|use) ["“]|see (?:the |our |also|\[|more|https?:|here|below|above|this)|(?:documentation|docs|guide|reference|article)s? (?:for|on|at|here)|click here|refer to|check out|visit (?:the|our)|contact (?:support|us)|required scopes?:|oauth (?:scopes?|requires)|example (?:request|response)|curl |sdk|(?:oauth|personal|access)[^.]*\btokens?\b[^.]*\b(?:scopes?|permissions?|endpoint)\b|deprecat\w* (?:on|in|since) )/i;

/**
 * Turns what a vendor wrote in Markdown or HTML into plain sentences.
 *
 *     "<p>List <b>all</b> [tickets](https://x).</p>" → "List all tickets."
 */
export function plainText(text: string): string {
  const stripped = text
    .slice(0, 20_000)
    .replaceAll(/<!--[\s\S]*?-->/g, " ")
    .replaceAll(/(```|~~~)[\s\S]*?(?:\1|$)/g, "\n\n")
    .replaceAll(/<(style|script|pre|table)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, "\n\n")
    .replaceAll(/^\s*\|.*$/gm, "\n") // before `<br>` in a cell breaks its row
    .replaceAll(/<br\s*\/?>|<\/?(?:p|div|h\d|ul|ol|li|tr|section|blockquote)\b[^<>]*>/gi, "\n\n")
    .replaceAll(/<\/?[a-z][^<>]*>/gi, "")
    .replaceAll(/&(#?\w{2,8});/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .replaceAll(/!\[[^\]]*\]\([^()]*\)/g, "")
    .replaceAll(/\[([^\][]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)/g, "$1")
    .replaceAll(/\[([^\][]*)\]\[[^\][]*\]/g, "$1")
    .replaceAll(/^\s*(?:>\s*)?\[!\w+\]\s*$/gm, "")
    .replaceAll(/^[ \t]*(?:>[ \t]?)+/gm, "")
    .replaceAll(/^\s{0,3}#{1,6}\s.*$/gm, "\n")
    .replaceAll(/^\s*\|.*$/gm, "\n")
    .replaceAll(/^\s*(?:[-=*_]\s*){3,}$/gm, "\n")
    .replaceAll(/\*\*|__(?=\S)|(?<=\S)__/g, "")
    .replaceAll(/(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])/g, "$1")
    .replaceAll("`", "")
    .replaceAll(/(?<=[\w)"])[ \t]+(?=[.,;](?:["\s]|$))/g, "") // what a link or an image leaves before a full stop
    .replaceAll(/\.(?:[ \t]+\.)+(?=\s|$)/g, ".");
  return cleanText(stripped);
}

/** The sentences of a text's prose; headings, lists and code are left out. */
export function sentencesOf(text: string): string[] {
  const paragraphs = plainText(text)
    .split(/\n\n+/)
    .filter((paragraph) => !/^\s*(?:[-*+•]|\d+[.)])\s/.test(paragraph));
  return paragraphs.flatMap((paragraph) => {
    const line =
      paragraph
        .split(/\n(?=\s*(?:[-*+•]|\d+[.)])\s)/)[0]
        ?.replaceAll(/\s+/g, " ")
        .trim() ?? "";
    return splitSentences(line);
  });
}

/** Splits at the ends of sentences; `e.g.`, `v1.2` and `a.b` are none. */
function splitSentences(line: string): string[] {
  return line
    .split(/(?<=[^.\s][.!?]['")]?)(?<!\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|St|Inc|Ltd)\.)\s+(?=[A-Z"'(\d])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** Whether a sentence says something to who chooses a tool. */
export function isTelling(sentence: string): boolean {
  return (
    !NOISE.test(sentence) &&
    !/^See [A-Z]/.test(sentence) &&
    !/https?:\/\//.test(sentence) &&
    /[A-Za-z]{3}/.test(sentence) &&
    !/[:,;]$/.test(sentence)
  );
}
