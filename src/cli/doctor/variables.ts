import type { ApiDefinition } from "../../definition/api.ts";
import { parseTemplate } from "../../definition/template.ts";
import { firstOf } from "../../runtime/shape/cut-text.ts";
import type { Environment } from "../environment.ts";
import type { Finding } from "./finding.ts";

/** Where variables are looked for. */
interface Place {
  readonly environment: Environment;
  /** Path of the project's `.env`. */
  readonly file: string;
  /** Servers whose calls go elsewhere: their variables do not matter. */
  readonly overridden: readonly string[];
  /** Variables in whose place callers bring their own. */
  readonly brought?: readonly string[];
  /** Variables of credentials in whose place others are shown. */
  readonly idle?: readonly string[];
}

/** Looks at every variable that an API reads: set, falling back, or missing. Values are never shown. */
export async function checkVariables(
  definition: ApiDefinition,
  { environment, file, overridden, brought = [], idle = [] }: Place,
): Promise<readonly Finding[]> {
  const { identity, servers, tools, ...others } = definition;
  const used = Object.entries(servers).filter(([name]) => !overridden.includes(name));
  const modules = await Promise.all(Object.values(tools).map(async (load) => await load()));
  const optional = new Set(variablesIn(identity).map(({ name }) => name));
  const seen = new Map(
    variablesIn([used, others, identity, modules.flatMap((module) => Object.values(module).map(requestsOf))]).map(
      ({ name, fallback }) => [name, fallback],
    ),
  );
  return [...seen].map(([name, fallback]): Finding => {
    if (environment[name]) return { state: "ok", what: `${name} is set ${inFile(name, environment, file)}` };
    if (fallback === "") return { state: "skipped", what: `${name} is not set; it is optional` };
    if (fallback !== undefined) return { state: "ok", what: `${name} is not set; ${shown(fallback)} is used` };
    if (idle.includes(name)) return { state: "skipped", what: `${name} is not set; another credential is used` };
    if (brought.includes(name)) return { state: "skipped", what: `${name} is not set; callers bring their own` };
    if (optional.has(name)) return { state: "skipped", what: `${name} is not set; it is optional` };
    const empty = environment[name] === undefined ? "is not set" : "is empty, which counts as not set";
    return { state: "problem", what: `${name} ${empty}`, fix: `add ${name}=… to the environment, or to ${file}` };
  });
}

/** Characters of a fallback that fit on the line; a list of scopes may be ten times as long. */
const MOST_SHOWN = 80;

/** A fallback, cut between its words: `tickets.view tickets.create … (26 more)`. */
function shown(fallback: string): string {
  if (fallback.length <= MOST_SHOWN) return fallback;
  const words = fallback.split(/\s+/);
  let count = 1;
  while (words.slice(0, count + 1).join(" ").length <= MOST_SHOWN) count++;
  const kept = firstOf(words.slice(0, count).join(" "), MOST_SHOWN);
  return words.length > count ? `${kept} … (${words.length - count} more)` : `${kept}…`;
}

function inFile(name: string, environment: Environment, file: string): string {
  return environment[name] === process.env[name] ? "in the environment" : `in ${file}`;
}

/** What of a tool goes over the wire: its words for the model read no variable, whatever they look like. */
function requestsOf(tool: unknown): unknown {
  if (typeof tool !== "object" || tool === null) return undefined;
  const { request, routes, steps } = tool as Readonly<Record<string, unknown>>; // a generated module exports its one tool
  return [request, routes, steps];
}

/** Every variable in the texts of a definition, at any depth. */
function variablesIn(value: unknown): readonly { readonly name: string; readonly fallback: string | undefined }[] {
  if (typeof value === "string") {
    if (!value.includes("$env.")) return [];
    return parseTemplate(value).flatMap((part) => (typeof part === "object" && part.from === "env" ? [part] : []));
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(variablesIn) : [];
}
