import type { BinaryContent } from "../call/answer.ts";
import { firstOf } from "./cut-text.ts";
import { stripHidden } from "./hidden-characters.ts";

/** Whether a body is the content of a file. */
export function isBinary(body: unknown): body is Uint8Array {
  return body instanceof Uint8Array;
}

/** Reads a file out of an answer. The name loses every folder that the vendor may have put before it. */
export function readBinary(body: Uint8Array, headers: Headers): BinaryContent {
  const name = fileName(headers.get("content-disposition") ?? "");
  return {
    mimeType: headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() || "application/octet-stream",
    base64: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64"),
    ...(name !== undefined && { name }),
  };
}

/** `attachment; filename*=UTF-8''caf%C3%A9.pdf; filename="cafe.pdf"` → `café.pdf` (RFC 6266: the extended form wins). */
function fileName(disposition: string): string | undefined {
  const extended = /filename\*\s*=\s*(?:UTF-8|ISO-8859-1)'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition);
  const name = decoded(extended) ?? plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2];
  const last =
    stripHidden(name ?? "")
      .split(/[/\\]/)
      .at(-1) ?? "";
  const base = firstOf(last.trim(), 255);
  return base === "" || base === "." || base === ".." ? undefined : base;
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
