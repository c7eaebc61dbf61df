/**
 * Seconds that the vendor asks to wait; `undefined` when it does not say, or says something that is no time.
 *
 *     Retry-After: 2                              → 2
 *     Retry-After: Sat, 21 Nov 2026 10:00:02 GMT  → 2, by the vendor's own Date when it tells it
 *     X-RateLimit-Reset: 1795255202               → seconds until then
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterSeconds(headers: Headers, now = Date.now()): number | undefined {
  const vendorNow = httpDate(headers.get("date")) ?? now; // clocks differ; the difference of two times of one clock does not
  const after = headers.get("retry-after");
  if (after !== null) return seconds(after) ?? until(httpDate(after), vendorNow);
  for (const name of ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"]) {
    const reset = seconds(headers.get(name) ?? "");
    if (reset !== undefined) return reset >= EPOCH_FROM ? until(reset * 1_000, vendorNow) : reset;
  }
  return undefined;
}

/** A waiting time for people: nobody needs more than "a day". */
export function waitText(waitSeconds: number): string {
  if (waitSeconds > 86_400) return "more than a day";
  return waitSeconds === 1 ? "1 second" : `${waitSeconds} seconds`;
}

/** Smaller numbers are seconds from now, larger ones seconds since 1970 (this is 2001). */
const EPOCH_FROM = 1_000_000_000;

function seconds(text: string): number | undefined {
  return /^\s*\d{1,12}(?:\.\d+)?\s*$/.test(text) ? Math.ceil(Number(text)) : undefined;
}

function until(time: number | undefined, now: number): number | undefined {
  return time === undefined || time < now ? undefined : Math.ceil((time - now) / 1_000);
}

/** RFC 9110 §5.6.7; `Date.parse` alone takes "Fri, 99" for a day in 1999. */
function httpDate(text: string | null): number | undefined {
  if (text === null || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text.trim()))
    return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
