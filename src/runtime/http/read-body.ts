import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request, whatever it says of its length.
 *
 * @returns undefined when there is more of it than that; then the rest is not read.
 */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
