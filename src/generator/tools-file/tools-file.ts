import type { Origin } from "../../diagnostics/diagnostic.ts";
import type { ApiSettings } from "./api-schema.ts";
import type { ToolSettings } from "./tool-schema.ts";

/** A tools.yaml that was read: its settings are known to fit the grammar, nothing was looked up yet. */
export interface ToolsFile {
  readonly apis: readonly ApiEntry[];
  /** Project-relative paths of all files that were read, tools.yaml first. */
  readonly files: readonly string[];
}

/** One API of tools.yaml. */
export interface ApiEntry {
  readonly name: string;
  readonly origin: Origin;
  readonly settings: ApiSettings;
  readonly tools: readonly ToolEntry[];
  /** Tools that are listed and do not fit the grammar: told of already, so nobody need miss them. */
  readonly brokenTools: readonly string[];
  /** Where the tools stand: under `tools:`, or the file that it names. */
  readonly toolsOrigin: Origin;
  /** Project-relative paths of the files of this API: tools.yaml and, if there is one, the file of its tools. */
  readonly files: readonly string[];
}

/** One tool of tools.yaml. */
export interface ToolEntry {
  readonly name: string;
  readonly origin: Origin;
  readonly settings: ToolSettings;
}

/** The text of each file that was read, by project-relative path: diagnostics are shown from it. */
export type TextSources = ReadonlyMap<string, string>;
