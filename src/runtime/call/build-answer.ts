import { effectOf } from "../../definition/call.ts";
import { type Cursor, encodeCursor } from "../page/cursor.ts";
import { Problem } from "../problem.ts";
import { fillTemplate } from "../request/template.ts";
import { capList, MAX_ANSWER_CHARACTERS } from "../shape/cap.ts";
import { capObject } from "../shape/cap-object.ts";
import { isBinary, readBinary } from "../shape/binary.ts";
import type { ToolAnswer } from "./answer.ts";
import { subjectOf } from "./read-arguments.ts";
import type { Outcome } from "./run-steps.ts";
import type { Run } from "./send-call.ts";
import type { Inputs } from "./validate.ts";

/** Turns what a tool's calls came to into what the model gets. */
export async function buildAnswer(run: Run, inputs: Inputs, outcome: Outcome): Promise<ToolAnswer> {
  const shape = await run.tool.shape();
  if (outcome.kind === "list") {
    const { walk, route } = outcome;
    return capList({
      items: walk.items.map(shape),
      cursorAfter: (count) => {
        const position = walk.positionAfter(count);
        return position && encodeCursor({ route, position } satisfies Cursor, subjectOf(run, inputs));
      },
      total: walk.total,
      stopped: walk.stopped,
    });
  }
  const { body } = outcome.answer;
  if (isBinary(body)) {
    const binary = readBinary(body, outcome.answer.headers);
    const value = {
      mime_type: binary.mimeType,
      ...(binary.name !== undefined && { name: binary.name }),
      bytes: body.length,
    };
    return { value, text: JSON.stringify(value), binary };
  }
  const value = shape(selected(run, outcome));
  const object = isObject(value) ? value : { result: value ?? null };
  return capObject(object, MAX_ANSWER_CHARACTERS, run.tool.definition.name);
}

/** What of the steps' outcome the tool answers with: a part of the last answer, or what a template is filled to. */
function selected({ deployment, tool }: Run, { call, answer, scope }: Extract<Outcome, { kind: "value" }>): unknown {
  const at = tool.definition.result?.value;
  if (at === undefined) return answer.body;
  if (answer.body === null && typeof at === "string" && at.startsWith("$response.body")) return null; // a last answer of nothing has no parts
  const value = fillTemplate(at, scope);
  if (value !== undefined) return value;
  if (typeof at !== "string" || !at.startsWith("$response.body")) return null; // of steps that were skipped nothing is there
  const { title } = deployment.api.definition;
  const where = at.replace(/^\$response\.body#?/, "");
  throw effectOf(call) === "read"
    ? new Problem(
        "invalid_response",
        `${title} answered, but without ${where}. Its API may have changed; nobody can mend that by other arguments.`,
        { status: answer.status },
      )
    : new Problem(
        "invalid_response",
        `${title} carried out ${tool.definition.name} (status ${answer.status}), but answered without ${where}. Do not repeat it; read what there is now with a tool that reads.`,
        {
          status: answer.status,
        },
      );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
