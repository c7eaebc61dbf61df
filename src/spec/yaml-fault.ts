import type { YAMLError } from "yaml";

/** What is wrong with a YAML text, in a few words, and what to do. */
export interface YamlFault {
  readonly reason: string;
  readonly help?: string;
}

/** The slips that people make most, by the code of the parser, whose own words are for those who know how it works. */
const SLIPS: Readonly<Partial<Record<YAMLError["code"], { readonly reason?: string; readonly help: string }>>> = {
  BLOCK_AS_IMPLICIT_KEY: {
    reason: "the text of a key goes on with another key",
    help: 'put quotes around a text with a colon in it, as in `description: "Open: all"`, or mend the indentation below',
  },
  BLOCK_IN_FLOW: {
    reason: "a colon and a space begin another key, and none can begin within braces here",
    help: 'put quotes around a text with a colon in it, as in `description: "Open: all"`',
  },
  TAB_AS_INDENT: { help: "indent with spaces" },
  BAD_INDENT: { help: "begin all keys of a mapping, and all elements of a list, in the same column" },
  BAD_SCALAR_START: { help: "put quotes around the text" },
  MULTILINE_IMPLICIT_KEY: {
    reason: "this line is no `key: value`",
    help: "write a colon and a space behind the key",
  },
};

/** Says what the parser stumbled over. */
export function yamlFault({ code, message }: Pick<YAMLError, "code" | "message">): YamlFault {
  const slip = SLIPS[code];
  return { reason: slip?.reason ?? firstSentence(message), ...(slip && { help: slip.help }) };
}

/** The library's messages go on with advice for programmers. */
export function firstSentence(message: string): string {
  const [first = message] = message.split("\n");
  return first.charAt(0).toLowerCase() + first.slice(1);
}
