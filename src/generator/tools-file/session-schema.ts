import { z } from "zod";
import { step } from "./step-schema.ts";
import { entryName, oneVariable, variableText } from "./text-schema.ts";

/** Steps that sign in; they see `$credentials.name` besides what steps of tools see. */
const steps = z.array(step);

const stepOutput = z
  .string()
  .regex(/^\$steps\.[A-Za-z_][\w-]*\.outputs\.[A-Za-z_][\w-]*(?:#(?:\/[^{}]*)?)?$/)
  .meta({ title: "output of a step", examples: ["$steps.session.outputs.token"] });

/** The session of a credential, as written in tools.yaml. */
export const sessionSettings = z.strictObject({
  seed: z
    .record(entryName, variableText)
    .refine((seed) => Object.keys(seed).length > 0)
    .meta({
      title: "mapping of values to begin with",
      description: "Values to begin with, by names of yours.",
      examples: ['{ token: "${ACME_TOKEN}" }'],
    }),
  config_file: oneVariable
    .optional()
    .describe("The variable with the path of a JSON file that holds values of these names, and `sessionCookies`."),
  establish: steps.min(1).describe("Steps that begin a session out of the seed."),
  refresh: steps.optional().describe("Steps that get new values out of the session. Default: it is begun anew."),
  values: z
    .record(entryName, stepOutput)
    .describe("What the steps came to, by the names of the seed; names that are not here keep their seed."),
  expires: stepOutput.optional().describe("When they end, as the steps tell it: a date, or the seconds that are left."),
  cookies: z.literal(true).optional().describe("Keep the cookies of the answers, for the session's servers alone."),
});

/** The session of a credential, as written in tools.yaml. */
export type SessionSettings = z.output<typeof sessionSettings>;
