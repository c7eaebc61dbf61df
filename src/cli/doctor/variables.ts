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
  const ofAll = [Object.entries(servers).filter(([name]) => !overridden.includes(name)), others, identity];
  const modules = await Promise.all(
    Object.entries(tools).map(async ([tool, load]) => [tool, Object.values(await load()).map(requestsOf)] as const),
  );
  const optional = new Set(variablesIn(identity).map(({ name }) => name));
  const seen = new Map(variablesIn([ofAll, modules]).map(({ name, fallback }) => [name, fallback]));
  const needed = new Set(variablesIn(ofAll).map(({ name }) => name));
  const toolsWith = (wanted: string) =>
    modules.flatMap(([tool, requests]) => (variablesIn(requests).some(({ name }) => name === wanted) ? [tool] : []));
  return [...seen].map(([name, fallback]): Finding => {
    const value = environment[name];
    if (value) return setFinding(name, value, inFile(name, environment, file));
    if (fallback === "") return { state: "skipped", what: `${name} is not set; it is optional` };
    if (fallback !== undefined) return { state: "ok", what: `${name} is not set; ${shown(fallback)} is used` };
    if (idle.includes(name)) return { state: "skipped", what: `${name} is not set; another credential is used` };
    if (brought.includes(name)) return { state: "skipped", what: `${name} is not set; callers bring their own` };
    if (optional.has(name)) return { state: "skipped", what: `${name} is not set; it is optional` };
    if (!needed.has(name)) {
      const without = toolsWith(name);
      const what = `${name} is not set: ${without.join(", ")} ${without.length === 1 ? "is" : "are"} not served`;
      return { state: "skipped", what };
    }
    const empty = environment[name] === undefined ? "is not set" : "is empty, which counts as not set";
    return { state: "problem", what: `${name} ${empty}`, fix: `add ${name}=… to the environment, or to ${file}` };
  });
}

/** White space around a value is hardly ever meant: a file that was read whole ends with a line break. */
function setFinding(name: string, value: string, where: string): Finding {
  if (value.trim() === value) return { state: "ok", what: `${name} is set ${where}` };
  return {
    state: "warning",
    what: `${name} is set ${where}, with white space before or after it`,
    fix: "take the spaces and line breaks away; the last line break of a file counts too",
  };
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
