import type { ApiPlan } from "../plan/tool-plan.ts";
import { comment, join, key, ts, type Code } from "./code.ts";
import { GENERATED } from "./header.ts";
import { literal, print, property, ROOMY, type Layout } from "./layout.ts";

/** Prints `index.ts`: what the tools of an API share, and where each of them is. */
export function emitIndex(api: ApiPlan): Code {
  const { title, servers, credentials, access, limits, instructions, identity, examples, needs } = api.definition;
  const said = { title, servers, credentials, access, limits, instructions, identity, examples, needs };
  const members: (readonly [string, Layout])[] = Object.entries({ name: api.name, ...said })
    .filter(([, value]) => value !== undefined && !isEmpty(value))
    .map(([name, value]) => [name, literal(value)] as const);
  const lines = members.map(([name, value]) => ts`  ${print(property(name, value), 1, ROOMY)},\n`);
  const tools = api.tools.map(({ name }) => ts`    ${key(name)}: () => import(${`./tools/${name}.ts`}),\n`);
  return ts`${GENERATED}
import { defineApi } from "toolwright/runtime";

/** ${comment(title)}: what its tools share, and where they are. */
export const api = defineApi({
${join(lines, ts``)}
  tools: {
${join(tools, ts``)}  },
});
`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
