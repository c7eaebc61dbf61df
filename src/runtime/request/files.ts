import type { Request } from "../../definition/request.ts";
import type { Template } from "../../definition/template.ts";
import { type FileInput, isFile } from "../file.ts";
import { keepFile, knownFile } from "./file-part.ts";
import { invalidArgument } from "./invalid-argument.ts";
import { lookAt } from "./local-file.ts";
import { typeOfFile } from "./media-type.ts";
import { expressionsOf } from "./template.ts";
import type { FilledFile } from "./types.ts";

/** Most bytes that the files of one call may have together; they are read from the disk as they are sent. */
const MAX_FILE_BYTES = 100 * 1024 * 1024; // what fits the time of one call on a slow line, and what vendors take for one record
/** Most bytes of a file that has to be in memory as a whole, as base64 within JSON. */
const MAX_HELD_BYTES = 40 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/**
 * Makes the files among the arguments ready to be sent: each is looked at once in a call, so that every step speaks of the same file.
 *
 * @throws {Problem} `invalid_arguments` naming the argument, never what the file holds.
 */
export async function openFiles(
  inputs: Readonly<Record<string, unknown>>,
  request: Request,
  roots: readonly string[],
): Promise<void> {
  const found = Object.entries(inputs).flatMap(([argument, value]) =>
    filesIn(value).map((file) => ({ argument, file })),
  );
  let left = MAX_FILE_BYTES;
  for (const { argument, file } of found) {
    const known = knownFile(file) ?? (await openFile(file, roots, argument));
    left -= known.size;
    if (left < 0) throw tooLarge(argument, MAX_FILE_BYTES, "the files of one call may have");
    keepFile(file, known);
  }
  for (const { argument, file } of found) {
    const known = knownFile(file);
    if (!known || known.base64 !== undefined || !wantsBase64(request, argument)) continue;
    if (known.size > MAX_HELD_BYTES) throw tooLarge(argument, MAX_HELD_BYTES, "a file that is sent as text may have");
    keepFile(file, { ...known, base64: await base64Of(known) });
  }
}

async function openFile(file: FileInput, roots: readonly string[], argument: string): Promise<FilledFile> {
  const name = baseName(file.name ?? file.path ?? "file");
  const content = file.path === undefined ? held(file.base64 ?? "") : await lookAt(file.path, roots, argument);
  return { ...content, name, contentType: typeOfFile(name) };
}

/** A file whose content came with the arguments. */
function held(base64: string): Pick<FilledFile, "size" | "read" | "base64"> {
  const bytes = Buffer.from(base64, "base64");
  return {
    size: bytes.byteLength,
    base64: bytes.toString("base64"),
    async *read() {
      for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
    },
  };
}

/** The files within an argument: itself, or entries of a list or members of an object. */
function filesIn(value: unknown): readonly FileInput[] {
  if (isFile(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(filesIn) : [];
}

function wantsBase64(request: Request, argument: string): boolean {
  // A request is made of templates and of plain words, which read as templates without expressions.
  return expressionsOf(request as unknown as Template).some(
    (expression) => expression.from === "inputs" && expression.name === argument && expression.pointer === "/base64",
  );
}

async function base64Of({ read }: FilledFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of read()) pieces.push(piece);
  return Buffer.concat(pieces).toString("base64");
}

/** The last segment of a path of any system, without control characters. */
function baseName(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const name = path.replace(/^.*[/\\]/s, "").replace(/[\u0000-\u001F\u007F]/g, "");
  return name === "" || name === "." || name === ".." ? "file" : name;
}

function tooLarge(argument: string, most: number, what: string): Error {
  return invalidArgument(argument, `${what} ${most / 1024 / 1024} MB${what.startsWith("the") ? " together" : ""}`);
}
