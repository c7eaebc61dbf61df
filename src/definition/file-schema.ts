import type { SchemaObject } from "./catalog.ts";

/** What the model is shown of a file argument. Without an upload root, `path` is taken out when the tool is served. */
export const FILE_SCHEMA: SchemaObject = {
  type: "object",
  properties: {
    path: { type: "string", description: "Local file under an allowed root." },
    name: { type: "string", description: "File name, with base64." },
    base64: { type: "string", description: "Content, instead of path." },
  },
  additionalProperties: false,
};
