/** `--config` of a command that works on what ships where there is no project. */
export const SERVING_CONFIG = {
  type: "string",
  value: "FILE",
  help: "the project's tools.yaml (default: here, else what ships with toolwright)",
} as const;

/** `--files` of a command that calls tools. */
export const FILES = {
  type: "string",
  multiple: true,
  value: "DIR",
  help: "let file arguments name paths in this folder (or set TOOLWRIGHT_FILES)",
} as const;
