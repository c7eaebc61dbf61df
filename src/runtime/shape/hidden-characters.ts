// Built from code points: written out, these characters could not be seen here either.
const span = (from: number, to = from) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`;

/** Control characters but tab and line ends; soft hyphen; what only steers direction, joining or annotation; tag characters. */
const NEVER_SHOWN = [
  span(0x00, 0x08),
  span(0x0b, 0x0c),
  span(0x0e, 0x1f),
  span(0x7f, 0x9f),
  span(0xad),
  span(0x034f), // combining grapheme joiner
  span(0x061c), // Arabic letter mark
  span(0x115f, 0x1160), // Hangul fillers, wide and blank
  span(0x17b4, 0x17b5),
  span(0x180b, 0x180f),
  span(0x200b),
  span(0x200e, 0x200f),
  span(0x202a, 0x202e), // BiDi embeddings and overrides
  span(0x2060, 0x206f), // word joiner, invisible operators, BiDi isolates
  span(0x3164),
  span(0xd800, 0xdfff), // half of a character: some clients refuse a whole message over it
  span(0xfeff),
  span(0xffa0),
  span(0xfff0, 0xfffb),
  span(0x1d173, 0x1d17a),
  span(0xe0000, 0xe00ff), // tags: a second, invisible ASCII
  span(0xe01f0, 0xe0fff),
].join("");
const JOINERS = span(0x200c, 0x200d);
const SELECTORS = `${span(0xfe00, 0xfe0f)}${span(0xe0100, 0xe01ef)}`;

const SUSPECT = new RegExp(`[${NEVER_SHOWN}${JOINERS}${SELECTORS}]`, "u");
const HIDDEN = new RegExp(`[${NEVER_SHOWN}]`, "gu");
// A joiner belongs within an emoji and between letters of the scripts that join; anywhere else it is a hidden bit.
const JOINING = "\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\p{M}";
const SCRIPTS = [
  "Arabic",
  "Syriac",
  "Mongolian",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Oriya",
  "Tamil",
  "Telugu",
]
  .concat(["Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar"])
  .map((script) => `\\p{Script=${script}}`)
  .join("");
const LOOSE_JOINER = new RegExp(
  `(?<![${JOINING}${SCRIPTS}${span(0xfe0f)}])[${JOINERS}]|[${JOINERS}](?=[${JOINERS}]|$)`,
  "gu",
);
// A selector picks the form of the one character before it, and only some have forms (Unicode's StandardizedVariants.txt and the
// Ideographic Variation Database); behind any other, and in a row, selectors spell something.
const VARIED = "\\p{Script=Han}\\p{Script=Myanmar}\\p{Script=Phags_Pa}\\p{Script=Manichaean}\\p{Sm}";
const LOOSE_SELECTOR = new RegExp(
  [
    `(?<![${VARIED}])[${span(0xfe00, 0xfe0d)}]`,
    `(?<![\\p{Emoji}${VARIED}])[${span(0xfe0e, 0xfe0f)}]`,
    `(?<!\\p{Script=Han})[${span(0xe0100, 0xe01ef)}]`,
  ].join("|"),
  "gu",
);

/**
 * Takes out of a vendor's text what a person would not see and a model would read.
 *
 *     "pay\u200b me\u{e0068}\u{e0069}" → "pay me"
 *
 * Joiners in emoji and in scripts that need them stay, and so does one variation selector behind a character that has variants.
 */
export function stripHidden(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(HIDDEN, "").replace(LOOSE_SELECTOR, "").replace(LOOSE_JOINER, "");
}
