import type { FilledRequest } from "./types.ts";

/** Shorter texts stand in ordinary words too: masking them would garble a text and tell what was masked. */
const SHORTEST_MASKED = 4;

/** A text without the request's secrets in it. */
export function maskSecrets(text: string, request: Pick<FilledRequest, "secrets">): string {
  let masked = text;
  for (const secret of request.secrets) if (secret.length >= SHORTEST_MASKED) masked = masked.replaceAll(secret, "***");
  return masked;
}
