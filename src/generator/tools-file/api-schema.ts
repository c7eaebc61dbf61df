import { z } from "zod";
import { paginationRule } from "./pagination-schema.ts";
import { entryName, fail, limits, oneVariable, variableText } from "./text-schema.ts";
import { tools } from "./tool-schema.ts";

const server = z.strictObject({
  url: variableText.meta({
    description: "Base URL of every operation; `{variables}` are filled when the server starts.",
    examples: ["https://{domain}/api/v2"],
  }),
  variables: z
    .record(entryName, variableText)
    .optional()
    .describe('Values of the `{variables}` of the URL, usually "${NAME}".'),
});

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/) // a token of RFC 9110 §5.6.2
  .meta({ title: "header name", examples: ["X-Api-Key"] });

const credential = z
  .strictObject({
    basic: z
      .strictObject({
        username: variableText.describe("User name, often the API key."),
        password: variableText.describe("Password; a fixed text when the vendor ignores it."),
      })
      .optional()
      .describe("HTTP Basic."),
    bearer: variableText
      .optional()
      .meta({ description: "The token of `Authorization: Bearer`.", examples: ['"${ACME_TOKEN}"'] }),
    headers: z.record(headerName, variableText).optional().describe("Request headers, all sent together."),
    query: z.record(z.string(), variableText).optional().describe("Query parameters, all sent together."),
    servers: z.array(z.string()).min(1).optional().describe("The servers that it is shown to. Default: all."),
  })
  .superRefine((value, context) => {
    const ways = [value.basic, value.bearer, value.headers, value.query].filter((way) => way !== undefined);
    if (ways.length !== 1) {
      fail(context, {
        expected: "one of `basic`, `bearer`, `headers` and `query`",
        got: ways.length === 0 ? "none of them" : `${ways.length} of them`,
        example: 'bearer: "${ACME_TOKEN}"',
      });
    } else if (!JSON.stringify(ways).includes("${")) {
      fail(context, {
        expected: "a variable of the environment",
        got: "a secret in this file, from where it would be committed",
        example: 'bearer: "${ACME_TOKEN}"',
      });
    }
  });

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
/** A credential, as written in tools.yaml. */
export type CredentialSettings = NonNullable<ApiSettings["credentials"]>[string];
