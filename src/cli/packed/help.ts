import type { ApiDefinition } from "../../definition/api.ts";
import type { Catalog } from "../../definition/catalog.ts";
import { variablesWithin } from "../../runtime/load/environment.ts";
import type { Command } from "../command.ts";
import { optionRows } from "../help.ts";
import type { PackedApi } from "../project.ts";
import { columns, indent, paintOut, type Terminal } from "../terminal.ts";

/** What there is to tell of a packed server. */
interface Told {
  readonly packed: PackedApi;
  readonly definition: ApiDefinition;
  readonly catalog: Catalog;
  readonly commands: Readonly<Record<string, Command>>;
}

/** What `node acme.mjs --help` says. */
export function packedHelp({ packed, definition, catalog, commands }: Told, terminal: Terminal): string {
  const style = paintOut(terminal);
  const { program, version } = packed;
  const usages = Object.entries(commands).map(([name, { usage }]) =>
    name === "serve" ? `${program} [options]` : `${program} ${name}${usage.replace(/^API/, "")}`,
  );
  const variables = variablesIn(definition);
  const names = catalog.tools.map(({ name }) => name);
  return [
    `${style.bold("usage")}  ${usages.join("\n       ")}`,
    "",
    `${definition.title} ${version} as an MCP server: ${names.length} tools. Without --http it serves over stdio, to the client that started it.`,
    "Credentials come from the environment, or from a file .env beside this file. Replicas share their state with",
    "TOOLWRIGHT_REDIS_URL; traces and metrics go to OTEL_EXPORTER_OTLP_ENDPOINT.",
    ...Object.entries(commands).flatMap(([name, { options }]) => [
      "",
      style.bold(name === "serve" ? "options" : `options of ${name}`),
      indent(columns(optionRows(options))),
    ]),
    ...(variables.length === 0 ? [] : ["", style.bold("variables"), indent(wrap(variables))]),
    "",
    style.bold("tools"),
    indent(wrap(names)),
  ].join("\n");
}

/** Names of the variables that a definition reads, sorted. */
function variablesIn({ servers, credentials, limits, identity, access, needs }: ApiDefinition): readonly string[] {
  const read = variablesWithin({ servers, credentials, limits, identity, access });
  return [...new Set([...read, ...Object.values(needs ?? {}).flat()])].sort();
}

const WIDTH = 98;

/** Names on lines of at most {@link WIDTH} characters. */
function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length + 2 <= WIDTH) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines.join("\n");
}
