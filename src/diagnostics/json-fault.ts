/** The first character that no JSON text could have at its place, and what is wrong there. */
export interface JsonFault {
  readonly offset: number;
  readonly reason: string;
}

// \p{Cc} without DEL and C1, which JSON allows: RFC 8259 section 7.
const TOKEN =
  /[ \t\r\n]*(?:("[^"\\\p{Cc}]*(?:(?:[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))[^"\\\p{Cc}]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/uy;

/**
 * Says where a text stops being JSON. `JSON.parse` refuses it too, but does not tell the place on every version of Node.
 *
 *     findJsonFault('{"a": 1,}') → { offset: 8, reason: 'a name in quotes was expected, not "}"' }
 *
 * @returns undefined for valid JSON.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let offset = 0;
  while (true) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    const start = match ? TOKEN.lastIndex - (match[1] ?? match[2] ?? match[3] ?? "").length : skipSpace(text, offset);
    if (start >= text.length) {
      return expected === "end" ? undefined : { offset: start, reason: "the file ends too early" };
    }
    const kind = match?.[1] !== undefined ? "string" : match?.[2] !== undefined ? "scalar" : match?.[3];
    const next: Expected | undefined = kind === undefined ? undefined : step(kind, expected, open);
    if (!next) {
      return { offset: start, reason: `${WORDS[expected]} was expected, not ${JSON.stringify(text.charAt(start))}` };
    }
    expected = next;
    offset = TOKEN.lastIndex;
  }
}

type Expected = keyof typeof WORDS;

const WORDS = {
  value: "a value",
  "value or ]": "a value or `]`",
  "name or }": "a name in quotes or `}`",
  name: "a name in quotes",
  ":": "`:`",
  ", or }": "`,` or `}`",
  ", or ]": "`,` or `]`",
  end: "the end of the file",
};

/** What may come after a token; undefined when the token may not stand there. Keeps `open` current. */
function step(kind: string, expected: Expected, open: ("{" | "[")[]): Expected | undefined {
  const isValue = expected === "value" || expected === "value or ]";
  if (isValue && (kind === "{" || kind === "[")) {
    open.push(kind);
    return kind === "{" ? "name or }" : "value or ]";
  }
  if (isValue && (kind === "string" || kind === "scalar")) return afterValue(open);
  if ((expected === "name" || expected === "name or }") && kind === "string") return ":";
  if (expected === ":" && kind === ":") return "value";
  if (expected === ", or }" && kind === ",") return "name";
  if (expected === ", or ]" && kind === ",") return "value";
  const closes =
    (kind === "}" && (expected === ", or }" || expected === "name or }")) ||
    (kind === "]" && (expected === ", or ]" || expected === "value or ]"));
  if (!closes) return undefined;
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly ("{" | "[")[]): Expected {
  const around = open.at(-1);
  if (around === undefined) return "end";
  return around === "{" ? ", or }" : ", or ]";
}

function skipSpace(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
  return at;
}
