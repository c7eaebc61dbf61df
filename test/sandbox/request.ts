import { request as open } from "node:http";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

export const KEY = `Basic ${Buffer.from("sandbox-key:X").toString("base64")}`;
export const FRESHSERVICE = "specs/freshservice/sandbox.yaml";

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a request as it is: no path is tidied, no header added but the key, which `undefined` takes away. */
export async function send(
  { url }: Sandbox,
  method: string,
  path: string,
  given: { readonly headers?: Readonly<Record<string, string | undefined>>; readonly body?: string | Buffer } = {},
): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const headers = Object.entries({ authorization: KEY, ...given.headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return await new Promise((done, fail) => {
    const request = open({ hostname, port, method, path, headers: Object.fromEntries(headers) }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        done({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on("error", fail);
    request.end(given.body);
  });
}

/** A multipart body of these parts; a value with a name of its own is a file. */
export function multipart(parts: readonly (readonly [name: string, value: string, file?: string])[]) {
  const body = parts.map(([name, value, file]) => {
    const disposition = `form-data; name="${name}"${file === undefined ? "" : `; filename="${file}"`}`;
    const type = file === undefined ? "" : "\r\nContent-Type: text/plain";
    return `--b\r\nContent-Disposition: ${disposition}${type}\r\n\r\n${value}\r\n`;
  });
  return { headers: { "content-type": "multipart/form-data; boundary=b" }, body: `${body.join("")}--b--\r\n` };
}

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** An answer with its JSON; `{}` for an empty body. */
export interface Answered {
  readonly status: number;
  readonly headers: WireAnswer["headers"];
  readonly body: { readonly errors?: Rows } & Readonly<Record<string, unknown>>;
}

/** Sends JSON to a path below the base path. */
export type Ask = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answered>;

/** Requests to one sandbox. */
export function requestsTo(sandbox: Sandbox): Ask {
  return async (method, path, body, headers) => {
    const json = body ? { "content-type": "application/json" } : {};
    const answer = await send(sandbox, method, `${new URL(sandbox.url).pathname}${path}`, {
      headers: { ...json, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { ...answer, body: answer.text === "" ? {} : (JSON.parse(answer.text) as Answered["body"]) };
  };
}

/** A path with a query in the vendor's quotes. */
export function query(path: string, parameter: string, text: string): string {
  return `${path}?${parameter}=${encodeURIComponent(`"${text}"`)}`;
}
