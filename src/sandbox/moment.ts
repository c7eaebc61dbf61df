/** A moment as vendors write it: `2026-11-21T09:00:00Z`; some leave the zone out and mean UTC. */
export function writeMoment(ms: number, zone = true): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, zone ? "Z" : "");
}

/** Milliseconds since the epoch; NaN for what is no moment. A text without a zone is UTC, wherever this runs. */
export function readMoment(value: unknown): number {
  const text = String(value);
  return Date.parse(/T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text) ? `${text}Z` : text);
}
