import { z } from "zod";
import { callSettings, oneWay, ownAction, when } from "./call-schema.ts";
import { conditions } from "./condition-schema.ts";
import { entryName, fail } from "./text-schema.ts";

const expression = z
  .string()
  .startsWith("$")
  .meta({ title: "runtime expression", examples: ["$response.body#/id"] });
const fieldPath = z
  .string()
  .regex(/^[^.[\]]+(?:\.[^.[\]]+)*$/)
  .meta({ title: "field path", examples: ["course.code"] });

const lookup = z
  .strictObject({
    in: expression.describe("Where the list stands."),
    value: expression.meta({ description: "What is looked for.", examples: ["$inputs.class_ref"] }),
    equals: z.array(fieldPath).min(1).describe("Fields of which one equals the value; the first that does counts."),
    contains: z.array(fieldPath).min(1).optional().describe("Fields of which one contains it, when none equals it."),
    show: z.array(fieldPath).min(1).optional().describe("Fields that tell candidates apart. Default: those above."),
  })
  .describe("One row of a list, by what a person calls it.");

const projection = z
  .strictObject({
    in: expression.describe("Where the value stands."),
    project: z.string().min(1).describe("A JMESPath expression over it."),
  })
  .describe("A value in the shape that a later step wants.");

const ofStep = {
  ...callSettings,
  when: when.optional(),
  effect: z
    .enum(["read", "write", "destructive"])
    .optional()
    .describe("What it does, where the method does not tell: a search by POST reads."),
  because: z.string().min(1).optional().describe("Why `effect` is more harmless than the method."),
  outputs: z
    .record(entryName, z.union([expression, lookup, projection]))
    .optional()
    .describe("What later steps and the result may use, as `$steps.<step>.outputs.<name>`."),
  stop: z
    .strictObject({
      when: conditions.describe("Conditions over the answer, arguments and earlier outputs; all hold."),
      message: z.string().min(1).describe("What the model reads then; it may embed `{$…}`."),
    })
    .optional()
    .describe("Ends the tool after this step, with a message for the model."),
};

function check(settings: z.output<z.ZodObject<typeof ofStep>>, context: z.RefinementCtx): void {
  const { operation, request } = settings;
  oneWay({ operation, request, action: ownAction(settings) }, context);
  checkCall(settings, context);
}

/** What a call may not say together. */
export function checkCall(
  { action, credential, request, ...others }: z.output<z.ZodObject<typeof callSettings>>,
  context: z.RefinementCtx,
): void {
  if (action !== undefined && (credential === undefined || credential === "none")) {
    fail(context, { expected: "a `credential` beside `action`", got: "none", example: "credential: tokens" });
  }
  const ofList = ["pagination", "cache"] as const;
  const listed = ofList.find((key) => others[key] !== undefined);
  if (action !== undefined && listed !== undefined) {
    fail(context, { expected: "an `action` by itself", got: `\`${listed}\` beside it`, example: "action: check" });
  }
  const ofOperation = ["arguments", "parameters", "body", "request_body", "content_type"] as const;
  const idle = ofOperation.find((key) => others[key] !== undefined);
  if (idle !== undefined && others.operation === undefined && (request !== undefined || action !== undefined)) {
    fail(context, { expected: "an `operation`", got: `\`${idle}\` without one`, example: "operation: GET /tickets" });
  }
  if (others.request_body !== undefined && others.body !== undefined) {
    fail(context, { expected: "`body` or `request_body`", got: "both", example: "request_body: { payload: … }" });
  }
}

/** One step that several tools share; its name is its id. */
export const namedStep = z.strictObject(ofStep).superRefine(check).meta({ id: "namedStep" });

/** One step of a tool. */
export const step = z
  .strictObject({ stepId: entryName.describe("What later steps call it."), ...ofStep })
  .superRefine(check)
  .meta({ id: "step" });

/** The steps of a tool: named ones of the API, and its own. */
export const steps = z
  .array(z.union([z.string().meta({ title: "name under `steps:`" }), step]))
  .min(1)
  .describe(
    "Several calls. One starts when the steps that it names have ended; one that writes when all before it have.",
  );

/** One step, as written in tools.yaml. */
export type StepSettings = z.output<typeof namedStep>;
