import type { Example } from "../../definition/api.ts";
import { ExpressionError, parseExpression, type Template } from "../../definition/template.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import {
  invalidExpression,
  missingExampleArgument,
  unknownExampleArgument,
  unknownExampleStep,
  unknownExampleTool,
} from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import type { ExampleSettings } from "../tools-file/api-schema.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { templateOf } from "../tools-file/variables.ts";
import type { ApiContext } from "./context.ts";
import { cleanText } from "./describe.ts";
import { isObject } from "./schema.ts";
import type { ToolPlan } from "./tool-plan.ts";

/** What the calls of examples are checked against. */
export interface Callable {
  readonly tools: readonly ToolPlan[];
  /** Tools that are listed and could not be planned: whatever is said of them, it is not told twice. */
  readonly unplanned: ReadonlySet<string>;
}

/** Writes the examples of an API as templates, and checks that each call could be made. */
export function planExamples(context: ApiContext, callable: Callable): Example[] {
  const examples = context.entry.settings.examples ?? [];
  return examples.map((example, index) =>
    planExample(context, callable, { example, at: within(context.entry.origin, "examples", index) }),
  );
}

function planExample(
  context: ApiContext,
  callable: Callable,
  { example, at }: { example: ExampleSettings; at: Origin },
): Example {
  const earlier: string[] = [];
  const calls = example.calls.map((call, index) => {
    const [entry] = Object.entries(call);
    if (!entry) return {};
    const [tool, args] = entry;
    const here = within(at, "calls", index, tool);
    checkCall(context, callable, { tool, args, at: here });
    const templates = Object.entries(args).map(([name, value]) => {
      const text: TextContext = { context, earlier, at: within(here, name) };
      return [name, templateFor(text, value)] as const;
    });
    earlier.push(tool);
    return { [tool]: Object.fromEntries(templates) };
  });
  return { ask: cleanText(example.ask), calls };
}

interface ExampleCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly at: Origin;
}

function checkCall({ report }: ApiContext, { tools, unplanned }: Callable, { tool, args, at }: ExampleCall): void {
  if (unplanned.has(tool)) return;
  const plan = tools.find(({ name }) => name === tool);
  if (!plan) {
    const near = nearest(
      tool,
      tools.map(({ name }) => name),
    ).map((name) => {
      const origin = tools.find((one) => one.name === name)?.origin;
      return { name, ...(origin && { at: keyOf(origin) }) };
    });
    report(unknownExampleTool({ at: keyOf(at), name: tool, near }));
    return;
  }
  const known = plan.inputs.map(({ name }) => name);
  for (const name of Object.keys(args)) {
    if (!known.includes(name))
      report(unknownExampleArgument({ at: keyOf(within(at, name)), tool, name, near: nearest(name, known) }));
  }
  for (const { name, required } of plan.inputs) {
    if (required && !Object.hasOwn(args, name)) report(missingExampleArgument({ at: keyOf(at), tool, name }));
  }
}

interface TextContext {
  readonly context: ApiContext;
  /** Tools called before this one. */
  readonly earlier: readonly string[];
  readonly at: Origin;
}

/** A value of an example: `$steps.…` is an answer before, `{name}` an identity, `${NAME}` a variable, all else is literal. */
function templateFor(text: TextContext, value: unknown): Template {
  if (typeof value === "string")
    return value.startsWith("$steps.") ? checkedStep(text, value) : withIdentity(text, value);
  if (Array.isArray(value)) return value.map((one, index) => templateFor({ ...text, at: within(text.at, index) }, one));
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, member]) => [key, templateFor({ ...text, at: within(text.at, key) }, member)] as const,
    );
    return Object.fromEntries(members);
  }
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}

function checkedStep({ context, earlier, at }: TextContext, text: string): Template {
  try {
    const expression = parseExpression(text);
    if (expression.from === "steps" && !earlier.includes(expression.step)) {
      context.report(unknownExampleStep({ at, step: expression.step, known: earlier }));
    }
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    context.report(invalidExpression({ at, text, reason: cause.message }));
  }
  return text;
}

/** `agent_id:{agent_id}` → `agent_id:{$env.ACME_AGENT_ID}`; braces around anything else are literal. */
function withIdentity({ context }: TextContext, text: string): string {
  const identity = context.entry.settings.identity ?? {};
  const spelled = text.replaceAll(/(?<!\$)\{([A-Za-z_][A-Za-z0-9_-]*)\}/g, (whole, name: string) => {
    return Object.hasOwn(identity, name) ? (identity[name] ?? whole) : whole;
  });
  return templateOf(spelled);
}
