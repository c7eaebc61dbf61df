import type { Call, Effect, Method } from "../../definition/call.ts";

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

/** A file, read and ready to be sent. */
export interface FilledFile {
  /** Without any folder. */
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** One part of a multipart body. */
export interface FilledPart {
  readonly name: string;
  readonly value: string | FilledFile;
  /** Of a text that is not plain; a file has one of its own. */
  readonly contentType?: string;
}

/** A request body, serialised but for the multipart boundary. */
export type FilledBody =
  | { readonly kind: "text"; readonly contentType: string; readonly text: string } // JSON and urlencoded too
  | { readonly kind: "multipart"; readonly parts: readonly FilledPart[] }
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
  /** Vendor's field name → the model's argument name, to translate complaints. "" is the whole body. */
  readonly locations: ReadonlyMap<string, string>;
  /** Texts that must never be shown, in every form in which they are sent. */
  readonly secrets: readonly string[];
  /** Environment variables that the credential was read from, to say what to check. */
  readonly credentialVariables: readonly string[];
}
