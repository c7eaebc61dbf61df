import { requestOf, type Step } from "../../definition/call.ts";
import type { ApiPlan, OperationSource } from "../plan/tool-plan.ts";
import { comment, id, isIdentifier, lines, ts, type Code } from "./code.ts";
import { GENERATED, originsOfOperation, sourceOf } from "./header.ts";

/** The text of an operation, such as a GraphQL document, that two modules or more send: `operations/<name>.ts` says it once. */
export interface SharedText {
  /** The operation's id: name of the constant and of its module. */
  readonly name: string;
  readonly text: string;
  readonly operation: OperationSource;
  /** What sends it, for the comment: `` `list_classes` ``, ``the step `class` ``. */
  readonly users: readonly string[];
}

/** By its text, what is shared. A name that another one has but for capitals is no file on every system: such a text stays where it is used. */
export type SharedTexts = ReadonlyMap<string, SharedText>;

/** Finds the texts of several lines that stand in the body of an operation beside the operation's id, and are sent by several modules. */
export function sharedTextsOf(api: ApiPlan): SharedTexts {
  const found = new Map<string, { readonly operation: OperationSource; readonly users: Set<string> }>();
  for (const { user, steps, operations } of modulesOf(api)) {
    for (const request of steps.flatMap(({ calls }) => calls).map(requestOf)) {
      const payload = request?.body?.payload;
      const operation = request && sourceOf(request, operations);
      if (!operation || typeof payload !== "object" || payload === null) continue;
      const values: readonly unknown[] = Object.values(payload);
      if (!values.includes(operation.operationId)) continue;
      for (const text of values) {
        if (typeof text !== "string" || !text.includes("\n")) continue;
        const known = found.get(text) ?? { operation, users: new Set() };
        found.set(text, { ...known, users: known.users.add(user) });
      }
    }
  }
  const names = new Set<string>();
  return new Map(
    [...found].flatMap(([text, { operation, users }]) => {
      const name = operation.operationId ?? "";
      if (users.size < 2 || !/^\w+$/.test(name) || !isIdentifier(name) || names.has(name.toLowerCase())) return [];
      names.add(name.toLowerCase());
      return [[text, { name, text, operation, users: [...users] }] as const];
    }),
  );
}

/** Prints `operations/<name>.ts`. */
export function emitSharedText({ name, text, operation, users }: SharedText): Code {
  return ts`${GENERATED}${originsOfOperation(operation)}
/** ${comment(`What ${users.slice(0, -1).join(", ")} and ${users.at(-1) ?? ""} send.`)} */
export const ${id(name)} = ${lines(text)};
`;
}

/** What has a module of its own and sends requests. */
function modulesOf(api: ApiPlan): readonly {
  readonly user: string;
  readonly steps: readonly Step[];
  readonly operations: readonly OperationSource[];
}[] {
  return [
    ...api.tools.map(({ name, steps, shared = [], operations }) => ({
      user: `\`${name}\``,
      steps: steps.filter(({ stepId }) => !shared.some((one) => one.stepId === stepId)),
      operations,
    })),
    ...(api.steps ?? []).map(({ stepId, step, operations }) => ({
      user: `the step \`${stepId}\``,
      steps: [step],
      operations,
    })),
  ];
}
