import type { InputPlan, ToolPlan } from "../plan/tool-plan.ts";
import { comment, id, isIdentifier, join, key, ts, type Code } from "./code.ts";
import { importsOf, newUse, scopeOf } from "./imports.ts";
import { GENERATED, originsOf, sentenceOf } from "./header.ts";
import {
  after,
  before,
  call,
  fits,
  literal,
  oneLine,
  print,
  property,
  ROOMY,
  type Layout,
  type Room,
} from "./layout.ts";
import type { NamedSchemas } from "./named-schemas.ts";
import { countWithin } from "./schema.ts";
import { resultOf, workOf } from "./work.ts";
import { zodOf, type Scope } from "./zod.ts";

/** Lines that a module may have, and those that each argument adds: what a reviewer reads at one sitting. */
const MOST_LINES = 30;
const LINES_PER_ARGUMENT = 3;
/** Schemas within arguments of which more are worth a line each: nobody reads them in one long line. */
const MANY_PARTS = 40;
/** How a module is laid out that has more lines in the house style: members flow, in lines as long as it takes. */
const CLOSER = [ROOMY.width, 130, 150, 180, 240, Infinity];

/** Prints the module of a tool: what the model sees, what it takes, how it is carried out. */
export function emitTool(tool: ToolPlan, schemas: NamedSchemas): Code {
  const parts = tool.inputs.reduce((sum, { schema }) => sum + countWithin(schema), 0);
  const most = MOST_LINES + LINES_PER_ARGUMENT * tool.inputs.length + (parts > MANY_PARTS ? parts : 0);
  const content = contentOf(tool, schemas);
  let module = moduleOf(content, ROOMY);
  for (const width of CLOSER) {
    if (module.text.split("\n").length - 1 <= most) break;
    module = moduleOf(content, { width, flow: true });
  }
  return module;
}

/**
 * The constant that a tool's module exports.
 *
 *     list_tickets → listTickets, delete → deleteTool
 */
export function exportName(tool: string): string {
  const [first = "", ...rest] = tool.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const words = [
    first.slice(0, 1).toLowerCase() + first.slice(1),
    ...rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)),
  ];
  const name = words.join("");
  if (/^[0-9]/.test(name) || name === "") return `tool${name}`;
  return isIdentifier(name) && !["defineTool", "file", "json", "z"].includes(name) ? name : `${name}Tool`;
}

/** What a module says, before it is laid out: a module may be laid out several times until it is short enough. */
interface Content {
  readonly top: Code;
  readonly head: readonly (readonly [string, Layout])[];
  readonly inputs: readonly Argument[];
  /** Which arguments go together. */
  readonly groups: readonly Layout[];
  readonly tail: readonly (readonly [string, Layout])[];
}

function contentOf(tool: ToolPlan, schemas: NamedSchemas): Content {
  const used = newUse();
  const scope = scopeOf(schemas, used, (name) => schemas.definition(tool, name));
  const inputs = tool.inputs.map((input) => argumentOf(input, scope));
  const groups = tool.alternatives.map((group) => call(ts`${scope.json()}.anyOf`, [literal(group)]));
  const tail = [...workOf(tool.steps), ...resultOf(tool.result)];
  const top = ts`${GENERATED}${originsOf(tool)}
${importsOf(["defineTool"], used, "../schemas/")}
/** ${comment(sentenceOf(tool))} */
export const ${id(exportName(tool.name))} = defineTool({
`;
  return { top, head: headOf(tool), inputs, groups, tail };
}

function moduleOf({ top, head, inputs, groups, tail }: Content, room: Room): Code {
  const input =
    inputs.length === 0
      ? ts`{}`
      : ts`{\n${join(
          inputs.map((one) => inputOf(one, room)),
          ts``,
        )}  }`;
  const together = groups.length === 0 ? ts`` : print(call(ts`.check`, groups), 1, room, 1);
  return ts`${top}${join(
    head.map(([name, value]) => ts`  ${print(property(name, value), 1, room)},\n`),
    ts``,
  )}
  input: z.strictObject(${input})${together},

${join(
  tail.map(([name, value]) => ts`  ${print(property(name, value), 1, room)},\n`),
  ts``,
)}});
`;
}

function headOf(tool: ToolPlan): (readonly [string, Layout])[] {
  return [
    ["name", literal(tool.name)],
    ["title", literal(tool.title)],
    ["description", literal(tool.description)],
    ["annotations", literal(tool.annotations)],
    ...(tool.scopes.length > 0 ? [["scopes", literal(tool.scopes)] as const] : []),
  ];
}

/** An argument, and what is said of it. */
interface Argument {
  readonly whole: Layout;
  readonly line: Code;
  readonly says: Code;
  readonly described: boolean;
}

function argumentOf(input: InputPlan, scope: Scope): Argument {
  const { description, default: fallback } = input.schema;
  const type = zodOf(input.schema, scope);
  const absent =
    fallback !== undefined ? ts`.default(${oneLine(literal(fallback))})` : input.required ? ts`` : ts`.optional()`;
  const whole = before(ts`${key(input.name)}: `, after(type, absent));
  const described = typeof description === "string" && description !== "";
  const says = described ? ts`.describe(${description})` : ts``;
  return { whole, line: ts`${oneLine(whole)}${says}`, says, described };
}

/** One argument: on a line if it fits, else its description on a line of its own. */
function inputOf({ whole, line, says, described }: Argument, room: Room): Code {
  if (fits(line, 2, room)) return ts`    ${line},\n`;
  const behind = described ? 0 : 1;
  return ts`    ${print(whole, 2, room, behind)}${described ? ts`\n      ${says}` : says},\n`;
}
