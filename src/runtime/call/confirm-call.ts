import { createHash } from "node:crypto";
import type { ToolDefinition } from "../define-tool.ts";
import type { CallContext, Deployment } from "../deployment.ts";
import { isFile } from "../file.ts";
import { Problem } from "../problem.ts";
import { firstOf } from "../shape/cut-text.ts";
import { stripHidden } from "../shape/hidden-characters.ts";
import { sortedMembers } from "../sorted-members.ts";
import type { ToolAnswer } from "./answer.ts";
import type { Inputs } from "./validate.ts";

/** The argument by which a client that cannot ask says that the person has agreed. */
const ARGUMENT = "confirm";
const MOST_SHOWN = 12; // arguments in a question
const MOST_CHARACTERS = 120; // of each: the person decides by what is plain to see

/**
 * Makes sure that a person wants what a tool does that cannot be taken back. Where somebody can be asked, that person decides, whatever the
 * arguments say; where nobody can, the call has to say that it was agreed to. Nothing was sent before.
 *
 * @returns undefined when the call may go on; otherwise the answer that it ends with.
 * @throws {Problem} `confirmation_needed` with the question, for a model to pass on.
 */
export async function confirmCall(
  deployment: Deployment,
  tool: ToolDefinition,
  inputs: Inputs,
  context: CallContext,
): Promise<ToolAnswer | undefined> {
  if (tool.confirm !== true) return undefined;
  const sentence = sentenceOf(deployment, tool, inputs);
  if (!context.confirm) {
    if (inputs[ARGUMENT] === true) return undefined;
    throw needed(tool, sentence);
  }
  const decision = await context.confirm({ sentence, subject: subjectOf(deployment, tool, inputs) });
  switch (decision) {
    case "accepted":
      return undefined;
    case "asked":
      throw needed(tool, sentence); // nobody reads it: the question itself is what goes back
    case "declined":
      return notDone(
        `The person said no. ${tool.name} did nothing and nothing was sent; do not call it again unless asked to.`,
      );
    case "cancelled":
      return notDone(`The question was closed without an answer. ${tool.name} did nothing and nothing was sent.`);
  }
}

/**
 * What will be done, for a person who did not see the call.
 *
 *     Acme: Submit an assignment (class_ref: "ENG-101"; file: essay.pdf). This cannot be taken back. Do it?
 */
function sentenceOf(deployment: Deployment, tool: ToolDefinition, inputs: Inputs): string {
  const { title: vendor } = deployment.api.definition;
  const title = deployment.mode === "sandbox" ? `${vendor} (SANDBOX)` : vendor;
  const given = Object.entries(inputs).filter(([name, value]) => name !== ARGUMENT && value !== undefined);
  const shown = given.slice(0, MOST_SHOWN).map(([name, value]) => `${name}: ${valueShown(value)}`);
  if (given.length > shown.length) shown.push(`and ${given.length - shown.length} more`);
  const what = shown.length === 0 ? "" : ` (${shown.join("; ")})`;
  return stripHidden(`${title}: ${tool.title}${what}. This cannot be taken back. Do it?`);
}

/** As JSON, so that no text can pass for a part of the sentence; a file by its name. */
function valueShown(value: unknown): string {
  const shown = isFile(value) ? (value.path ?? value.name ?? "a file") : value;
  const text = JSON.stringify(shown, (_, member: unknown) => (isFile(member) ? (member.path ?? member.name) : member));
  return text.length > MOST_CHARACTERS ? `${firstOf(text, MOST_CHARACTERS)}…` : text;
}

/** What the agreement is for: this tool with exactly these arguments, here. */
function subjectOf(deployment: Deployment, tool: ToolDefinition, inputs: Inputs): string {
  const { [ARGUMENT]: _, ...asked } = inputs;
  const call = [deployment.api.definition.name, deployment.mode, tool.name, sortedMembers(asked)];
  return createHash("sha256").update(JSON.stringify(call)).digest("base64url");
}

function needed(tool: ToolDefinition, sentence: string): Problem {
  return new Problem(
    "confirmation_needed",
    `${tool.name} was not carried out: what it does cannot be taken back, and this client cannot ask the person. Show the person this question: “${sentence}” Only after a yes, call again with the same arguments and confirm: true.`,
    { arguments: [{ argument: ARGUMENT, message: "a person has to agree first" }] },
  );
}

function notDone(message: string): ToolAnswer {
  const value = { done: false, message };
  return { value, text: JSON.stringify(value) };
}
