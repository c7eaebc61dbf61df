import { createHash } from "node:crypto";

/** Names what lies under an id, which may be a secret itself, such as a refresh token: half a SHA-256 of it, in hex. */
export function digestOfId(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 32);
}
