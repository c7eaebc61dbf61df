/** Name of the constant that a packed server begins with; the code below it in the file reads it. */
export const PACKED = "TOOLWRIGHT_PACKED";

/** What a packed server carries: the generated modules as they were reviewed, and what they are called. */
export interface PackedFile {
  /** Name of the API. */
  readonly api: string;
  /** Version of the packed server. */
  readonly version: string;
  /** Version of Toolwright. */
  readonly toolwright: string;
  /** `catalog.json`, `index.ts` and the modules, by their paths in `generated/<api>`, byte for byte. */
  readonly files: readonly (readonly [file: string, text: string])[];
}
