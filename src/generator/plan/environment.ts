import { ExpressionError, parseTemplate, type Template, type TemplateParts } from "../../definition/template.ts";
import type { ApiPlan, EnvironmentVariable, ToolPlan } from "./tool-plan.ts";

/** Lists the variables that a served API reads, sorted by name, each with the settings that name it. */
export function planEnvironment(
  definition: ApiPlan["definition"],
  tools: readonly Pick<ToolPlan, "name" | "steps">[],
): EnvironmentVariable[] {
  const found = new Map<string, EnvironmentVariable>();
  for (const { usedBy, value, needed } of placesOf(definition, tools)) {
    for (const { name, fallback } of variablesOf(value)) {
      const known = found.get(name);
      found.set(name, {
        name,
        required: (known?.required ?? false) || (needed && fallback === undefined),
        fallback: known?.fallback ?? fallback,
        usedBy: [...new Set([...(known?.usedBy ?? []), usedBy])],
      });
    }
  }
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

interface Place {
  readonly usedBy: string;
  readonly value: unknown;
  /** Without it nothing works; otherwise it only narrows or adds. */
  readonly needed: boolean;
}

function placesOf(
  { servers, credentials, access, limits, identity }: ApiPlan["definition"],
  tools: readonly Pick<ToolPlan, "name" | "steps">[],
): Place[] {
  const named = (section: string, values: object | undefined, needed: boolean): Place[] =>
    Object.entries(values ?? {}).map(([name, value]: [string, unknown]) => ({
      usedBy: `${section}.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, // as tools.yaml has it
      value,
      needed,
    }));
  return [
    ...Object.entries(servers).map(([name, server]) => ({
      usedBy: `servers.${name}`,
      value: "variables" in server ? server.variables : undefined,
      needed: true,
    })),
    ...Object.entries(credentials ?? {}).map(([name, credential]) => ({
      usedBy: `credentials.${name}${credential.insteadOf === undefined ? "" : ` instead of credentials.${credential.insteadOf}`}`,
      value: credential,
      needed: credential.insteadOf === undefined, // otherwise the other one does
    })),
    ...named(
      "limits",
      limits && { calls: limits.calls, upstream: limits.upstream, operations: limits.operations },
      false,
    ),
    ...named("access", access, false),
    ...named("identity", identity, false),
    ...tools.map(({ name, steps }) => ({
      usedBy: `tools.${name}`,
      value: steps.map(({ calls }) => calls.map(({ request }) => request)),
      needed: false, // without it the others are served all the same
    })),
  ];
}

/** The variables in the template strings of a value, at any depth. */
export function variablesOf(value: unknown): { readonly name: string; readonly fallback: string | undefined }[] {
  if (typeof value === "string") {
    if (!value.includes("$env.")) return [];
    return partsOf(value).flatMap((part) => (typeof part !== "string" && part.from === "env" ? [part] : []));
  }
  return typeof value === "object" && value !== null
    ? Object.values(value as Record<string, Template>).flatMap(variablesOf)
    : []; // JSON
}

/** What is no expression was reported where it is bound, and names no variable. */
function partsOf(text: string): TemplateParts {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [];
  }
}
