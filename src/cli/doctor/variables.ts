import type { ApiDefinition } from "../../definition/api.ts";
import { parseTemplate } from "../../definition/template.ts";
import type { Finding } from "./finding.ts";

/** Looks at every variable that an API reads: set, falling back, or missing. Values are never shown. */
export function checkVariables(
  definition: ApiDefinition,
  environment: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  const optional = new Set(variablesIn(definition.identity).map(({ name }) => name));
  const seen = new Map(
    variablesIn({ ...definition, tools: undefined }).map((variable) => [variable.name, variable.fallback]),
  );
  return [...seen].map(([name, fallback]): Finding => {
    if (environment[name]) return { state: "ok", what: `${name} is set` };
    if (fallback !== undefined) return { state: "ok", what: `${name} is not set; ${fallback} is used` };
    if (optional.has(name)) return { state: "skipped", what: `${name} is not set; it is optional` };
    return {
      state: "problem",
      what: `${name} is not set`,
      fix: `add ${name}=… to the environment, or to a file .env beside tools.yaml`,
    };
  });
}

/** Every variable in the texts of a definition, at any depth. */
function variablesIn(value: unknown): readonly { readonly name: string; readonly fallback: string | undefined }[] {
  if (typeof value === "string") {
    if (!value.includes("$env.")) return [];
    return parseTemplate(value).flatMap((part) => (typeof part === "object" && part.from === "env" ? [part] : []));
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(variablesIn) : [];
}
