import busboy from "busboy";
import type { Expected } from "./expected.ts";
import type { Recorded } from "./recorder.ts";

/** A request taken apart, so that two of them can be compared piece by piece. */
export interface Parts {
  readonly method: string;
  readonly path: string;
  /** Names and values in order, percent-encoded in one way. */
  readonly query: readonly Pair[];
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly Pair[];
  readonly contentType: string;
  readonly body: BodyParts;
}
/** A name with its value, both in the one way; last, the pair as it was sent. A part of a multipart body is not encoded: it stands in that way too. */
export type Pair = readonly [name: string, value: string, sent: string];

/** A body, read by its media type. */
export type BodyParts =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "fields"; readonly pairs: readonly Pair[] }
  | { readonly kind: "bytes"; readonly text: string };

/** What was recorded, in parts. */
export async function partsOf({ method, target, headers, body }: Recorded): Promise<Parts> {
  const [path, query] = splitTarget(target);
  const contentType = headers["content-type"] ?? "";
  return {
    method,
    path: canonical(path),
    query: pairsIn(query),
    headers,
    cookies: cookiesIn(headers["cookie"]),
    contentType: essence(contentType),
    body: await recordedBody(contentType, body),
  };
}

/** What was expected, in parts. */
export async function expectedParts({ method, target, headers, body }: Expected): Promise<Parts> {
  const [path, query] = splitTarget(target);
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const all: Record<string, string> = Object.fromEntries(named);
  const contentType = all["content-type"] ?? "";
  return {
    method,
    path: canonical(path),
    query: pairsIn(query),
    headers: all,
    cookies: cookiesIn(all["cookie"]),
    contentType: body === undefined ? "" : essence(contentType),
    body: await writtenBody(contentType, body),
  };
}

function splitTarget(target: string): readonly [string, string] {
  const [path = "", ...rest] = (target.split("#")[0] ?? "").split("?");
  return [path, rest.join("?")];
}

/**
 * One way to write what can be written in several: RFC 3986 §6.2.2 for unreserved characters and the case of digits; `!'()*` delimit
 * nothing in any style, and encoders differ about them; `|` is not allowed as it is, so it stands for `%7C`.
 */
export function canonical(text: string): string {
  return text
    .replaceAll(/%[0-9a-fA-F]{2}/g, (code) => {
      const char = String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return /[A-Za-z0-9\-._~!'()*]/.test(char) ? char : code.toUpperCase();
    })
    .replaceAll("|", "%7C")
    .replaceAll(/[[\]]/g, (char) => (char === "[" ? "%5B" : "%5D"));
}

function pairsIn(text: string): readonly Pair[] {
  if (text === "") return [];
  return text.split("&").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [canonical(name), canonical(value.join("=")), pair] as const;
  });
}

function cookiesIn(header: string | undefined): readonly Pair[] {
  if (header === undefined || header === "") return [];
  return header.split(/; ?/).map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [canonical(name), canonical(value.join("=")), pair] as const;
  });
}

/** A media type without its parameters. */
function essence(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

async function recordedBody(contentType: string, body: Buffer): Promise<BodyParts> {
  if (body.byteLength === 0 && contentType === "") return { kind: "none" };
  const type = essence(contentType);
  if (/[/+]json$/.test(type)) return { kind: "json", value: JSON.parse(body.toString()) as unknown };
  if (type === "application/x-www-form-urlencoded") return { kind: "fields", pairs: pairsIn(body.toString()) };
  if (type.startsWith("multipart/")) return { kind: "fields", pairs: await fieldsIn(contentType, body) };
  return { kind: "bytes", text: body.toString() };
}

async function writtenBody(contentType: string, body: Expected["body"]): Promise<BodyParts> {
  if (body === undefined) return { kind: "none" };
  if (body instanceof FormData) {
    const pairs = [...body].map(async ([name, value]) => encodedPair(name, await fieldText(value)));
    return { kind: "fields", pairs: await Promise.all(pairs) };
  }
  if (body instanceof File) return { kind: "bytes", text: await body.text() };
  const type = essence(contentType);
  if (type === "application/x-www-form-urlencoded") return { kind: "fields", pairs: pairsIn(String(body)) };
  if (/[/+]json$/.test(type)) return { kind: "json", value: body };
  return { kind: "bytes", text: typeof body === "string" ? body : JSON.stringify(body) };
}

/** Multipart is not encoded; here it is, so that every body is compared in one way. */
function encodedPair(name: string, value: string): Pair {
  const [first, second] = [canonical(encodeURIComponent(name)), canonical(encodeURIComponent(value))];
  return [first, second, `${first}=${second}`];
}

/** A part of a multipart body: its text; of a file also its name. */
async function fieldText(value: string | File): Promise<string> {
  return typeof value === "string" ? value : fileText(value.name, await value.text());
}

async function fieldsIn(contentType: string, body: Buffer): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  const parser = busboy({ headers: { "content-type": contentType }, defParamCharset: "utf8" });
  const waiting: Promise<void>[] = [];
  parser.on("field", (name, value) => pairs.push(encodedPair(name, value)));
  parser.on("file", (name, stream, { filename }) => {
    const index = pairs.push(encodedPair(name, "")) - 1; // files end later than they begin
    const read = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer); // no encoding is set
      pairs[index] = encodedPair(name, fileText(filename, Buffer.concat(chunks).toString()));
    };
    waiting.push(read());
  });
  await new Promise((done, fail) => parser.on("close", done).on("error", fail).end(body));
  await Promise.all(waiting);
  return pairs;
}

/** swagger-client writes a part with a content type as a file called `blob`; a name tells nothing there (RFC 7578 §4.2). */
function fileText(name: string | undefined, text: string): string {
  return name === "blob" || name === undefined ? text : `<${name}> ${text}`;
}
