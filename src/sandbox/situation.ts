import type { Answer } from "./answer.ts";
import type { Collections } from "./collections.ts";
import type { ErrorChoice, ErrorRule } from "./grammar/values.ts";
import type { Parameters } from "./parameters.ts";
import type { Referee } from "./referee.ts";
import type { Row } from "./row.ts";
import type { SandboxFile } from "./sandbox-file.ts";
import type { Sessions } from "./session/sessions.ts";
import type { Storage } from "./storage.ts";
import type { WriteScope } from "./write.ts";

/** What the servers of one vendor share. */
export interface World {
  readonly file: SandboxFile;
  readonly collections: Collections;
  readonly sessions: Sessions | undefined;
  readonly storage: Storage | undefined;
  /** The user with a key: of the collection whose objects sign in, or have sessions. */
  readonly userOf: (key: unknown) => Row | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** A request that fits the description, and all that an answer to it is made of. */
export interface Situation extends World {
  readonly operationId: string;
  readonly parameters: Parameters;
  /** What patterns speak of. */
  readonly scope: WriteScope;
  /** Elements of the body, if it is an array. */
  readonly items: readonly Row[] | undefined;
  /** Includes that the request asks for. */
  readonly asked: readonly string[];
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Base URL of the API. */
  readonly origin: string;
  /** URL of another page of the same request. */
  readonly urlOfPage: (page: number) => string;
  readonly referee: Referee;
}

/** One element of what an operation works on: patterns speak of it as `{body}`. */
export type Element = WriteScope;

/** The vendor's words for an error, as this operation has them. */
export function errorOf(
  file: SandboxFile,
  operationId: string | undefined,
  name: keyof SandboxFile["errors"],
): ErrorRule {
  const own = operationId === undefined ? undefined : file.operations[operationId]?.errors?.[name];
  return own ?? file.errors[name] ?? { status: 403 }; // only `forbidden` may be left out
}

/** The words that a rule chose: written where it stands, or one of those with names. */
export function chosenError(file: SandboxFile, choice: ErrorChoice): ErrorRule {
  if (typeof choice !== "string") return choice;
  const errors: Readonly<Record<string, ErrorRule | undefined>> = file.errors;
  return file.failures[choice] ?? errors[choice] ?? { status: 400 }; // readSandboxFile() looks at every name
}

/** The answer of an operation that did what it is for. */
export function ok({ referee, operationId }: Situation, body: unknown, headers: Answer["headers"] = {}): Answer {
  return { status: referee.success(operationId), headers, body };
}
