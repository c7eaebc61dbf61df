import { z } from "zod";
import { entryName } from "./text-schema.ts";

/** Where the GraphQL operations of an API are, and where they are sent. */
export const graphql = z.strictObject({
  documents: z
    .string()
    .min(1)
    .meta({
      description: "The folder of `*.graphql` documents, one named query or mutation a file.",
      examples: ["specs/acme/operations"],
    }),
  schema: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: "The vendor's schema (SDL), which documents are held against and types come from.",
      examples: ["specs/acme/schema.graphql"],
    }),
  scalars: z
    .record(entryName, z.enum(["string", "integer", "number", "boolean", "object", "any", "date", "date-time"]))
    .optional()
    .meta({
      description: "What the vendor's own scalars are; without a word here they may be anything.",
      examples: [{ DateTime: "date-time", JSON: "any" }],
    }),
  server: z.string().optional().describe("A name under `servers:`. Default: the first."),
  path: z
    .string()
    .regex(/^\/[^{}?#]*$/)
    .optional()
    .meta({
      title: "path",
      description: "Path of the endpoint under the server. Default: `/`.",
      examples: ["/graphql"],
    }),
});
