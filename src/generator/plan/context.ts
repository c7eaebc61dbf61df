import type { Server } from "../../definition/api.ts";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import type { Operation } from "../../spec/operation.ts";
import type { Spec } from "../../spec/spec.ts";
import type { ApiEntry, ToolEntry } from "../tools-file/tools-file.ts";
import type { PaginationSettings } from "../tools-file/pagination-schema.ts";

/** Takes a problem; planning goes on, so that all problems of a run are told at once. */
export type Report = (problem: Diagnostic) => void;

/** What every tool of an API is planned with. */
export interface ApiContext {
  readonly entry: ApiEntry;
  readonly spec: Spec;
  readonly report: Report;
}

/** What every part of one tool is planned with. */
export interface ToolContext extends ApiContext {
  readonly tool: ToolEntry;
}

/** One way to carry out a tool: an operation, and what tools.yaml says of its use. */
export interface Route {
  readonly operation: Operation;
  /** The entry under `routes:`, or the tool itself. */
  readonly origin: Origin;
  /** Names as written under `when:`; empty: always. */
  readonly when: readonly string[];
  readonly pagination: Paging | undefined;
  readonly server: string;
  /** Set when `server` is no entry of tools.yaml but the operation's own. */
  readonly ownServer?: Server;
  readonly credential: string | undefined;
}

/** A rule of paging and where it stands: with the tool, or under the API's `pagination:`. */
export interface Paging {
  readonly rule: PaginationSettings;
  readonly origin: Origin;
}
