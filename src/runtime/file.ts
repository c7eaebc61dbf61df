import { z } from "zod";
import type { SchemaObject } from "../definition/catalog.ts";

/** A file that a caller hands over: a path under an allowed root, or its content. */
export type FileInput = z.infer<ReturnType<typeof file>>;

/** The schema of a file argument; exactly one of `path` and `base64` is given. */
export function file() {
  return z
    .strictObject({ path: z.string().optional(), name: z.string().optional(), base64: z.base64().optional() })
    .refine((value) => (value.path === undefined) !== (value.base64 === undefined), {
      message: "give either path, or base64 with name",
    });
}

/** What the model is shown of {@link file}. Without an upload root, `path` is taken out. */
export const FILE_SCHEMA: SchemaObject = {
  type: "object",
  properties: {
    path: { type: "string", description: "Local file under an allowed root." },
    name: { type: "string", description: "File name, with base64." },
    base64: { type: "string", description: "Content, instead of path." },
  },
  additionalProperties: false,
};
