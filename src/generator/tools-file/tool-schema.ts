import { z } from "zod";
import { callSettings, oneWay, operation, ownAction, pagination, when } from "./call-schema.ts";
import { result } from "./result-schema.ts";
import { checkCall, steps } from "./step-schema.ts";
import { fail } from "./text-schema.ts";

const route = z.strictObject({
  when: when.optional(),
  operation,
  pagination: pagination.optional(),
  server: z.string().optional().describe("A name under `servers:`. Default: the tool's."),
  credential: z.string().optional().describe("A name under `credentials:`, or `none`. Default: the tool's."),
});

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
    ...callSettings,
    routes: z
      .array(route)
      .min(1)
      .optional()
      .describe("Several operations behind one tool, instead of `operation`: the first whose `when` holds."),
    steps: steps.optional(),
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
    confirm: z
      .boolean()
      .optional()
      .describe("Asks the person before it is carried out, for what cannot be taken back. Default: false."),
    because: z.string().min(1).optional().describe("Why annotations contradict the method."),
    scopes: z
      .array(z.string())
      .optional()
      .describe("OAuth scopes that the vendor asks for. Default: from the operation."),
  })
  .superRefine((value, context) => {
    const { operation: one, routes, steps: several, request } = value;
    oneWay({ operation: one, routes, steps: several, request, action: ownAction(value) }, context);
    checkCall(value, context);
    if (!several) return;
    const ofCall = ["arguments", "parameters", "body", "request_body", "content_type", "pagination", "cache"] as const;
    const idle = ofCall.find((key) => value[key] !== undefined);
    if (idle === undefined) return;
    fail(context, {
      expected: "it in one of the `steps`",
      got: `\`${idle}\` beside them`,
      example: `- { stepId: list, ${idle}: … }`,
    });
  });

/** The tools of an API by name: under `tools:`, or in the file that it names. */
export const tools = z
  .record(z.string(), tool)
  .meta({ id: "tools", description: "The tools of one API, by the name that the model calls." });

/** One tool, as written in tools.yaml. */
export type ToolSettings = z.output<typeof tool>;
/** One route, as written in tools.yaml. */
export type RouteSettings = z.output<typeof route>;
