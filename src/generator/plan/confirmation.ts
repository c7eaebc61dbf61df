import { argumentCollision } from "../../diagnostics/messages.ts";
import { within } from "../tools-file/origin.ts";
import type { ToolContext } from "./context.ts";
import type { ToolPlan } from "./tool-plan.ts";

const NAME = "confirm";
const SCHEMA = {
  type: "boolean",
  description: "True once the person agreed to this very call. Not needed where the client asks by itself.",
};

/** A tool before which a person is asked takes the answer as an argument too, for clients that cannot ask. */
export function withConfirmation({ tool, report }: ToolContext, plan: ToolPlan): ToolPlan {
  if (tool.settings.confirm !== true) return plan;
  const at = within(tool.origin, NAME);
  if (plan.inputs.some(({ name }) => name === NAME)) {
    const [first, second] = [{ name: `the vendor's \`${NAME}\`` }, { name: "the person's yes" }];
    report(argumentCollision({ at, name: NAME, key: NAME, rename: `${NAME}_it`, first, second }));
  }
  return { ...plan, inputs: [...plan.inputs, { name: NAME, required: false, schema: SCHEMA }], confirm: true };
}
