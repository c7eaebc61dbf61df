import { z } from "zod";

// The rules of server.json of 2025-12-11, written from its documentation and those of the official registry:
// https://github.com/modelcontextprotocol/registry/tree/main/docs/reference/server-json
// Strict where the registry is open: a member that it does not know is a slip of ours.

/** One release: neither a range nor a tag. */
const version = z
  .string()
  .max(255)
  .regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/);

const variable = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  description: z.string().min(1),
  isRequired: z.boolean(),
  isSecret: z.boolean(),
  format: z.enum(["string", "number", "boolean", "filepath"]).optional(),
  default: z.string().min(1).optional(),
});

const common = {
  transport: z.strictObject({ type: z.literal("stdio") }),
  environmentVariables: z.array(variable),
};
const packages = z.discriminatedUnion("registryType", [
  z.strictObject({ registryType: z.literal("npm"), identifier: z.string().min(1), version, ...common }),
  // A bundle is its URL and its digest; the version is in the URL.
  z.strictObject({
    registryType: z.literal("mcpb"),
    identifier: z.url({ protocol: /^https$/ }).regex(/mcp/),
    fileSha256: z.string().regex(/^[a-f0-9]{64}$/),
    ...common,
  }),
]);

/** `server.json` as `pack` may write it. */
export const SERVER = z.strictObject({
  $schema: z.literal("https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version,
  repository: z.strictObject({ url: z.url(), source: z.enum(["github", "gitlab"]) }).optional(),
  websiteUrl: z.url().optional(),
  packages: z.array(packages).min(1),
});
