import type { FileInput } from "../file.ts";
import type { FilledFile } from "./types.ts";

/**
 * Files that were opened, by the argument that hands them over. An argument is made anew for every call, so that no call comes upon the
 * file of another, and what nobody asks for any more is forgotten.
 */
const opened = new WeakMap<FileInput, FilledFile>();

/** Remembers what an argument hands over. */
export function keepFile(input: FileInput, file: FilledFile): void {
  opened.set(input, file);
}

/** The file that an argument hands over; undefined before it was opened. */
export function knownFile(input: FileInput): FilledFile | undefined {
  return opened.get(input);
}

/**
 * What an expression means by a part of a file.
 *
 *     $inputs.file#/name  #/extension (`docx`, small; empty when the name has none)  #/type  #/size (in bytes)  #/base64  #/bytes: the file as it is, for a body that is nothing but it
 */
export function filePart(input: FileInput, pointer: string): unknown {
  const file = opened.get(input);
  switch (pointer) {
    case "":
    case "/bytes":
      return input;
    case "/name":
      return file?.name;
    case "/extension":
      return file && extensionOf(file.name);
    case "/type":
      return file?.contentType;
    case "/size":
      return file?.size;
    case "/base64":
      return file?.base64;
    default:
      return undefined;
  }
}

/** `Report.final.DOCX` → `docx` */
function extensionOf(name: string): string {
  return /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}
