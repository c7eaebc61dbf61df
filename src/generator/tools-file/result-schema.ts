import { z } from "zod";
import { anyJson } from "./parameter-schema.ts";
import { fail, pointer } from "./text-schema.ts";

/** What of the vendor's answer the model gets. */
export const result = z
  .strictObject({
    value: z
      .union([
        z
          .string()
          .regex(/^(?:\/(?:[^~/{}]|~[01])*)*$|^\$[a-z]/)
          .meta({ title: "JSON Pointer", examples: ["/ticket"] }),
        z.record(z.string(), anyJson),
        z.array(anyJson),
      ])
      .optional()
      .meta({
        description:
          "Where the one object stands in the (last) answer, or what the answer is made of: a mapping or list with runtime expressions. Default: the whole answer.",
        examples: ["/ticket", { forums: "$steps.forums.outputs.list" }],
      }),
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

/** What of the answer the model gets, as written in tools.yaml. */
export type ResultSettings = z.output<typeof result>;
