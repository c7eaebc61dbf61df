import type { RingKey } from "./key-ring.ts";

/** What lies in a vault, in the clear. */
export interface Sealed {
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/**
 * Seals with the first key: JWE compact, `dir`, A256GCM (RFC 7516). When it expires stands in the header too, so that what is over can be
 * thrown away unopened.
 */
export async function seal(keys: readonly RingKey[], content: Sealed): Promise<string> {
  const [first] = keys;
  if (!first) throw new Error("a key ring has no key");
  const { CompactEncrypt } = await import("jose");
  const { expiresAt } = content;
  return await new CompactEncrypt(Buffer.from(JSON.stringify(content), "utf8"))
    .setProtectedHeader({
      alg: "dir",
      enc: "A256GCM",
      kid: first.id,
      ...(expiresAt !== undefined && { exp: Math.ceil(expiresAt / 1000) }),
    })
    .encrypt(first.key);
}

/** Opens what was sealed under this kind and id; `undefined`: it is something else, was changed, or its key is not in the ring. */
export async function unseal(keys: readonly RingKey[], text: string): Promise<Sealed | undefined> {
  const { compactDecrypt } = await import("jose");
  try {
    const { plaintext } = await compactDecrypt(
      text.trim(),
      ({ kid }) => {
        const found = keys.find(({ id }) => id === kid);
        if (!found) throw new Error("no such key");
        return found.key;
      },
      { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] },
    );
    return JSON.parse(Buffer.from(plaintext).toString("utf8")) as Sealed; // what was sealed with a key of ours is of this shape
  } catch {
    return undefined; // whatever it is, nothing of it is usable, and its text must not be shown
  }
}

/** When a sealed text expires, as its header tells, in milliseconds since the epoch. */
export function sealedUntil(text: string): number | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(text.split(".")[0] ?? "", "base64url").toString("utf8"));
    const exp = typeof header === "object" && header !== null && "exp" in header ? header.exp : undefined;
    return typeof exp === "number" ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
