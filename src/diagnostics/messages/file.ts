import type { Diagnostic, Origin } from "../diagnostic.ts";
import { either, error, quote } from "./message.ts";

/** A file that something names does not exist. */
export function fileNotFound({
  at,
  file,
  near = [],
}: {
  at: Origin;
  file: string;
  near?: readonly string[];
}): Diagnostic {
  const [nearest] = near;
  if (/^https?:\//.test(file))
    return error("FILE_NOT_FOUND", {
      at,
      message: "an address stands where a file of the project is named: nothing is read from the network",
      help: "save the description in specs/ and name that file; `toolwright init ADDRESS` saves one",
    });
  return error("FILE_NOT_FOUND", {
    at,
    message: `there is no file ${quote(file)}`,
    help: nearest === undefined ? `put the file at ${file}, or correct the path` : `write \`${nearest}\``,
  });
}

/** A file exists and cannot be read. */
export function fileUnreadable({ at, file, reason }: { at: Origin; file: string; reason: string }): Diagnostic {
  return error("FILE_UNREADABLE", {
    at,
    message: `${quote(file)} cannot be read: ${reason}`,
    help: `make ${file} a regular file that this user may read, in UTF-8`,
  });
}

/** A file is named that lies outside the project folder, directly or by a symbolic link. */
export function fileOutsideProject({ at, file }: { at: Origin; file: string }): Diagnostic {
  return error("FILE_OUTSIDE_PROJECT", {
    at,
    message: `${quote(file)} is outside the project folder`,
    help: "copy the file into the project, below specs/, and name it there",
  });
}

/** A file is named that is neither YAML nor JSON by its ending, or is no GraphQL where that belongs. */
export function unknownFileKind({
  at,
  file,
  endings = [".yaml", ".yml", ".json"],
}: {
  at: Origin;
  file: string;
  endings?: readonly string[];
}): Diagnostic {
  return error("UNKNOWN_FILE_KIND", {
    at,
    message: `${quote(file)} is not read: its name does not end in ${either(endings)}`,
    help: `rename the file to what it holds: ${either(endings.filter((ending) => ending !== ".yml"))}`,
  });
}

/** A file is larger than any honest description. */
export function fileTooLarge({
  at,
  file,
  bytes,
  maxBytes,
}: {
  at: Origin;
  file: string;
  bytes: number;
  maxBytes: number;
}): Diagnostic {
  return error("FILE_TOO_LARGE", {
    at,
    message: `${quote(file)} is ${mebibytes(bytes)} MiB; at most ${mebibytes(maxBytes)} MiB are read`,
    help: "cut the file down to the operations that are wanted",
  });
}

/** YAML or JSON that cannot be parsed. `at.offset` says where. */
export function syntaxError({
  at,
  language,
  reason,
  help = `correct the ${language} at this place`,
}: {
  at: Origin;
  language: "YAML" | "JSON" | "GraphQL";
  reason: string;
  help?: string;
}): Diagnostic {
  return error("SYNTAX_ERROR", { at, message: `not valid ${language}: ${reason}`, help });
}

/** YAML whose aliases would unfold to far more than was written, or into themselves. */
export function yamlAliasLimit({ at, file }: { at: Origin; file: string }): Diagnostic {
  return error("YAML_ALIAS_LIMIT", {
    at,
    message: `the aliases (\`*name\`) of ${quote(file)} unfold to too much, or refer to themselves`,
    help: "write the repeated parts as components and refer to them by `$ref`",
  });
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
