import type { Method } from "../../definition/request.ts";
import type { PathNoun } from "./path.ts";

/** What a name is made of. */
export interface Nameable {
  readonly method: Method;
  readonly path: string;
  readonly nouns: readonly PathNoun[];
  /** The vendor's words on what is done; an operationId that reads like such words where there are no others. */
  readonly summary: string;
  readonly operationId: string | undefined;
  /** Whether it answers a list; undefined: the description does not say. */
  readonly list: boolean | undefined;
  /** Another method of the same path changes a part of what this one replaces. */
  readonly replaces: boolean;
  /** Another operation gets one of what this path names: `/item` beside `/item/{id}`. */
  readonly holdsMany: boolean;
  /** The version or group that the path names, where the description has several. */
  readonly version: readonly string[];
  /** The same path searches by POST, and this is the way to ask for all. */
  readonly hasSearch: boolean;
}

/** A verb, what it is about from the outside in, and words that follow. */
export interface Parts {
  readonly verb: string;
  readonly objects: readonly (readonly string[])[];
  readonly tail: readonly string[];
  /** What stands further out and is said only to tell operations apart. */
  readonly outer?: readonly (readonly string[])[];
}
