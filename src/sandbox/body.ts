import type { IncomingMessage } from "node:http";
import busboy from "busboy";
import type { Row } from "./collections.ts";

/** A request body, read. */
export interface ReceivedBody {
  readonly mediaType: string;
  /** JSON as it is; forms as an object, with `name[]` as arrays. Files stand as their names. */
  readonly value: unknown;
  readonly files: readonly ReceivedFile[];
}

/** A file that came in a multipart body. */
export interface ReceivedFile {
  readonly field: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
}

/** The body is no JSON. */
export class MalformedBody extends Error {
  override readonly name = "MalformedBody";
}

/**
 * Reads the body of a request: JSON, forms with and without files, anything else as text.
 *
 * @throws {MalformedBody} when JSON is announced and something else comes.
 */
export async function readBody(request: IncomingMessage): Promise<ReceivedBody | undefined> {
  const type = request.headers["content-type"];
  if (type === undefined) {
    request.resume();
    return undefined;
  }
  const mediaType = (type.split(";")[0] ?? "").trim().toLowerCase();
  if (mediaType === "multipart/form-data" || mediaType === "application/x-www-form-urlencoded")
    return await readForm(request, mediaType);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // a request without an encoding yields buffers
  const text = Buffer.concat(chunks).toString("utf8");
  if (mediaType !== "application/json") return { mediaType, value: text, files: [] };
  try {
    return { mediaType, value: JSON.parse(text) as unknown, files: [] };
  } catch (error) {
    throw new MalformedBody(error instanceof Error ? error.message : "no JSON");
  }
}

async function readForm(request: IncomingMessage, mediaType: string): Promise<ReceivedBody> {
  return await new Promise((done, fail) => {
    const fields: Row = {};
    const files: ReceivedFile[] = [];
    const parser = busboy({ headers: request.headers, defParamCharset: "utf8" });
    parser.on("field", (name: string | undefined, value) => put(fields, name ?? "", value));
    parser.on(
      "file",
      (part: string | undefined, stream, { filename, mimeType }: { filename?: string; mimeType: string }) => {
        const field = part ?? "";
        let bytes = 0;
        stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
        stream.on("end", () => {
          files.push({ field, name: filename ?? field, contentType: mimeType, bytes });
          put(fields, field, filename ?? field);
        });
      },
    );
    parser.on("close", () => done({ mediaType, value: fields, files }));
    parser.on("error", (error) => fail(new MalformedBody(error instanceof Error ? error.message : "no form")));
    request.pipe(parser);
  });
}

/** A name that ends in `[]` is a list, however many parts it has. */
function put(fields: Row, name: string, value: string): void {
  if (!name.endsWith("[]")) fields[name] = value;
  else fields[name] = [...((fields[name] as string[] | undefined) ?? []), value];
}
