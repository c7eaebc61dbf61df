import type { SchemaObject } from "../../definition/catalog.ts";
import type { InputPlan, ToolPlan } from "../plan/tool-plan.ts";
import { comment, id, join, key, ts, type Code } from "./code.ts";
import { importNamed, importsOf, newUse, scopeOf, type Use } from "./imports.ts";
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
import { longTextsOf, type LongTexts } from "./long-texts.ts";
import { exportName, stepName } from "./names.ts";
import type { NamedSchemas } from "./named-schemas.ts";
import { countWithin, mentionsReference } from "./schema.ts";
import type { SharedTexts } from "./shared-texts.ts";
import { resultOf, workOf } from "./work.ts";
import { zodOf } from "./zod.ts";

/** Lines that a module may have, and those that each argument adds: what a reviewer reads at one sitting. */
const MOST_LINES = 30;
const LINES_PER_ARGUMENT = 3;
const LINES_PER_STEP = 18;
/** Schemas within arguments of which more are worth a line each: nobody reads them in one long line. */
const MANY_PARTS = 40;
/** How a module is laid out that has more lines in the house style: members flow, in lines as long as it takes. */
const CLOSER = [ROOMY.width, 130, 150, 180, 240, Infinity];

/** Prints the module of a tool: what the model sees, what it takes, how it is carried out. */
export function emitTool(tool: ToolPlan, schemas: NamedSchemas, sharedTexts: SharedTexts): Code {
  const shared = stepNames(tool, schemas);
  const taken = (): string[] => [exportName(tool.name), ...shared.values(), ...schemas.all.map(({ name }) => name)];
  const own = tool.steps.filter(({ stepId }) => !shared.has(stepId)); // the others stand in modules of their own
  const texts = longTextsOf({ steps: own, result: tool.result }, taken, sharedTexts);
  const ofTexts = texts.constants.text.split("\n").length - 1; // as long as they are, and none of the tool's own
  const parts = tool.inputs.reduce((sum, { schema }) => sum + countWithin(schema), 0);
  const most =
    MOST_LINES +
    LINES_PER_ARGUMENT * tool.inputs.length +
    LINES_PER_STEP * Math.max(0, tool.steps.length - 1) +
    ofTexts +
    (parts > MANY_PARTS ? parts : 0);
  const content = contentOf(tool, schemas, { texts, shared });
  let module = moduleOf(content, ROOMY);
  for (const width of CLOSER) {
    if (module.text.split("\n").length - 1 <= most) break;
    module = moduleOf(content, { width, flow: true });
  }
  return module;
}

/** The shared steps of a tool: what they are called in its module, where names may be taken. */
function stepNames({ name, shared }: ToolPlan, schemas: NamedSchemas): ReadonlyMap<string, string> {
  if (!shared) return NO_NAMES;
  const taken = new Set([exportName(name), ...schemas.all.map((schema) => schema.name)]);
  const free = (wanted: string): string => (taken.has(wanted) ? free(`${wanted}_`) : wanted);
  return new Map(shared.map(({ stepId }) => [stepId, free(stepName(stepId))]));
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** What a module says, before it is laid out: a module may be laid out several times until it is short enough. */
interface Content {
  readonly top: Code;
  readonly head: readonly (readonly [string, Layout])[];
  readonly inputs: readonly Argument[];
  /** Which arguments go together. */
  readonly groups: readonly Layout[];
  readonly tail: readonly (readonly [string, Layout])[];
}

interface Parts {
  readonly texts: LongTexts;
  /** Names of the shared steps. */
  readonly shared: ReadonlyMap<string, string>;
}

function contentOf(tool: ToolPlan, schemas: NamedSchemas, { texts, shared }: Parts): Content {
  const inputs = tool.inputs.map((input) => argumentOf(input, tool, schemas));
  const used = usedBy(inputs);
  const { json } = scopeOf(schemas, used, () => undefined);
  const groups = tool.alternatives.map((group) => call(ts`${json()}.anyOf`, [literal(group)]));
  const steps = tool.steps.map((step) => texts.steps.find(({ stepId }) => stepId === step.stepId) ?? step);
  const tail = [
    ...workOf(steps, new Map([...shared].map(([stepId, name]) => [stepId, id(name)]))),
    ...resultOf(texts.result),
  ];
  const imports = [...shared].map(([stepId, name]) => importNamed(stepName(stepId), name, `../steps/${stepId}.ts`));
  const top = ts`${GENERATED}${originsOf(tool)}
${importsOf(["defineTool"], used, "../schemas/")}${texts.imports}${join(imports, ts``)}
${texts.constants}/** ${comment(sentenceOf(tool))} */
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
    ...(tool.confirm ? [["confirm", literal(true)] as const] : []),
  ];
}

/** An argument, and what is said of it. */
interface Argument {
  readonly whole: Layout;
  readonly line: Code;
  readonly says: Code;
  readonly described: boolean;
  readonly used: Use;
}

/** Arguments as they were printed: operations share most of theirs. */
const printed = new WeakMap<NamedSchemas, WeakMap<SchemaObject, Map<string, Argument>>>();

function argumentOf(input: InputPlan, tool: ToolPlan, schemas: NamedSchemas): Argument {
  if (mentionsReference(input.schema)) return printArgument(input, tool, schemas); // what it means is the tool's
  const ofApi = printed.get(schemas) ?? new WeakMap<SchemaObject, Map<string, Argument>>();
  const ofSchema = ofApi.get(input.schema) ?? new Map<string, Argument>();
  const as = `${input.name}${input.required ? "" : "?"}`;
  const argument = ofSchema.get(as) ?? printArgument(input, tool, schemas);
  printed.set(schemas, ofApi.set(input.schema, ofSchema.set(as, argument)));
  return argument;
}

function printArgument(input: InputPlan, tool: ToolPlan, schemas: NamedSchemas): Argument {
  const { description, default: fallback } = input.schema;
  const used = newUse();
  const type = zodOf(
    input.schema,
    scopeOf(schemas, used, (name) => schemas.definition(tool, name)),
  );
  const absent =
    fallback !== undefined ? ts`.default(${oneLine(literal(fallback))})` : input.required ? ts`` : ts`.optional()`;
  const whole = before(ts`${key(input.name)}: `, after(type, absent));
  const described = typeof description === "string" && description !== "";
  const says = described ? ts`.describe(${description})` : ts``;
  return { whole, line: ts`${oneLine(whole)}${says}`, says, described, used };
}

function usedBy(inputs: readonly Argument[]): Use {
  return {
    runtime: new Set(inputs.flatMap(({ used }) => [...used.runtime])),
    schemas: new Set(inputs.flatMap(({ used }) => [...used.schemas])),
  };
}

/** One argument: on a line if it fits, else its description on a line of its own. */
function inputOf({ whole, line, says, described }: Argument, room: Room): Code {
  if (fits(line, 2, room)) return ts`    ${line},\n`;
  const behind = described ? 0 : 1;
  return ts`    ${print(whole, 2, room, behind)}${described ? ts`\n      ${says}` : says},\n`;
}
