import { z } from "zod";
import { Common } from "./common.ts";
import { Conditions, ErrorChoice, Fields, Pattern } from "./values.ts";

const Reply = z.strictObject({
  when: Conditions.optional(),
  status: z.int().optional().describe("Default: that of the description's first success."),
  body: Pattern.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  contentType: z.string().optional().describe("For a body that is a text and no JSON."),
});

/** Answers the example, or what is written here: the first whose `when` fits. */
export const Written = z.strictObject({
  answer: z.union([z.literal("example"), Reply, z.array(Reply)]),
  ...Common,
});
/** Answers the bytes that a field of an object holds. */
export const Download = z.strictObject({
  file: z.string(),
  by: z.string(),
  data: z.string().describe("Field with the bytes, in base64."),
  contentType: z.string().describe("Field with their media type."),
  name: z.string().optional().describe("Field with the name for Content-Disposition."),
  ...Common,
});
/** Makes one-time URLs on the storage server, one for each element of the body: each is an object of the collection. */
export const Presign = z.strictObject({
  presign: z.string(),
  name: z.string().describe("Pattern of the file's name in the URL."),
  contentType: z.string().optional().describe("Pattern of the Content-Type that the bytes must come with."),
  bytes: z.string().optional().describe("Pattern of the number of bytes that must come."),
  set: Fields.optional().describe("Fields of the object; the body's are taken as they are."),
  answer: Fields.describe("What is answered for each: fields of the object, and {url}."),
  ...Common,
});
/** Sees an upload completed, one for each element of the body. */
export const Complete = z.strictObject({
  complete: z.string(),
  by: z.string().describe("Pattern of the key: {body.resourceId}."),
  set: Fields.optional().describe("Fields that change; {upload.bytes}, {upload.contentType}, {upload.sha256}."),
  answer: Fields.optional().describe("What is answered for each: fields of the object; default nothing."),
  missing: ErrorChoice.describe("When the bytes never arrived."),
  ...Common,
});
/** A step of the session flow that `session` describes. */
export const SessionStep = z.strictObject({ session: z.enum(["csrf", "open", "read"]), ...Common });

export type WrittenOperation = z.infer<typeof Written>;
export type ReplyRule = z.infer<typeof Reply>;
export type DownloadOperation = z.infer<typeof Download>;
export type PresignOperation = z.infer<typeof Presign>;
export type CompleteOperation = z.infer<typeof Complete>;
export type SessionOperation = z.infer<typeof SessionStep>;
