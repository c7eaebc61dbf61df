import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog, CatalogTool, SchemaObject } from "../../definition/catalog.ts";
import { defineCommand, UsageError } from "../command.ts";
import { apiDirectories, servingProject } from "../project.ts";
import { columns, paint, type Terminal } from "../terminal.ts";

/** Bytes of JSON that make about one token; a rule of thumb for English and JSON, labelled as an estimate. */
const BYTES_PER_TOKEN = 4;

export const command = defineCommand({
  usage: "[API] [--tool TOOL] [--json]",
  about: `Shows what the model sees of an API: every tool with what it does to the vendor's data, its size in bytes and estimated tokens,
and its share of the whole. --tool shows one in full, with its arguments. --json prints what tools/list answers.`,
  options: {
    tool: { type: "string", value: "TOOL", help: "one tool in full" },
    json: { type: "boolean", help: "the tools as MCP clients get them" },
    config: {
      type: "string",
      value: "FILE",
      help: "the project's tools.yaml (default: here, else what ships with toolwright)",
    },
  },
  examples: [
    ["toolwright tools {api}", "all tools, with their sizes"],
    ["toolwright tools --tool {tool}", "the arguments of one"],
    ["toolwright tools --json | jq '.tools[].name'", "names for a script"],
  ],
  async run({ positionals, values, terminal }) {
    const catalogs = apiDirectories(servingProject(values.config), positionals).map(({ name, directory }) => ({
      name,
      // Written by `generate`, whose tests hold it against its schema.
      catalog: JSON.parse(readFileSync(join(directory, "catalog.json"), "utf8")) as Catalog,
    }));
    const tools = catalogs
      .flatMap(({ catalog }) => catalog.tools)
      .filter(({ name }) => values.tool === undefined || name === values.tool);
    if (tools.length === 0) throw new UsageError(`tools: there is no tool "${values.tool}"`);
    if (values.json) terminal.out(JSON.stringify({ tools }, null, 2));
    else if (values.tool !== undefined) terminal.out(tools.map((tool) => oneTool(tool, terminal)).join("\n\n"));
    else terminal.out(catalogs.map(({ name, catalog }) => overview(name, catalog.tools, terminal)).join("\n\n"));
    return 0;
  },
});

function overview(api: string, tools: readonly CatalogTool[], terminal: Terminal): string {
  const style = paint(terminal);
  const whole = tools.reduce((sum, tool) => sum + bytesOf(tool), 0);
  const rows = tools.map((tool) => [
    tool.name,
    effectOf(tool),
    String(bytesOf(tool)).padStart(6),
    `~${Math.ceil(bytesOf(tool) / BYTES_PER_TOKEN)}`.padStart(6),
    `${((100 * bytesOf(tool)) / whole).toFixed(1)} %`.padStart(7),
  ]);
  const head = ["tool", "effect", " bytes", "tokens", "  share"].map((cell) => style.dim(cell));
  return `${style.bold(api)}: ${tools.length} tools, ${whole} bytes, about ${Math.ceil(whole / BYTES_PER_TOKEN)} tokens\n\n${columns([head, ...rows])}`;
}

function oneTool(tool: CatalogTool, terminal: Terminal): string {
  const style = paint(terminal);
  const properties = (tool.inputSchema["properties"] ?? {}) as Readonly<Record<string, SchemaObject>>; // of an object schema
  const required = (tool.inputSchema["required"] ?? []) as readonly string[];
  const rows = Object.entries(properties).map(([name, schema]) => [
    name,
    typeOf(schema),
    required.includes(name) ? "required" : "default" in schema ? `default ${JSON.stringify(schema["default"])}` : "",
    String(schema["description"] ?? ""),
  ]);
  return `${style.bold(tool.name)}  ${effectOf(tool)}\n${tool.description}\n\n${rows.length === 0 ? "no arguments" : columns(rows)}`;
}

function effectOf({ annotations }: CatalogTool): string {
  if (annotations.readOnlyHint === true) return "read";
  return annotations.destructiveHint === false ? "write" : "destructive";
}

function typeOf(schema: SchemaObject): string {
  if (Array.isArray(schema["enum"])) return schema["enum"].map(String).join("|");
  if (schema["type"] === "array") return `${typeOf((schema["items"] ?? {}) as SchemaObject)}[]`;
  return Array.isArray(schema["type"]) ? schema["type"].join("|") : String(schema["type"] ?? "any");
}

function bytesOf(tool: CatalogTool): number {
  return Buffer.byteLength(JSON.stringify(tool));
}
