import type { FilledBody } from "../request/types.ts";
import { writeMultipart } from "./multipart.ts";

/** A body on its way out, made anew for every attempt: one that was sent is spent. */
export interface OutgoingBody {
  /** Headers that only the finished body knows: its length, and the boundary of a multipart one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Uint8Array | ReadableStream<Uint8Array>;
  /** What went wrong with reading the content, since `fetch` only tells that something did. */
  readonly failure: () => unknown;
}

/** Told how many bytes of a large body were handed to the connection. */
export type OnSent = (bytes: number, total: number) => void;

const PIECE_BYTES = 64 * 1024;
/** Smaller bodies go out at once: nobody waits for them, and a stream costs more than it saves. */
const LARGE_BYTES = 1024 * 1024;

/**
 * A body as `fetch` takes it. What comes from a disk, or is large, goes out piece by piece: the time that a server may take for its answer
 * then begins with the last piece, and nothing is held in memory twice. Its length is said all the same: presigned hosts take no chunks.
 */
export async function outgoingBody(body: FilledBody, onSent: OnSent): Promise<OutgoingBody> {
  switch (body.kind) {
    case "text": {
      const bytes = Buffer.from(body.text, "utf8");
      if (bytes.byteLength < LARGE_BYTES) return { headers: {}, content: bytes, failure: () => undefined };
      return streamed(() => piecesOf(bytes), bytes.byteLength, {}, onSent);
    }
    case "file":
      return streamed(body.file.read, body.file.size, {}, onSent);
    case "multipart": {
      const { contentType, bytes, read } = await writeMultipart(body);
      return streamed(read, bytes, { "content-type": contentType }, onSent);
    }
  }
}

function streamed(
  read: () => AsyncIterable<Uint8Array>,
  length: number,
  headers: Readonly<Record<string, string>>,
  onSent: OnSent,
): OutgoingBody {
  let failure: unknown;
  async function* counted(): AsyncGenerator<Uint8Array> {
    let sent = 0;
    let told = 0;
    try {
      for await (const piece of read()) {
        yield piece;
        sent += piece.byteLength;
        if (length < LARGE_BYTES || (sent < length && sent - told < LARGE_BYTES)) continue;
        told = sent;
        onSent(sent, length);
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const content = ReadableStream.from(counted());
  return { headers: { ...headers, "content-length": String(length) }, content, failure: () => failure };
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
