/** What a generated module may import; nothing else of the runtime is public. */
export { z } from "zod";
export { defineApi } from "./define-api.ts";
export { defineStep } from "./define-step.ts";
export { defineTool } from "./define-tool.ts";
export { file } from "./file.ts";
export { json } from "./json-schema.ts";
