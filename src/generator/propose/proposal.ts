import type { OperationEntry } from "../../spec/operation.ts";
import type { PaginationSettings } from "../tools-file/pagination-schema.ts";
import type { ProposedCredential, ProposedServer } from "./access.ts";

/** What a person chooses before anything is proposed. */
export interface ProposeOptions {
  /** The API's name. Default: from the description's title. */
  readonly name: string | undefined;
  /** Path of the description, as tools.yaml will name it. */
  readonly spec: string;
  /** The address that the description came from, without its query. */
  readonly source: string | undefined;
  /** Allows every operation that can be a tool. */
  readonly all: boolean;
  /** Only tools that read are switched on. */
  readonly readOnly: boolean;
  /** The credential to use first, by its name; the default is the one that most operations take. */
  readonly credential: string | undefined;
}

/** Everything that `init` writes about an API, decided. */
export interface Proposal {
  readonly name: string;
  readonly title: string;
  readonly spec: string;
  readonly source: string | undefined;
  readonly server: ProposedServer;
  /** Those that tools need, the one for most of them first. */
  readonly credentials: readonly ProposedCredential[];
  /** Security schemes that operations ask for and none of the credentials answers. */
  readonly unanswered: readonly string[];
  /** Everything that the description offers, for a question about it. */
  readonly choices: readonly ProposedCredential[];
  readonly pagination: Readonly<Record<string, PaginationSettings>>;
  /** In the order of the description. */
  readonly tools: readonly ProposedTool[];
  /** Operations that can be no tool, with the reason. */
  readonly unusable: readonly { readonly entry: OperationEntry; readonly reason: string }[];
}

/** One tool, as tools.yaml writes it. */
export interface ProposedTool {
  readonly name: string;
  readonly entry: OperationEntry;
  /** Switched on, or listed and commented out. */
  readonly on: boolean;
  readonly reads: boolean;
  /** Keys of tools.yaml in the order in which they are written. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What a person should look at, as a comment above the tool. */
  readonly remarks: readonly string[];
}
