import type { IncomingHttpHeaders } from "node:http";
import busboy from "busboy";
import { MalformedBody, MAX_BODY_BYTES, type ReceivedBody, type ReceivedFile } from "./body.ts";
import { isRow, type Row } from "./row.ts";

/** Parts of a form that are read; a form has a part for each field, and each file. */
const MAX_PARTS = 10_000;

/** Fields of a form by their names; `name[]` is a list, however many parts it has. */
type Fields = Map<string, string | string[]>;

/** Reads a form, with the files in it. */
export async function readForm(
  chunks: AsyncIterable<Buffer>,
  headers: IncomingHttpHeaders,
  mediaType: string,
): Promise<ReceivedBody> {
  const fields: Fields = new Map();
  const files: ReceivedFile[] = [];
  let failure: string | undefined;
  const fail = (reason: unknown) => (failure ??= reason instanceof Error ? reason.message : String(reason));
  const parser = open(headers);
  parser?.on("error", fail);
  for (const limit of ["partsLimit", "fieldsLimit"])
    parser?.on(limit, () => fail(`it has more than ${MAX_PARTS} parts`));
  parser?.on("field", (name: string | undefined, value) => put(fields, name ?? "", value));
  parser?.on("file", (part: string | undefined, stream, { filename, mimeType }: FileFacts) => {
    const field = part ?? "";
    const name = filename ?? field;
    const content: Buffer[] = [];
    stream.on("error", fail); // a file that is cut off
    stream.on("data", (chunk: Buffer) => content.push(chunk));
    stream.on("end", () => {
      const whole = Buffer.concat(content);
      files.push({ field, name, contentType: mimeType, bytes: whole.length, content: whole });
      put(fields, field, name);
    });
  });
  const closed = new Promise<unknown>((done) => (parser ? parser.on("close", done) : done(undefined)));
  // All of it is read, good or not: a client that is still sending does not see an answer.
  for await (const chunk of chunks) if (failure === undefined) parser?.write(chunk);
  if (failure === undefined) parser?.end();
  else parser?.destroy();
  await closed;
  if (!parser || failure !== undefined) throw new MalformedBody("form", failure ?? "it has no boundary");
  return { mediaType, value: Object.fromEntries(fields), files };
}

interface FileFacts {
  readonly filename?: string;
  readonly mimeType: string;
}

/** @returns undefined when the header says too little to read the form. */
function open(headers: IncomingHttpHeaders): busboy.Busboy | undefined {
  const limits = { fieldSize: MAX_BODY_BYTES, parts: MAX_PARTS, fields: MAX_PARTS };
  try {
    return busboy({ headers, defParamCharset: "utf8", limits });
  } catch {
    return undefined;
  }
}

function put(fields: Fields, name: string, value: string): void {
  const known = fields.get(name);
  if (!name.endsWith("[]")) fields.set(name, value);
  else if (Array.isArray(known)) known.push(value);
  else fields.set(name, [value]);
}

/** Form fields by the names of the JSON body: `tags[]` → tags, `custom_fields[a]` → custom_fields.a. */
export function fieldsOfForm(form: Row): Row {
  const out = new Map<string, unknown>();
  for (const [name, value] of Object.entries(form)) {
    const [, outer, inner] = /^([^[\]]+)\[([^[\]]*)\]$/.exec(name) ?? [];
    if (outer === undefined) out.set(name, value);
    else if (inner === "" || inner === undefined) out.set(outer, value);
    else {
      const known = out.get(outer);
      out.set(outer, { ...(isRow(known) ? known : {}), [inner]: value });
    }
  }
  return Object.fromEntries(out);
}
