import type { Operation, OperationEntry } from "../../spec/operation.ts";
import type { AnswerList } from "./answer.ts";
import type { NameCandidates } from "./name-operation.ts";
import type { FoundPaging } from "./paging.ts";
import type { PathNoun } from "./path.ts";

/** An operation with what was found by looking at it. */
export interface Looked extends NameCandidates {
  readonly entry: OperationEntry;
  readonly operation: Operation;
  readonly nouns: readonly PathNoun[];
  readonly list: AnswerList | undefined;
  readonly paging: FoundPaging;
}
