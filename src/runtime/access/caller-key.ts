import { createHash, createHmac, randomBytes } from "node:crypto";

/** Hex digits of a key: half of a SHA-256, more than enough to tell callers apart. */
const LENGTH = 32;
/** Of this process alone, where the operator gave none. */
const processSecret = randomBytes(32);

/**
 * The key of a person who was identified: by the issuer, the subject and the client together, since a subject alone may be
 * another person at another issuer, and a client alone is many people.
 */
export function personKey(issuer: string, subject: string, clientId: string): string {
  return createHash("sha256")
    .update(JSON.stringify([issuer, subject, clientId]))
    .digest("hex")
    .slice(0, LENGTH);
}

/**
 * The key of whoever brings a key of the vendor's: an HMAC, so that nobody who sees it can try keys on it.
 *
 * @param secret What several processes share, to know the same caller by the same key; undefined: each process has its own.
 */
export function apiKeyKey(api: string, key: string, secret: Uint8Array | undefined): string {
  return createHmac("sha256", secret ?? processSecret)
    .update(JSON.stringify(["api key", api, key]))
    .digest("hex")
    .slice(0, LENGTH);
}
