import { PassThrough, Readable } from "node:stream";
import type { FilledBody, FilledPart } from "../request/types.ts";

/** A multipart body, ready to be sent. */
export interface Multipart {
  /** With the boundary in it. */
  readonly contentType: string;
  /** Of the whole body, boundaries included. */
  readonly bytes: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/**
 * Writes a multipart body (RFC 2046 §5.1), its files straight from where they are: `multipart/form-data` (RFC 7578), and others that say the
 * names of their parts likewise (OAS 3.1.1 §4.8.15) or have none. fetch's own FormData cannot say the media type of a part that is no
 * file, which OpenAPI's Encoding Object asks for, and would hold the files in memory.
 */
export async function writeMultipart(body: Extract<FilledBody, { kind: "multipart" }>): Promise<Multipart> {
  const { default: FormData } = await import("form-data"); // only for those who upload
  const form = new FormData();
  const boundary = form.getBoundary();
  for (const part of body.parts) {
    const { name, value, contentType } = part;
    const header = name === undefined ? { header: headerOf(part, boundary) } : {};
    if (typeof value === "string") form.append(name ?? "", value, { ...(contentType && { contentType }), ...header });
    else {
      const { name: filename, size: knownLength } = value;
      const about = { filename, contentType: value.contentType, knownLength, ...header };
      form.append(name ?? "", Readable.from(value.read()), about);
    }
  }
  const contentType = typeOf(body, boundary);
  if (body.parts.length === 0) {
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

/** The header of a part without a name, its delimiter before it: `form-data` puts in a text as it is. */
function headerOf(part: FilledPart, boundary: string): string {
  return `--${boundary}\r\nContent-Type: ${partType(part)}\r\n\r\n`;
}

function partType({ value, contentType }: FilledPart): string {
  return typeof value === "string" ? (contentType ?? "text/plain; charset=utf-8") : value.contentType;
}

/** The media type with its boundary; `multipart/related` says of what type its first part is, its root (RFC 2387 §3.1). */
function typeOf({ contentType, parts }: Extract<FilledBody, { kind: "multipart" }>, boundary: string): string {
  const said = contentType.replace(/;\s*boundary=(?:"[^"]*"|[^;]*)/i, "");
  const [root] = parts;
  const untold = /^multipart\/related\b/i.test(said) && root && !/;\s*type=/i.test(said);
  const type = untold ? `; type="${(partType(root).split(";")[0] ?? "").trim()}"` : "";
  return `${said}; boundary=${boundary}${type}`;
}
