/** A request body, read. */
export interface ReceivedBody {
  readonly mediaType: string;
  /** JSON as it is; forms as an object, with `name[]` as arrays. Files stand as their names. */
  readonly value: unknown;
  readonly files: readonly ReceivedFile[];
}

/** A file that came in a multipart body. */
export interface ReceivedFile {
  readonly field: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly content: Buffer;
}

/** The body is not what its media type promises. */
export class MalformedBody extends Error {
  override readonly name = "MalformedBody";
  /** What could not be read, as `errors.invalid.codes` of the sandbox file names it. */
  readonly keyword: "json" | "form";

  constructor(keyword: "json" | "form", message: string) {
    super(message);
    this.keyword = keyword;
  }
}

/** The body is larger than a sandbox reads. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** Bytes of the largest body: 40 MB of attachments, the most a vendor of ours takes, and the form around them. */
export const MAX_BODY_BYTES = 45_000_000;
