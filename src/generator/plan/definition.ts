import type { Limits } from "../../definition/api.ts";
import type { ExpressionText } from "../../definition/template.ts";
import { longInstructions } from "../../diagnostics/messages.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { templateOf } from "../tools-file/variables.ts";
import { planAccess } from "./access.ts";
import type { ApiContext } from "./context.ts";
import { planCredentials } from "./credentials.ts";
import { cleanText } from "./describe.ts";
import { titleOf } from "./names.ts";
import { lookUpOperation } from "./routes.ts";
import { sentPath } from "./sent-path.ts";
import { planServers } from "./servers.ts";
import type { ApiPlan } from "./tool-plan.ts";

const LONG_INSTRUCTIONS = 2048; // characters; hosts show about as many

/** Decides what the tools of an API share, but for the examples, which need the tools. */
export function planDefinition(context: ApiContext): Omit<ApiPlan["definition"], "examples"> {
  const { entry, report } = context;
  const { settings } = entry;
  const instructions = settings.instructions === undefined ? undefined : cleanText(settings.instructions);
  if (instructions !== undefined && instructions.length > LONG_INSTRUCTIONS) {
    report(
      longInstructions({
        at: within(entry.origin, "instructions"),
        length: instructions.length,
        most: LONG_INSTRUCTIONS,
      }),
    );
  }
  const limits = settings.limits && planLimits(context, settings.limits);
  const identity = settings.identity && mapValues(settings.identity, identityTemplate);
  return {
    title: settings.title === undefined ? titleOf(entry.name) : cleanText(settings.title),
    servers: planServers(context),
    ...(settings.credentials && { credentials: planCredentials(context) }),
    ...(settings.access && { access: planAccess(context, settings.access) }),
    ...(limits && { limits }),
    ...(instructions !== undefined && instructions !== "" && { instructions }),
    ...(identity && { identity }),
  };
}

function planLimits(context: ApiContext, settings: NonNullable<ApiContext["entry"]["settings"]["limits"]>): Limits {
  const { calls, upstream, operations = {}, headers, source } = settings;
  const byOperation = Object.entries(operations).flatMap(([reference, limits]) => {
    const at = keyOf(within(context.entry.origin, "limits", "operations", reference));
    const operation = lookUpOperation(context, reference, at);
    // Requests are counted by what is sent.
    return operation ? [[`${operation.method} ${sentPath(operation.path).path}`, listOf(limits)] as const] : [];
  });
  const { remaining, cost } = headers ?? {};
  return {
    ...(calls !== undefined && { calls: listOf(calls) }),
    ...(upstream !== undefined && { upstream: listOf(upstream) }),
    ...(byOperation.length > 0 && { operations: Object.fromEntries(byOperation) }),
    ...(source !== undefined && { source: cleanText(source) }),
    ...(headers && { headers: { ...(remaining !== undefined && { remaining }), ...(cost !== undefined && { cost }) } }),
  };
}

function listOf(limits: string | readonly string[]): string[] {
  return (typeof limits === "string" ? [limits] : limits).map(templateOf);
}

/** Identities are always filled in when the server runs. */
function identityTemplate(text: string): ExpressionText {
  return templateOf(text) as ExpressionText; // the grammar lets only one variable through
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return mapEntries(record, (_, value) => change(value));
}

function mapEntries<From, To>(
  record: Readonly<Record<string, From>>,
  change: (name: string, value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}
