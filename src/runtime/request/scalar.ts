/**
 * The text of a single value, as vendors read it.
 *
 *     true → "true"   1e21 → "1000000000000000000000"   { a: 1 } → "{\"a\":1}"
 */
export function scalarText(value: unknown): string {
  if (typeof value === "string") return value;
  // From 1e21 on, String() writes exponents, which no id or amount is written with.
  if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) >= 1e21) return BigInt(value).toString();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value) ?? "";
}
