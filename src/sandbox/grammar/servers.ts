import { z } from "zod";
import { ErrorBody, Names } from "./values.ts";

/** One server of the vendor, by the name that tools.yaml gives it. */
const Server = z.strictObject({
  serves: z.enum(["rest", "graphql", "oauth", "storage"]),
  beside: z.string().optional().describe("Server whose origin it shares; default: an origin of its own."),
  path: z.string().optional().describe("Where it begins; default: / , for rest the path of the description's server."),
  spec: z.string().optional().describe("For rest: its description, if it is not `spec`."),
  operations: Names.optional().describe("For rest: the operations that are answered here, and nowhere else."),
});

/** The vendor's servers. */
export const Servers = z.record(z.string(), Server);

/** Where presigned URLs lead. */
export const Storage = z.strictObject({
  expiresIn: z.number().default(900).describe("Seconds for which a URL is good."),
  refuse: Names.default([]).describe("Headers that must not arrive here, beside authorization and cookie."),
  errors: z
    .strictObject({
      refused: ErrorBody.optional().describe("A header of the API came along."),
      expired: ErrorBody.optional(),
      used: ErrorBody.optional().describe("A second PUT."),
      unknown: ErrorBody.optional().describe("A URL that was never given, or was changed."),
      wrong: ErrorBody.optional().describe("Another Content-Type or length than was agreed."),
    })
    .default({}),
});

export type ServerRule = z.infer<typeof Server>;
export type StorageRule = z.infer<typeof Storage>;
