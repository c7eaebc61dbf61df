/**
 * Why an exchange with the vendor ended without an answer.
 *
 * `unsent`, `no-host` and `tls` happen before a byte of the request is out, so that even a write may be repeated.
 */
export type Failure =
  | "unsent" // no connection
  | "no-host" // the name does not exist
  | "tls" // the certificate is not the host's
  | "broken" // the connection ended in the middle
  | "silent" // connected, and no answer in time
  | "stalled" // an answer that began and did not go on
  | "headers-too-large"
  | "undecodable"; // compressed in a way that cannot be undone

/** Sorts what fetch throws by what is known of the request's fate (measured on Node 20's fetch with undici's agent). */
export function failureOf(error: unknown): Failure {
  const { codes, text } = traits(error);
  const has = (...known: readonly string[]) => known.some((code) => codes.has(code));
  if (has("ENOTFOUND")) return "no-host";
  if ([...codes].some((code) => TLS.test(code))) return "tls";
  if (has("UND_ERR_HEADERS_OVERFLOW")) return "headers-too-large";
  if (has("UND_ERR_HEADERS_TIMEOUT")) return "silent";
  if (has("UND_ERR_BODY_TIMEOUT")) return "stalled";
  if (
    [...codes].some((code) => /^(?:Z_|ERR__?ZLIB|ERR_BROTLI|ERR__ERROR_FORMAT)/.test(code)) ||
    /content-encodings/i.test(text)
  ) {
    return "undecodable";
  }
  if (has("ECONNREFUSED", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"))
    return "unsent";
  if (codes.has("connect") || /before secure TLS connection/.test(text)) return "unsent"; // a reset during the handshake
  return "broken";
}

const TLS =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$)/;

/** Codes, system calls and messages of an error and of what caused it. */
function traits(error: unknown): { readonly codes: ReadonlySet<string>; readonly text: string } {
  const codes = new Set<string>();
  let text = "";
  const pending: unknown[] = [error];
  for (let seen = 0; pending.length > 0 && seen < 20; seen++) {
    const next = pending.shift();
    if (!(next instanceof Error)) continue;
    text += `${next.message}\n`;
    for (const key of ["code", "syscall"] as const) {
      const value = (next as Error & { readonly code?: unknown; readonly syscall?: unknown })[key]; // system errors have them
      if (typeof value === "string") codes.add(value);
    }
    pending.push(next.cause);
    if (next instanceof AggregateError) pending.push(...(next.errors as readonly unknown[])); // one for each address
  }
  return { codes, text };
}
