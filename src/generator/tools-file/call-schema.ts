import { z } from "zod";
import { conditions } from "./condition-schema.ts";
import { paginationRule } from "./pagination-schema.ts";
import { anyJson, parameter } from "./parameter-schema.ts";
import { entryName, fail } from "./text-schema.ts";

/** An operation of the description. */
export const operation = z.string().meta({
  description: "The vendor's operation: its operationId, METHOD /path, or the name of a GraphQL document's operation.",
  examples: ["GET /tickets", "listTickets"],
});

/** How a list is read. */
export const pagination = z
  .union([z.string(), paginationRule])
  .describe("How the list is read page by page: a name under `pagination:` of the API, or a rule.");

/** When a route is taken, or a step carried out. */
export const when = conditions.meta({
  description:
    "Taken when this argument was given; `!name`: when it was not; `$steps.a.outputs.b == 1`: when that holds; `a || b`: one of them. A list: all must hold.",
});

/** A template: constants, and runtime expressions in texts. */
const template = anyJson.meta({
  description:
    'A constant, "${NAME}" of the environment, a runtime expression such as `$inputs.id`, or all of that in a mapping or list.',
});
const templates = z.record(z.string().min(1), template);

const request = z
  .strictObject({
    method: z.enum(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "QUERY"]).describe("The HTTP method."),
    server: z.string().optional().describe("A name under `servers:`. Default: the tool's."),
    path: z
      .string()
      .regex(/^\/[^?#]*$/)
      .optional()
      .meta({
        title: "path",
        description: "Path under the server, `{name}` in it filled by `path_parameters`.",
        examples: ["/session"],
      }),
    url: z
      .string()
      .startsWith("$")
      .optional()
      .meta({
        title: "runtime expression",
        description: "Instead of a path: a whole URL that an earlier answer gave. Its server has `hosts`.",
        examples: ["$steps.urls.outputs.url"],
      }),
    path_parameters: templates.optional().describe("Values of the `{name}` in the path."),
    query: templates.optional().describe("Query parameters by name."),
    header: templates.optional().describe("Headers by name."),
    cookie: templates.optional().describe("Cookies by name."),
    body: template.optional(),
    content_type: z
      .string()
      .superRefine((type, context) => {
        if (!/^multipart\/.*\*/i.test(type)) return;
        // A range does not say how the parts are told apart.
        fail(context, {
          expected: "a media type that can be written",
          got: `\`${type}\``,
          example: "multipart/form-data",
        });
      })
      .optional()
      .describe("The media type to send. Default: JSON, and a file as what it is."),
    answer: z.enum(["json", "text", "binary"]).optional().describe("How the answer is read. Default: json."),
  })
  .superRefine(({ path, url }, context) => {
    if ((path === undefined) === (url === undefined)) {
      const got = path === undefined ? "neither" : "both";
      fail(context, { expected: "`path` or `url`", got, example: "path: /session" });
    }
  })
  .describe("A request that no description has: a presigned upload, a step of a sign-in.");

/** An argument that is no parameter of an operation: JSON Schema, and whether it is required. */
const input = z
  .looseObject({
    type: z
      .enum(["string", "integer", "number", "boolean", "array", "object", "file"])
      .optional()
      .describe("As in JSON Schema, or `file`."),
    description: z.string().optional().describe("What the model reads."),
    required: z.boolean().optional().describe("Whether the model must give it. Default: false."),
    default: anyJson.optional().describe("Its value when the model gives nothing."),
  })
  .describe("JSON Schema of an argument; `required` is true or false.");

/** What every call may say, in a tool of its own or in a step. */
export const callSettings = {
  operation: operation.optional(),
  request: request.optional(),
  action: z
    .enum(["establish", "refresh", "check", "reload"])
    .optional()
    .describe(
      "Something that is done with the `credential` instead of a request. `check` with an `operation` beside it asks the vendor by that.",
    ),
  pagination: pagination.optional(),
  server: z.string().optional().describe("A name under `servers:`. Default: the first."),
  credential: z
    .string()
    .optional()
    .describe("A name under `credentials:`, or `none`. Default: the first that is for the server."),
  inputs: z
    .record(entryName, input)
    .optional()
    .describe("Arguments that no operation has, by name; they are used as `$inputs.name`."),
  arguments: z
    .array(z.string())
    .optional()
    .describe(
      "Exactly these of the vendor's parameters and body properties become arguments, in this order. Default: all; of a step those that are required or under `parameters`.",
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
  request_body: z
    .strictObject({ payload: template })
    .optional()
    .describe("The whole body as a template, instead of arguments (Arazzo)."),
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
  cache: z
    .string()
    .regex(/^[1-9]\d* (?:second|minute|hour)s?$/)
    .optional()
    .meta({
      title: "duration",
      description: "How long an answer is used again; only of what reads.",
      examples: ["10 minutes"],
    }),
};

/** What of the ways an action stands for: one that asks by an operation is a way of that operation. */
export function ownAction({
  action,
  operation: asks,
}: {
  readonly action?: string | undefined;
  readonly operation?: string | undefined;
}): string | undefined {
  return action === "check" && asks !== undefined ? undefined : action;
}

/** Exactly one way to be carried out. */
export function oneWay(
  ways: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
  example = "operation: GET /tickets",
): void {
  const given = Object.keys(ways).filter((way) => ways[way] !== undefined);
  if (given.length === 1) return;
  const names = Object.keys(ways).map((way) => `\`${way}\``);
  const expected = `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
  fail(context, {
    expected,
    got: given.length === 0 ? "none of them" : given.map((way) => `\`${way}\``).join(" and "),
    example,
  });
}

/** A request without a description, as written in tools.yaml. */
export type RequestSettings = z.output<typeof request>;
/** An argument that no operation has, as written in tools.yaml. */
export type InputSettings = z.output<typeof input>;
