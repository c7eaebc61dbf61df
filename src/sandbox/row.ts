/** One object of the vendor, or any other object of JSON. */
export type Row = Record<string, unknown>;

/** Tells an object from everything else that JSON can hold. */
export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
