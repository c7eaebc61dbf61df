import { isJson } from "./media-type.ts";
import { maskAll, maskSecrets } from "./secrets.ts";
import type { FilledBody, FilledFile, FilledRequest } from "./types.ts";

/** A request as a person may see it: secrets masked, files by name and size. JSON can carry it. */
export interface RequestDescription {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Describes a request without sending it.
 *
 *     { method: "POST", url: "https://acme.example/notes", headers: { authorization: "Basic ***" }, body: { text: "Hello" } }
 *
 * The fields of a form are shown as `[name, value]`, since names repeat.
 */
export function describeRequest(request: FilledRequest): RequestDescription {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, headerShown(name, value, request)]);
  return {
    method: request.method,
    url: maskSecrets(request.url.href, request),
    headers: Object.fromEntries(headers),
    body: maskAll(bodyShown(request.body), request),
  };
}

function headerShown(name: string, value: string, request: FilledRequest): string {
  if (name === "authorization") return value.replace(/^((?:Basic|Bearer) )?.*$/, "$1***");
  return request.secrets.includes(value) ? "***" : maskSecrets(value, request);
}

function bodyShown(body: FilledBody | undefined): unknown {
  if (body === undefined) return null;
  switch (body.kind) {
    case "file":
      return fileShown(body.file);
    case "multipart":
      return body.parts.map(({ name, value }) => [name, typeof value === "string" ? value : fileShown(value)]);
    case "text":
      if (isJson(body.contentType)) return JSON.parse(body.text) as unknown;
      if (!body.contentType.startsWith("application/x-www-form-urlencoded")) return body.text;
      return [...new URLSearchParams(body.text)];
  }
}

function fileShown(file: FilledFile): string {
  return `<${file.name}, ${file.size} bytes>`;
}
