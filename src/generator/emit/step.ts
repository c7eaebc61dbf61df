import type { StepPlan } from "../plan/tool-plan.ts";
import { comment, id, join, ts, type Code } from "./code.ts";
import { GENERATED, originsOfStep, sentenceOf } from "./header.ts";
import { print, property, ROOMY } from "./layout.ts";
import { longTextsOf } from "./long-texts.ts";
import { stepName } from "./names.ts";
import type { SharedTexts } from "./shared-texts.ts";
import { stepMembers } from "./work.ts";

/** Prints `steps/<name>.ts`: a step that several tools carry out. */
export function emitStep(plan: StepPlan, shared: SharedTexts): Code {
  const name = stepName(plan.stepId);
  const { constants, imports, steps } = longTextsOf({ steps: [plan.step] }, () => [name], shared);
  const [step = plan.step] = steps;
  const members = stepMembers(step).map(([key, value]) => ts`  ${print(property(key, value), 1, ROOMY)},\n`);
  const users = plan.tools.map((tool) => `\`${tool}\``).join(", ");
  return ts`${GENERATED}${originsOfStep(plan)}
import { defineStep } from "toolwright/runtime";
${imports}
${constants}/** ${comment(`${sentenceOf({ steps: [plan.step], operations: plan.operations })} A step of ${users}.`)} */
export const ${id(name)} = defineStep({
${join(members, ts``)}});
`;
}
