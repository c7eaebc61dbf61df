import type { IncomingMessage } from "node:http";
import { BodyTooLarge, MalformedBody, MAX_BODY_BYTES, type ReceivedBody } from "./body.ts";
import { readForm } from "./form.ts";

/** No vendor's objects are as deep; deeper ones overflow the stack of whoever writes them as JSON. */
const MAX_DEPTH = 64;
/** Values in a body. Every one can cost a complaint, which is larger than the value. */
const MAX_VALUES = 200_000;

/**
 * Reads the body of a request: JSON, forms with and without files, anything else as text.
 *
 * @returns undefined when there is no body, whatever the headers say.
 * @throws {MalformedBody} when the media type announces something else than what comes.
 * @throws {BodyTooLarge} once all of it has come, so that the client can still be answered.
 */
export async function readBody(request: IncomingMessage): Promise<ReceivedBody | undefined> {
  const mediaType = (request.headers["content-type"]?.split(";")[0] ?? "").trim().toLowerCase();
  if (mediaType === "multipart/form-data" || mediaType === "application/x-www-form-urlencoded")
    return await readForm(metered(request), request.headers, mediaType);
  const chunks: Buffer[] = [];
  for await (const chunk of metered(request)) chunks.push(chunk);
  if (chunks.length === 0) return undefined;
  const text = Buffer.concat(chunks).toString("utf8");
  return { mediaType, value: mediaType === "application/json" ? readJson(text) : text, files: [] };
}

function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MalformedBody("json", error instanceof Error ? error.message : "no JSON");
  }
  let left = MAX_VALUES;
  const fits = (part: unknown, depth: number): boolean => {
    if (left-- <= 0 || depth > MAX_DEPTH) return false;
    return typeof part !== "object" || part === null || Object.values(part).every((entry) => fits(entry, depth + 1));
  };
  if (!fits(value, 0)) throw new MalformedBody("json", "it is nested too deeply, or holds too many values");
  return value;
}

/** Passes on what comes, up to the limit; what is beyond it is read and dropped. */
async function* metered(request: IncomingMessage): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = chunk as Buffer; // a request without an encoding yields buffers
    bytes += buffer.length;
    if (bytes <= MAX_BODY_BYTES) yield buffer;
  }
  if (bytes > MAX_BODY_BYTES) throw new BodyTooLarge(`more than ${MAX_BODY_BYTES} bytes`);
}
