import { z } from "zod";
import { access } from "./access-schema.ts";
import { credential } from "./credential-schema.ts";
import { graphql } from "./graphql-schema.ts";
import { paginationRule } from "./pagination-schema.ts";
import { server } from "./server-schema.ts";
import { namedStep } from "./step-schema.ts";
import { entryName, fail, limits, oneVariable } from "./text-schema.ts";
import { tools } from "./tool-schema.ts";

const limitSettings = z.strictObject({
  calls: limits.optional().describe("Tool calls."),
  upstream: limits.optional().describe("HTTP requests to the vendor."),
  operations: z
    .record(z.string(), limits)
    .optional()
    .meta({
      description: "HTTP requests to one operation, by METHOD /path or operationId.",
      examples: [{ "GET /tickets": "40/minute" }],
    }),
  source: z
    .string()
    .optional()
    .describe("Where the figures come from, told to those who are refused: `the vendor's guide`."),
  headers: z
    .strictObject({
      remaining: z.string().optional().describe("Response header that says how many requests are left."),
      cost: z.string().optional().describe("Response header that says how many requests this one counted as."),
    })
    .optional()
    .describe("Response headers that tell of the vendor's limits."),
});

const example = z.strictObject({
  ask: z.string().min(1).describe("What a person asks, in plain words."),
  calls: z
    .array(
      z.record(z.string(), z.record(z.string(), z.unknown())).superRefine((call, context) => {
        if (Object.keys(call).length === 1) return;
        fail(context, { expected: "one tool with its arguments", example: "- fetchTickets: { query: … }" });
      }),
    )
    .describe(
      "The calls that solve it, one tool each; `{agent_id}` is an identity, `$steps.<tool>.outputs#/items/0/id` an earlier answer.",
    ),
});

/** One API, as written in tools.yaml. */
export const api = z.strictObject({
  title: z.string().min(1).optional().describe("What people call it. Default: the words of its name."),
  spec: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: "The vendor's description, relative to this folder.",
      examples: ["specs/acme/openapi.yaml"],
    }),
  overlays: z
    .array(z.string().min(1))
    .optional()
    .meta({
      description: "OpenAPI Overlays that mend the description without editing it, applied in this order.",
      examples: [["specs/acme/overlay.yaml"]],
    }),
  graphql: graphql
    .optional()
    .describe("GraphQL documents of one operation each, whose operations stand beside those of the description."),
  servers: z
    .record(entryName, server)
    .refine((value) => Object.keys(value).length > 0)
    .meta({
      title: "mapping of servers",
      description: "Where the API is, by names of yours. The first is the default.",
      examples: ['{ api: { url: "https://api.acme.com/v1" } }'],
    }),
  credentials: z
    .record(entryName, credential)
    .optional()
    .describe('What is shown to the vendor, by names of yours: only "${NAME}", which is read when the server runs.'),
  access: access
    .optional()
    .describe("Who may call over HTTP, and with whose credential. Default: `env`, on loopback only."),
  limits: limitSettings.optional().describe("Limits kept on our side."),
  budget: z
    .strictObject({
      tools: z.int().min(1).optional().describe("Tools. Default: 30."),
      tokens: z.int().min(1).optional().describe("Tokens of all tools together, estimated. Default: 10000."),
    })
    .optional()
    .meta({
      description: "What the tools may cost a conversation; `generate` warns when they cost more.",
      examples: [{ tools: 40, tokens: 12000 }],
    }),
  identity: z
    .record(entryName, oneVariable)
    .optional()
    .meta({
      description: "Who asks, told to the model as far as the environment says it; `{name}` in examples.",
      examples: [{ agent_id: "${ACME_AGENT_ID}" }],
    }),
  instructions: z.string().optional().describe("What the model should know of the API as a whole."),
  pagination: z.record(entryName, paginationRule).optional().describe("Rules of paging that tools name."),
  steps: z
    .record(entryName, namedStep)
    .optional()
    .describe("Steps that several tools share: a tool names one in its own `steps:`."),
  tools: z.union([z.string(), tools]).meta({
    description: "The tools by name, or the file that lists them.",
    examples: ["specs/acme/tools.yaml"],
  }),
  examples: z
    .array(example)
    .optional()
    .describe("Prompts with the calls they should lead to: shown to people, run against the sandbox."),
});

/** Everything of an API but its tools: those are read one by one, wherever they stand. */
export const apiWithoutTools = api.omit({ tools: true });

const apiName = z
  .string()
  .regex(/^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z][a-z0-9_-]{0,63}$/) // a folder on every system
  .meta({ title: "name of small letters, digits, _ and -", examples: ["acme"] });

/** A whole tools.yaml. */
export const toolsFile = z.strictObject({
  apis: z.record(apiName, api).describe("The APIs that are served, by a short name that becomes a folder and a path."),
});

/** A tools.yaml whose APIs are not looked into. */
export const toolsFrame = z.strictObject({ apis: z.record(apiName, z.unknown()) });

/** Everything of an API but its tools, as written in tools.yaml. */
export type ApiSettings = z.output<typeof apiWithoutTools>;
/** One prompt with its calls, as written in tools.yaml. */
export type ExampleSettings = NonNullable<ApiSettings["examples"]>[number];
