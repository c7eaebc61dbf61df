import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import type { Identifiers } from "./identifiers.ts";
import type { OperationEntry, SpecSummary } from "./operation.ts";
import type { Patches } from "./overlay/patches.ts";
import type { FileProblem } from "./read-file.ts";
import type { Resolved } from "./resolve-operation.ts";

/** A description that was read and indexed. Nothing in it is resolved until somebody asks for an operation. */
export interface Spec {
  readonly summary: SpecSummary;
  /** Every operation, in the order of the description. */
  readonly entries: readonly OperationEntry[];
  /** Project-relative paths of every file that belongs to it, the main one first and overlays last. */
  readonly files: readonly string[];
  /** What resolving an operation reads; of no interest to other rooms. */
  readonly source: SpecSource;
}

/** The parsed files of a description. */
export interface SpecSource {
  readonly documents: Documents;
  /** The main file as it was read, for excerpts; undefined when there is none. */
  readonly text: string | undefined;
  /** The path item that an operation was found in: its parameters apply to the operation. */
  readonly pathItems: ReadonlyMap<OperationEntry, Origin>;
  /** What in the main file came from overlays; undefined without overlays. */
  readonly patches: Patches | undefined;
  /** The operations of GraphQL documents, which are resolved as soon as they are read. */
  readonly graphql: ReadonlyMap<OperationEntry, Resolved>;
}

/** Files that references may lead to, by project-relative path. */
export interface Documents {
  readonly main: string;
  readonly values: ReadonlyMap<string, unknown>;
  /** Files that a reference names and that could not be had. */
  readonly problems: ReadonlyMap<string, DocumentProblem>;
  /** What parts of the files call themselves; undefined when nothing has a name, as nearly always. */
  readonly identifiers: Identifiers | undefined;
}

/** Why a file could not be had; reported when an operation needs it. */
export type DocumentProblem = FileProblem | { readonly kind: "syntax"; readonly diagnostic: Diagnostic };
