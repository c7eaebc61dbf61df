const MOST_DIGITS = 400; // more than the largest number of JavaScript has; what is longer is somebody's joke, and slow to convert

/**
 * An integer as a number, or as its digits when a number would round it: an id beyond 2^53 would become another one's.
 *
 *     exactInteger("42")                  → 42
 *     exactInteger("9223372036854775807") → "9223372036854775807"
 */
export function exactInteger(text: string): number | string {
  const value = Number(text.startsWith("+") ? text.slice(1) : text);
  if (Number.isSafeInteger(value)) return value;
  if (text.length > MOST_DIGITS) return text;
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  return `${sign === "-" ? "-" : ""}${BigInt(digits)}`;
}

/** Whether a text is an integer that a number would round. */
export function isBigInteger(value: unknown): value is string {
  return typeof value === "string" && /^-?\d{16,400}$/.test(value) && !Number.isSafeInteger(Number(value));
}

const LONG = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g; // 2^53 has 16 digits

/**
 * Puts integers of a JSON text that a number would round in quotes; nothing else changes.
 *
 *     {"id": 9223372036854775807} → {"id": "9223372036854775807"}
 */
export function quoteBigIntegers(text: string): string {
  if (!/[:[,\s-]\d{16,}\s*[,\]}]/.test(text)) return text; // nearly always; looking closely costs eight times as much
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('"', at);
    const plain = text.slice(at, open === -1 ? text.length : open);
    parts.push(plain.replaceAll(LONG, (digits) => JSON.stringify(exactInteger(digits))));
    const close = open === -1 ? text.length : endOfString(text, open);
    if (open !== -1) parts.push(text.slice(open, close));
    at = close;
  }
  return parts.join("");
}

/** The place behind the quote that ends the string which begins at `open`. */
function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close !== -1; close = text.indexOf('"', close + 1)) {
    let backslashes = 0;
    while (text.charAt(close - 1 - backslashes) === "\\") backslashes++;
    if (backslashes % 2 === 0) return close + 1;
  }
  return text.length;
}
