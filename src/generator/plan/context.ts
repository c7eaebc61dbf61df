import type { Server } from "../../definition/api.ts";
import type { CredentialAction } from "../../definition/call.ts";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import type { Operation } from "../../spec/operation.ts";
import type { Spec } from "../../spec/spec.ts";
import type { ApiEntry, ToolEntry } from "../tools-file/tools-file.ts";
import type { RequestSettings } from "../tools-file/call-schema.ts";
import type { ConditionSettings } from "../tools-file/condition-schema.ts";
import type { StepSettings } from "../tools-file/step-schema.ts";
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
  /** The tool, or one of its steps with the settings that it has for itself. */
  readonly tool: ToolEntry;
  /** What `tool` says as a step: of one only that becomes an argument which is asked for. */
  readonly step?: StepSettings;
  /** Where `result:` stands, when it stands elsewhere than in `tool`. */
  readonly resultAt?: Origin;
}

/** One way to carry out a tool: an operation, and what tools.yaml says of its use. */
export interface Route {
  readonly operation: Operation;
  /** The entry under `routes:`, or the tool itself. */
  readonly origin: Origin;
  /** As written under `when:`; empty: always. */
  readonly when: readonly ConditionSettings[];
  /** What is sent, when no description has it; `operation` then only says what it does. */
  readonly undescribed?: Undescribed;
  readonly pagination: Paging | undefined;
  readonly server: string;
  /** Set when `server` is no entry of tools.yaml but the operation's own. */
  readonly ownServer?: Server;
  readonly credential: string | undefined;
}

/** A request that tools.yaml writes out, or what is done with a credential. */
export type Undescribed = { readonly request: RequestSettings } | { readonly action: CredentialAction };

/** A rule of paging and where it stands: with the tool, or under the API's `pagination:`. */
export interface Paging {
  readonly rule: PaginationSettings;
  readonly origin: Origin;
}
