import type { Diagnostic } from "../diagnostic.ts";
import { error, quote, warning } from "./message.ts";

/** A file stands where a generated one belongs, and was not generated. */
export function foreignFile({ file }: { file: string }): Diagnostic {
  return error("FOREIGN_FILE", {
    at: { file, pointer: "" },
    message: `${quote(file)} was not generated, so it is not touched`,
    help: `move ${file} out of the generated folder, then run \`toolwright generate\``,
  });
}

/** A `.env.example` that somebody wrote by hand, and that leaves out variables. */
export function foreignEnvExample({ file, lacking }: { file: string; lacking: readonly string[] }): Diagnostic {
  return warning("FOREIGN_ENV_EXAMPLE", {
    at: { file, pointer: "" },
    message: `${quote(file)} was not generated, so it is left as it is; it does not name ${lacking.join(", ")}`,
    help: `add ${lacking.map((name) => `\`${name}=\``).join(" ")}, or remove the file to have it generated`,
  });
}

/** `--check` found a generated file that differs from what would be generated. */
export function outOfDate({
  file,
  change,
}: {
  file: string;
  change: "missing" | "different" | "no longer generated";
}): Diagnostic {
  return error("OUT_OF_DATE", {
    at: { file, pointer: "" },
    message: `${quote(file)} is out of date: ${change}`,
    help: "run `toolwright generate` and commit the result",
  });
}

/** Two generated files whose names differ in capitals only; some file systems take them for one. */
export function fileNameClash({ file, other }: { file: string; other: string }): Diagnostic {
  return error("FILE_NAME_CLASH", {
    at: { file, pointer: "" },
    message: `${quote(file)} and ${quote(other)} differ in capitals only`,
    help: "rename one of the two in tools.yaml",
  });
}

/** A generated file, or a folder above it, is a symbolic link: what is written there would land elsewhere. */
export function linkedOutput({ file }: { file: string }): Diagnostic {
  return error("LINKED_OUTPUT", {
    at: { file, pointer: "" },
    message: `${quote(file)} is a symbolic link, so nothing is written through it`,
    help: `replace ${file} by a real file or folder, or remove it`,
  });
}

/** A generated file cannot be written. */
export function notWritable({ file, reason }: { file: string; reason: string }): Diagnostic {
  return error("NOT_WRITABLE", {
    at: { file, pointer: "" },
    message: `${quote(file)} cannot be written: ${reason}`,
    help: "make the generated folder writable, with room on the disk, and run it again",
  });
}
