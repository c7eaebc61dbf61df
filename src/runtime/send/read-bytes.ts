/** Most bytes of one answer, decompressed: more than any page of any list, less than what hurts. */
export const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** An answer is larger than {@link MAX_ANSWER_BYTES}. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/**
 * Reads a body and counts while it comes in: 200 KB on the wire may be 200 MB in memory.
 *
 * @throws {AnswerTooLargeError} as soon as there is a byte too many; the connection is dropped.
 */
export async function readBytes(response: Response): Promise<Uint8Array> {
  const { body } = response;
  if (body === null) return new Uint8Array();
  if (Number(response.headers.get("content-length")) > MAX_ANSWER_BYTES) {
    await dropBody(response);
    throw new AnswerTooLargeError();
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream, which closes the connection.
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new AnswerTooLargeError();
    pieces.push(piece);
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, bytes);
}

/** Lets go of a body that nobody will read. */
export async function dropBody(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined); // it may have ended by itself
}
