import { PassThrough, Readable } from "node:stream";
import type { FilledPart } from "../request/types.ts";

/** A multipart body, ready to be sent. */
export interface Multipart {
  /** With the boundary in it. */
  readonly contentType: string;
  /** Of the whole body, boundaries included. */
  readonly bytes: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/**
 * Writes a `multipart/form-data` body (RFC 7578), its files straight from where they are. fetch's own FormData cannot say the media type of
 * a part that is no file, which OpenAPI's Encoding Object asks for, and would hold the files in memory.
 */
export async function writeMultipart(parts: readonly FilledPart[]): Promise<Multipart> {
  const { default: FormData } = await import("form-data"); // only for those who upload
  const form = new FormData();
  for (const { name, value, contentType } of parts) {
    if (typeof value === "string") form.append(name, value, contentType === undefined ? {} : { contentType });
    else {
      const { name: filename, size: knownLength } = value;
      form.append(name, Readable.from(value.read()), { filename, contentType: value.contentType, knownLength });
    }
  }
  const contentType = `multipart/form-data; boundary=${form.getBoundary()}`;
  if (parts.length === 0) {
    const closing = form.getBuffer(); // piped, a form of nothing would not even say that it ends
    return { contentType, bytes: closing.byteLength, read: () => Readable.from([closing]) };
  }
  return {
    contentType,
    bytes: form.getLengthSync(),
    read() {
      const pieces = new PassThrough();
      form.on("error", (error: Error) => pieces.destroy(error)); // an old kind of stream: `pipe` hands on no errors
      return form.pipe(pieces);
    },
  };
}
