import type { Cookies } from "../credentials/cookies.ts";
import type { Call, Effect } from "../../definition/call.ts";
import type { Method } from "../../definition/request.ts";

/** What expressions are looked up in while a tool runs. */
export interface Scope {
  /** Arguments of the tool, validated, defaults filled in. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Outputs of the steps that have ended, by step and name. */
  readonly steps: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The page that is being asked for, within a paged call. */
  readonly page?: PagePosition;
  /** The answer that is being read. */
  readonly response?: VendorAnswer;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `$credentials.x` stands for, while a session is begun or renewed. */
  readonly session?: SessionScope;
  /** The `{$uuid}` of the request that is being filled. */
  readonly uuid?: string;
}

/** What the steps of a session see and no other: its values, and its cookies as they change. */
export interface SessionScope {
  readonly values: Readonly<Record<string, string>>;
  readonly cookies: Cookies | undefined;
}

/** Which page is asked for, in every way that a vendor may count. */
export interface PagePosition {
  /** Counted from 1. */
  readonly number: number;
  /** Items before the page. */
  readonly offset: number;
  readonly size: number;
  /** What the page before handed over. */
  readonly token?: string;
}

/** What the vendor answered, read and decoded. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON value, text, `Uint8Array` of a binary answer, or `{ items, partial? }` of a stream; `null` when there was no content. */
  readonly body: unknown;
  /** Size of the body, decompressed. */
  readonly bytes: number;
}

/** A file, looked at and ready to be sent. */
export interface FilledFile {
  /** Without any folder. */
  readonly name: string;
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  /** The content in pieces; an attempt that is repeated reads it again. */
  readonly read: () => AsyncIterable<Uint8Array>;
  /** The content as text, when a request wants it so. */
  readonly base64?: string;
}

/** One part of a multipart body. */
export interface FilledPart {
  /** Undefined: parts are told apart by their order. */
  readonly name: string | undefined;
  readonly value: string | FilledFile;
  /** Of a text that is not plain; a file has one of its own. */
  readonly contentType?: string;
}

/** A request body, serialised but for the multipart boundary. */
export type FilledBody =
  | { readonly kind: "text"; readonly contentType: string; readonly text: string } // JSON and urlencoded too
  | { readonly kind: "multipart"; readonly contentType: string; readonly parts: readonly FilledPart[] }
  | { readonly kind: "file"; readonly contentType: string; readonly file: FilledFile };

/** One HTTP request, complete. It holds secrets: show only {@link describeRequest} of it. */
export interface FilledRequest {
  /** `GET /tickets`: method and path template. */
  readonly operation: string;
  readonly method: Method;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FilledBody | undefined;
  /** The server's name in the API's definition. */
  readonly server: string;
  readonly effect: Effect;
  readonly idempotent: boolean;
  readonly answer: NonNullable<Call["answer"]>;
  /** An earlier answer gave the URL: no redirect is followed, and the URL itself is a secret. */
  readonly foreign?: true;
  /** What `{$uuid}` stood for, "" for nothing: two requests that differ in nothing else ask the same. */
  readonly uuid: string;
  /** Vendor's field name → the model's argument name, to translate complaints. "" is the whole body. */
  readonly locations: ReadonlyMap<string, string>;
  /** Texts that must never be shown, in every form in which they are sent. */
  readonly secrets: readonly string[];
  /** Environment variables that the credential was read from, to say what to check. */
  readonly credentialVariables: readonly string[];
  /** What it was made with, when that may be renewed while the server runs. */
  readonly credential?: UsedCredential;
  /** Cookies that go along to the URLs that they are for. */
  readonly cookies?: RequestCookies;
}

/** A credential as it was when a request was filled. */
export interface UsedCredential {
  /** What a person does when the vendor refuses it: `sign in: toolwright login acme`. */
  readonly remedy: string;
  /** The vendor took it. */
  readonly accepted: () => void;
  /**
   * The vendor refused it: the same request, filled again with a newer one; `undefined` when that is no use.
   *
   * @throws {Problem} `reauthorize` when only a person can get a newer one.
   */
  readonly renewed: () => Promise<FilledRequest | undefined>;
  /**
   * The newer one was refused too, and no third is tried.
   *
   * @throws {Problem} in words for whoever brought it.
   */
  readonly refused?: () => Promise<void>;
}

/** The cookies of a request, by the URLs that it is really sent to. */
export interface RequestCookies {
  /** The `Cookie` header for a URL; `undefined`: none. */
  readonly header: (url: URL) => string | undefined;
  /** Keeps what an answer set. */
  readonly keep: (url: URL, lines: readonly string[]) => void;
}
