import type { FilledRequest } from "./types.ts";

/** Shorter texts stand in ordinary words too: masking them would garble a text and tell what was masked. */
const SHORTEST_MASKED = 4;

/** A text without the request's secrets in it. */
export function maskSecrets(text: string, request: Pick<FilledRequest, "secrets">): string {
  let masked = text;
  for (const secret of request.secrets) if (secret.length >= SHORTEST_MASKED) masked = masked.replaceAll(secret, "***");
  return masked;
}

/** A JSON value without the request's secrets in its texts and names. */
export function maskAll(value: unknown, request: Pick<FilledRequest, "secrets">): unknown {
  if (typeof value === "string") return maskSecrets(value, request);
  if (Array.isArray(value)) return value.map((entry) => maskAll(entry, request));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [maskSecrets(key, request), maskAll(entry, request)]),
  );
}
