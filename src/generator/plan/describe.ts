const MAX_LENGTH = 1024; // characters of a text that nobody curated: enough to choose by, too little to preach in
const MAX_PART_LENGTH = 300; // characters; an argument of many parts is read for what it is made of

/**
 * Cleans a text before a model or a person reads it: what cannot be seen is taken out.
 *
 * Control characters, marks that turn the direction of writing, zero-width characters and Unicode's tag characters can hide
 * instructions from the person who reviews a diff (T16). Emoji sequences and variation selectors of CJK stay whole.
 */
export function cleanText(text: string): string {
  if (CLEAN.test(text)) return text;
  return (PLAIN.test(text) ? text : withoutHidden(text))
    .replaceAll(/[ \t]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

/** Words of ASCII with a space between: most texts, in which there is nothing to do. */
const CLEAN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;
/** Nothing but ASCII that is seen: nine of ten of the others, in which there is nothing to look for. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;

function withoutHidden(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(KEPT_JOINER, "")
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\u2028\u2029\u0085]/g, "\n")
    .replaceAll(
      /(?<=[\p{Extended_Pictographic}\uFE0F\p{Emoji_Modifier}])\u200D(?=\p{Extended_Pictographic})/gu,
      KEPT_JOINER,
    )
    .replaceAll(/(?<![\p{L}\p{So}\p{Sk}\p{Emoji}])[\uFE00-\uFE0F]|(?<!\p{Script=Han})[\u{E0100}-\u{E01EF}]/gu, "")
    .replaceAll(/\p{Cc}/gu, (control) => (control === "\n" || control === "\t" ? control : ""))
    .replaceAll(
      /[\p{Cs}\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu,
      "",
    )
    .replaceAll(KEPT_JOINER, "\u200D");
}

const KEPT_JOINER = "\uF8FF"; // a private-use character stands for joiners of emoji while all others are removed

/** The vendor's words for an operation: its summary and description, without saying one of them twice. */
export function vendorDescription(summary: string, description: string): string {
  const short = cleanText(summary);
  const long = cleanText(description);
  if (short === "" || long.toLowerCase().startsWith(short.toLowerCase().replace(/[.!]$/, ""))) return cut(long);
  return cut(long === "" ? short : `${short.replace(/[.!]$/, "")}. ${long}`);
}

/** The vendor's words for an argument, or for a part within one, on one line. */
export function argumentDescription(text: string, part = false): string {
  return cut(cleanText(text).replaceAll(/\s+/g, " "), part ? MAX_PART_LENGTH : MAX_LENGTH);
}

/** Adds what the vendor does when nothing is sent: the model need not, and we do not send it. */
export function withDefault(text: string, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return text;
  if (value === "" || /default/i.test(text)) return text;
  const stop = text === "" || /[.!?]$/.test(text) ? "" : ".";
  return `${text}${stop} Default: ${cleanText(String(value))}.`.trim();
}

/** Whether a text talks to the model instead of telling what something is. */
export function soundsLikeOrders(text: string): boolean {
  return ORDERS.test(text);
}

/** Vendors write that a server ignores the second request, and mark what is important by a tag; what is meant for a model speaks of its instructions. */
const ORDERS = new RegExp(
  [
    /\b(?:ignore|disregard|forget|override) (?:(?:all|any|every|of|the|your|my|these|those|previous|prior|earlier|other|above|system) ){0,5}(?:instructions?|prompts?|guidelines|directions|commands)\b/,
    /\b(?:ignore|disregard|forget) (?:everything|anything|all|what)(?: (?:else|that))? (?:above|before|previous|prior|you)\b/,
    /\bsystem prompt\b/,
    /\b(?:do not|don't|never) (?:tell|inform|mention|ask) (?:the |this |it |to )*(?:user|human|person)\b/,
    /<\/?(?:system|instructions?)>|<important>(?!\s*<p>)/,
    /\byou (?:must|should) always (?:call|invoke|run|execute|respond|reply|answer|tell|say)\b/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);

/** Cuts at the end of a sentence, or else of a word. */
function cut(text: string, most = MAX_LENGTH): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "");
  const sentence = start.search(/[.!?](?=\s[^.!?]*$)/);
  if (sentence > most / 4) return start.slice(0, sentence + 1);
  return `${start.replace(/\s+\S*$/, "")}…`;
}
