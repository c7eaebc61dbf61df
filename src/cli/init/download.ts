import { likenessOfText } from "../../spec/likeness.ts";
import { UserError } from "../command.ts";

/** Bounds of a download. */
export interface DownloadBounds {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

const BOUNDS: DownloadBounds = {
  maxBytes: 64 * 1024 * 1024, // what the generator reads at most
  timeoutMs: 60_000, // 64 MiB at 10 Mbit/s
};
const MOST_REDIRECTS = 5; // as many as browsers' users ever meet on the way to a file

/**
 * Downloads the description that a person named, the only time that Toolwright reads anything from a network while generating.
 *
 * No credential is sent, not even one within the address; redirects are followed to the same origin only (T04).
 */
export async function downloadSpec(address: string, bounds: DownloadBounds = BOUNDS): Promise<string> {
  const start = parseAddress(address);
  const signal = AbortSignal.timeout(bounds.timeoutMs);
  let url = start;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await request(url, signal);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null)
      return await readText(response, start, bounds);
    await response.body?.cancel();
    url = nextAddress(location, url);
  }
  throw new UserError(`${shown(start)} redirects in circles`, "save the file yourself, and give its path");
}

/** An address without what may be secret in it. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) throw new UserError(`"${address}" is not an address`, "write it like https://api.acme.com/openapi.json");
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      "the address holds a user name or password, and none is ever sent",
      "save the file yourself, and give its path",
    );
  }
  return url;
}

function nextAddress(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (next?.origin === from.origin) return next;
  const where = next && /^https?:$/.test(next.protocol) ? shown(next) : undefined;
  throw new UserError(
    `${shown(from)} redirects to ${where ?? "somewhere else"}, and another server is not followed`,
    where === undefined ? "save the file yourself, and give its path" : `if you trust it, run toolwright init ${where}`,
  );
}

async function request(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      redirect: "manual",
      credentials: "omit",
      signal,
      headers: { accept: "application/json, application/yaml, text/yaml, */*;q=0.5" },
    });
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

function unreachable(url: URL, cause: unknown): UserError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const reason =
    inner instanceof Error
      ? "code" in inner && typeof inner.code === "string"
        ? inner.code
        : inner.name === "Error"
          ? inner.message
          : inner.name
      : "no answer";
  return new UserError(
    `${shown(url)} cannot be read: ${reason}`,
    "check the address, or save the file yourself and give its path",
  );
}

async function readText(response: Response, url: URL, { maxBytes }: DownloadBounds): Promise<string> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new UserError(
      `${shown(url)} answers ${response.status}`,
      "check the address in a browser; a file behind a login must be saved by hand",
    );
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length; // of the decoded body: a small answer may unpack to a large one
      if (size > maxBytes)
        throw new UserError(
          `${shown(url)} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MiB`,
          "save the part of it that you need",
        );
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof UserError ? cause : unreachable(url, cause);
  }
  const text = decode(Buffer.concat(chunks), url);
  if (/^\s*</.test(text)) {
    const other = likenessOfText(text);
    if (other?.name.includes("WSDL") && other.help !== undefined)
      throw new UserError(`${shown(url)} is ${other.name}, not one of OpenAPI`, other.help);
    throw new UserError(
      `${shown(url)} is a web page, not a description`,
      "give the address of the file itself: on a code host, that of its raw form",
    );
  }
  return text;
}

function decode(bytes: Uint8Array, url: URL): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${shown(url)} is not UTF-8`, "convert the file to UTF-8, and give its path");
  }
}
