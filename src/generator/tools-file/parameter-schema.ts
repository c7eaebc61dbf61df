import { z } from "zod";
import { fail } from "./text-schema.ts";
import { malformedVariable } from "./variables.ts";

/** A value that a constant or a default may have. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Anything; YAML's core schema holds nothing but JSON. */
export const anyJson = z.unknown().transform((value) => value as JsonValue);

/** Changes to one parameter or body property. */
export const parameter = z
  .strictObject({
    rename: z.string().optional().describe("The argument's name, as the model writes it."),
    description: z.string().optional().describe("What the model reads instead of the vendor's text."),
    hide: z
      .boolean()
      .optional()
      .describe("Keeps it from the model: nothing is sent. With `value` it need not be said."),
    value: anyJson.optional().meta({
      description:
        'What is sent instead of an argument: a constant, "${NAME}" of the environment, or a runtime expression. `$$` is a literal `$`.',
      examples: ["$steps.find.outputs.id"],
    }),
    default: anyJson.optional().describe("Sent when the model gives nothing."),
    required: z.boolean().optional().describe("Whether the model must give it."),
    quote: z
      .string()
      .regex(/^[^${}]+$/)
      .optional()
      .meta({ description: "Put before and behind the value on its way to the vendor.", examples: ["'\"'"] }),
    allow_reserved: z
      .boolean()
      .optional()
      .describe("For a path or a query: whether a value keeps its `/`, as a path of several segments does."),
    enum: z.array(anyJson).min(1).optional().describe("Only these values."),
    minimum: z.number().optional().describe("Smallest number."),
    maximum: z.number().optional().describe("Largest number."),
    max_length: z.int().min(1).optional().describe("Most characters."),
    max_items: z.int().min(1).optional().describe("Most items of a list."),
    example: anyJson.optional().describe("An example, shown to the model."),
  })
  .superRefine((value, context) => {
    const idle = ["rename", "default", "required", "quote"] as const;
    const beside = value.value === undefined ? undefined : idle.find((key) => value[key] !== undefined);
    if (beside !== undefined) {
      fail(context, { expected: "`value` without what only an argument has", got: `\`${beside}\` beside it` });
    }
    const malformed = malformedVariable(JSON.stringify(value.value ?? ""));
    if (malformed !== undefined) {
      fail(context, { expected: "a variable such as ${ACME_ID}", got: `\`${malformed}\``, example: '"${ACME_ID}"' });
    }
  });

/** Changes to one parameter, as written in tools.yaml. */
export type ParameterSettings = z.output<typeof parameter>;
