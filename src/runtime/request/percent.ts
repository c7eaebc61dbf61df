/** A UTF-16 surrogate without its other half: no UTF-8 can carry it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether a text can be sent at all. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Percent-encodes everything but RFC 3986's unreserved characters; `encodeURIComponent` leaves `!'()*` as they are. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

/**
 * Encodes a query value with `allowReserved`. What would end the value or begin another (`&`, `=`, `+`, `#`, `[`, `]`) is
 * encoded all the same (OAS 3.1.1 §4.8.12.2.2): reserved characters are allowed, not a second parameter. What is percent-encoded
 * already stays as it is (RFC 6570 §3.2.3).
 */
export function encodeQueryText(text: string): string {
  return aroundTriples(text, (part) =>
    encodeStrictly(part).replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g, decodeURIComponent),
  );
}

/** Encodes a path value with `allowReserved` (OAS 3.2.0 §4.12.2.2): all that a path may hold stays, `/` too; `?`, `#`, `[` and `]` go. */
export function encodePathText(text: string): string {
  return aroundTriples(text, (part) =>
    encodeStrictly(part).replace(/%(?:3A|2F|40|21|24|26|27|28|29|2A|2B|2C|3B|3D)/g, decodeURIComponent),
  );
}

/** Encodes what stands between `%41` and the like. */
function aroundTriples(text: string, encode: (part: string) => string): string {
  return text
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((part, index) => (index % 2 === 1 ? part : encode(part)))
    .join("");
}

/** Encodes the constant text of a path: only what a path segment may not hold as it is (RFC 3986 §3.3). */
export function encodePathConstant(text: string): string {
  return text.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@%]/gu, (char) => encodeURIComponent(char));
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
