import { z } from "zod";

export { FILE_SCHEMA } from "../definition/file-schema.ts";

/** Marks what {@link file} has checked. JSON has no symbols, so no caller can pass an object of its own off as a file. */
const FILE: unique symbol = Symbol.for("toolwright.file");

/** A file that a caller hands over: a path under an allowed root, or its content. */
export type FileInput = z.infer<ReturnType<typeof file>>;

/** The schema of a file argument; exactly one of `path` and `base64` is given. */
export function file() {
  return z
    .strictObject({ path: z.string().optional(), name: z.string().optional(), base64: z.base64().optional() })
    .refine((value) => (value.path === undefined) !== (value.base64 === undefined), {
      message: "give either path, or base64 with name",
    })
    .transform((value) => ({ ...value, [FILE]: true as const }));
}

/** Whether a value came through {@link file}; one that merely looks like it is data. */
export function isFile(value: unknown): value is FileInput {
  return typeof value === "object" && value !== null && Object.hasOwn(value, FILE);
}
