import type { FilledPart } from "../request/types.ts";

/** A multipart body, ready to be sent. */
export interface Multipart {
  /** With the boundary in it. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a `multipart/form-data` body (RFC 7578). fetch's own FormData cannot say the media type of a part that is no file, which
 * OpenAPI's Encoding Object asks for.
 */
export async function writeMultipart(parts: readonly FilledPart[]): Promise<Multipart> {
  const { default: FormData } = await import("form-data"); // only for those who upload
  const form = new FormData();
  for (const { name, value, contentType } of parts) {
    if (typeof value === "string") form.append(name, value, contentType === undefined ? {} : { contentType });
    else form.append(name, Buffer.from(value.bytes), { filename: value.name, contentType: value.contentType });
  }
  return { contentType: `multipart/form-data; boundary=${form.getBoundary()}`, bytes: form.getBuffer() };
}
