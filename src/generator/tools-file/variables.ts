import { escapeTemplate } from "../../definition/template.ts";

/** A variable of the environment that a text names: `${NAME}` or `${NAME:-fallback}`. */
export interface Variable {
  readonly name: string;
  readonly fallback: string | undefined;
}

const REFERENCE = /\$\{([^}]*)\}/g;
const INSIDE = /^([A-Z][A-Z0-9_]*)(?::-([^{}]*))?$/;

/** The variables that a text names, in order. */
export function variablesIn(text: string): Variable[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, inside = ""]) => {
    const match = INSIDE.exec(inside);
    return match ? [{ name: match[1] ?? "", fallback: match[2] }] : [];
  });
}

/** The first `${…}` of a text that names no variable: `${my-key}`, `${}`, `${A`. */
export function malformedVariable(text: string): string | undefined {
  for (const [whole, inside = ""] of text.matchAll(REFERENCE)) if (!INSIDE.test(inside)) return whole;
  const rest = text.replaceAll(REFERENCE, "");
  const open = rest.indexOf("${");
  return open < 0 ? undefined : rest.slice(open);
}

/**
 * Writes a text of tools.yaml as a template: variables become expressions, all else is literal.
 *
 *     "${ACME_KEY}"           → "$env.ACME_KEY"
 *     "${ACME_CALLS:-100}/minute" → "{$env.ACME_CALLS:-100}/minute"
 *     "$5"                    → "$$5"
 */
export function templateOf(text: string): string {
  return fill(text, ({ name, fallback }) => `$env.${name}${fallback === undefined ? "" : `:-${fallback}`}`);
}

/**
 * Writes a text that may hold runtime expressions as a template: variables become expressions, all else stays as it is.
 *
 *     "$steps.find.outputs.id"     → the same
 *     "{$inputs.name}-${ACME_ID}"  → "{$inputs.name}-{$env.ACME_ID}"
 */
export function bindingOf(text: string): string {
  return fill(
    text,
    ({ name, fallback }) => `$env.${name}${fallback === undefined ? "" : `:-${fallback}`}`,
    (part) => part,
  );
}

/** Writes a text as a template, each variable as the expression that `expressionFor` gives. */
function fill(
  text: string,
  expressionFor: (variable: Variable) => string,
  plain: (part: string, first: boolean) => string = literal,
): string {
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [variable] = variablesIn(match[0]);
    if (!variable) continue;
    if (match[0] === text) return expressionFor(variable);
    pieces.push(plain(text.slice(at, match.index), at === 0), `{${expressionFor(variable)}}`);
    at = match.index + match[0].length;
  }
  return [...pieces, plain(text.slice(at), at === 0)].join("");
}

/** A literal part of a template; only at its start does a `$` mean something by itself. */
function literal(text: string, first: boolean): string {
  return first ? escapeTemplate(text) : escapeTemplate(`-${text}`).slice(1);
}
