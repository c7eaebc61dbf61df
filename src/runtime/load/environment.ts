import { parseTemplate } from "../../definition/template.ts";

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with its variables filled in, or the names of those that are not set and have no fallback. */
export type Filled = { readonly text: string } | { readonly missing: readonly string[] };

/**
 * Fills the environment's variables into a text of the API's definition.
 *
 *     fillFromEnvironment("{$env.PER_MINUTE:-100}/minute", {}) → { text: "100/minute" }
 *
 * An empty variable counts as one that is not set: a shell or a compose file writes `KEY=` for both.
 */
export function fillFromEnvironment(text: string, environment: Environment): Filled {
  let filled = "";
  const missing: string[] = [];
  for (const part of parseTemplate(text)) {
    if (typeof part === "string") {
      filled += part;
    } else if (part.from === "env") {
      const value = environment[part.name] || part.fallback;
      if (value === undefined) missing.push(part.name);
      else filled += value;
    }
  }
  return missing.length > 0 ? { missing } : { text: filled };
}

/** What a variable says, without the space around it. Undefined: it is not set, or empty. */
export function valueOf(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

/** Names of the variables that the texts of a value read, at any depth, sorted. */
export function variablesWithin(value: unknown): readonly string[] {
  const names = JSON.stringify(value).matchAll(/\$env\.([A-Z][A-Z0-9_]*)/g);
  return [...new Set([...names].map(([, name = ""]) => name))].sort();
}

/** Names of the variables that a text reads. */
export function variablesIn(text: string): readonly string[] {
  return parseTemplate(text).flatMap((part) => (typeof part !== "string" && part.from === "env" ? [part.name] : []));
}

/** Names of the variables that the texts of a value need, at any depth, and that are not set and have no fallback. */
export function missingIn(value: unknown, environment: Environment): readonly string[] {
  if (typeof value === "string") {
    if (!value.includes("$env.")) return []; // a text of another grammar, such as a condition
    const filled = fillFromEnvironment(value, environment);
    return "missing" in filled ? filled.missing : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((member: unknown) => missingIn(member, environment));
}
