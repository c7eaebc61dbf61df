import { z } from "zod";
import { paginationRule } from "./pagination-schema.ts";
import { fail, pointer } from "./text-schema.ts";
import { malformedVariable } from "./variables.ts";

/** A value that a constant or a default may have. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const anyJson = z.unknown().transform((value) => value as JsonValue); // YAML's core schema holds nothing but JSON

const operation = z.string().meta({
  description: "The vendor's operation: its operationId, or METHOD /path.",
  examples: ["GET /tickets", "listTickets"],
});
const pagination = z
  .union([z.string(), paginationRule])
  .describe("How the list is read page by page: a name under `pagination:` of the API, or a rule.");

const route = z.strictObject({
  when: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      "Taken when this argument was given; `!name`: when it was not; `a || b`: one of them. A list: all must hold. The last route needs none.",
    ),
  operation,
  pagination: pagination.optional(),
  server: z.string().optional().describe("A name under `servers:`. Default: the tool's."),
  credential: z.string().optional().describe("A name under `credentials:`, or `none`. Default: the tool's."),
});

const parameter = z
  .strictObject({
    rename: z.string().optional().describe("The argument's name, as the model writes it."),
    description: z.string().optional().describe("What the model reads instead of the vendor's text."),
    hide: z
      .boolean()
      .optional()
      .describe("Keeps it from the model. With `value` a constant is sent, without it nothing."),
    value: anyJson
      .optional()
      .describe('The constant that a hidden parameter sends; "${NAME}" is read from the environment.'),
    default: anyJson.optional().describe("Sent when the model gives nothing."),
    required: z.boolean().optional().describe("Whether the model must give it."),
    quote: z
      .string()
      .regex(/^[^${}]+$/)
      .optional()
      .meta({ description: "Put before and behind the value on its way to the vendor.", examples: ["'\"'"] }),
    enum: z.array(anyJson).min(1).optional().describe("Only these values."),
    minimum: z.number().optional().describe("Smallest number."),
    maximum: z.number().optional().describe("Largest number."),
    max_length: z.int().min(1).optional().describe("Most characters."),
    max_items: z.int().min(1).optional().describe("Most items of a list."),
    example: anyJson.optional().describe("An example, shown to the model."),
  })
  .superRefine((value, context) => {
    if (value.value !== undefined && value.hide !== true) {
      fail(context, { expected: "`hide: true` beside `value`", example: "hide: true" });
    }
    const malformed = malformedVariable(JSON.stringify(value.value ?? ""));
    if (malformed !== undefined) {
      fail(context, { expected: "a variable such as ${ACME_ID}", got: `\`${malformed}\``, example: '"${ACME_ID}"' });
    }
  });

const result = z
  .strictObject({
    value: pointer
      .optional()
      .describe("Where the one object stands in the vendor's answer. Default: the whole answer."),
    items: z
      .union([pointer, z.array(pointer).min(1)])
      .optional()
      .describe("Where the items of a list stand. Several: the first that is a list."),
    fields: z
      .array(
        z
          .string()
          .regex(/^[^.[\]]+(?:\[\])?(?:\.[^.[\]]+(?:\[\])?)*$/)
          .meta({ title: "field path", examples: ["requester.name", "attachments[].name"] }),
      )
      .min(1)
      .optional()
      .describe("The fields to keep, of the value or of each item. Default: all."),
    project: z.string().optional().describe("A JMESPath expression, for what `fields` cannot say."),
    text: z
      .record(
        z.string(),
        z.strictObject({
          html: z.boolean().optional().describe("Turns HTML into plain text."),
          max_chars: z.int().min(1).optional().describe("Cuts the text at this many characters."),
        }),
      )
      .optional()
      .describe("Texts to clean, by field path."),
    keep_nulls: z.boolean().optional().describe("Keeps members that are null; they are dropped otherwise."),
  })
  .superRefine((value, context) => {
    if (value.fields && value.project !== undefined) {
      fail(context, { expected: "`fields` or `project`", got: "both" });
    }
    if (value.items !== undefined && value.value !== undefined) {
      fail(context, { expected: "`items` (a list) or `value` (one object)", got: "both" });
    }
  })
  .describe("What of the vendor's answer the model gets.");

/** One tool, as written in tools.yaml. */
export const tool = z
  .strictObject({
    title: z.string().min(1).optional().describe("Shown to people. Default: the words of the name."),
    description: z
      .string()
      .min(1)
      .optional()
      .describe(
        "What the model reads: what it does, what it returns, which tool to use instead. Default: the vendor's text.",
      ),
    operation: operation.optional(),
    routes: z
      .array(route)
      .min(1)
      .optional()
      .describe("Several operations behind one tool, instead of `operation`: the first whose `when` holds."),
    pagination: pagination.optional(),
    server: z.string().optional().describe("A name under `servers:`. Default: the first."),
    credential: z
      .string()
      .optional()
      .describe("A name under `credentials:`, or `none`. Default: the first that is for the server."),
    arguments: z
      .array(z.string())
      .optional()
      .describe(
        "Exactly these of the vendor's parameters and body properties become arguments, in this order. Default: all.",
      ),
    parameters: z
      .record(z.string(), parameter)
      .optional()
      .describe(
        "Changes to parameters and body properties, by the vendor's name; `body.id`, `query.id` where a name occurs twice.",
      ),
    body: z
      .enum(["flatten", "whole", "array"])
      .optional()
      .describe(
        "`flatten` (default): each property is an argument. `whole`: one argument `body`. `array`: flattened, and sent as a list of one.",
      ),
    content_type: z
      .string()
      .optional()
      .meta({
        description: "The media type to send. Default: JSON, and multipart when a file is given.",
        examples: ["application/json"],
      }),
    nesting: z
      .enum(["brackets"])
      .optional()
      .describe(
        "How a form writes lists and objects: `brackets` as `tags[]` and `address[city]`. Default: as the description says, otherwise repeated names and JSON.",
      ),
    limit: z
      .strictObject({
        default: z.int().min(1).optional().describe("Items when the model gives no limit. Default: 30."),
        maximum: z.int().min(1).optional().describe("Most items that the model may ask for. Default: 500."),
      })
      .superRefine((value, context) => {
        if ((value.default ?? 1) <= (value.maximum ?? 500)) return;
        fail(context, { expected: "a default that is at most the maximum", example: "{ default: 30, maximum: 500 }" });
      })
      .optional()
      .describe("Bounds of the argument `limit` of a paged tool."),
    result: result.optional(),
    annotations: z
      .strictObject({
        readOnlyHint: z.boolean().optional().describe("Changes nothing at the vendor."),
        destructiveHint: z.boolean().optional().describe("May overwrite or delete, rather than only add."),
        idempotentHint: z.boolean().optional().describe("Twice does no more than once."),
        openWorldHint: z.boolean().optional().describe("Reaches things outside of this API. Default: true."),
      })
      .optional()
      .describe("Hints for clients, where they differ from what the method says."),
    because: z.string().min(1).optional().describe("Why annotations contradict the method."),
    scopes: z
      .array(z.string())
      .optional()
      .describe("OAuth scopes that the vendor asks for. Default: from the operation."),
  })
  .superRefine((value, context) => {
    if ((value.operation === undefined) === (value.routes === undefined)) {
      fail(context, {
        expected: "`operation` or `routes`",
        got: value.operation === undefined ? "neither" : "both",
        example: "operation: GET /tickets",
      });
    }
  });

/** The tools of an API by name: under `tools:`, or in the file that it names. */
export const tools = z
  .record(z.string(), tool)
  .meta({ id: "tools", description: "The tools of one API, by the name that the model calls." });

/** One tool, as written in tools.yaml. */
export type ToolSettings = z.output<typeof tool>;
/** Changes to one parameter, as written in tools.yaml. */
export type ParameterSettings = z.output<typeof parameter>;
/** One route, as written in tools.yaml. */
export type RouteSettings = z.output<typeof route>;
/** What of the answer the model gets, as written in tools.yaml. */
export type ResultSettings = z.output<typeof result>;
