import type { CatalogTool, SchemaObject } from "../../definition/catalog.ts";
import { didYouMean } from "../../definition/nearest.ts";
import { sizesOf, tokensFor } from "../../generator/emit/sizes.ts";
import { SERVING_CONFIG } from "../options.ts";
import { type CatalogedApi, catalogsOf } from "../catalogs.ts";
import { defineCommand, UsageError } from "../command.ts";
import { servingProject } from "../project.ts";
import { columns, paintOut, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "[API] [--tool TOOL] [--json]",
  about: `Shows what the model sees of an API: every tool with what it does to the vendor's data, its size in bytes and estimated tokens,
and its share of the whole. --tool shows one in full, with its arguments. --json prints what tools/list answers.`,
  options: {
    tool: { type: "string", value: "TOOL", help: "one tool in full" },
    json: { type: "boolean", help: "the tools as MCP clients get them" },
    config: SERVING_CONFIG,
  },
  examples: [
    ["toolwright tools {api}", "all tools, with their sizes"],
    ["toolwright tools --tool {tool}", "the arguments of one"],
    ["toolwright tools --json | jq '.tools[].name'", "names for a script"],
  ],
  async run({ positionals, values, terminal }) {
    const catalogs = catalogsOf(servingProject(values.config), positionals);
    const all = catalogs.flatMap(({ catalog }) => catalog.tools);
    const tools = all.filter(({ name }) => values.tool === undefined || name === values.tool);
    if (values.tool !== undefined && tools.length === 0) {
      const names = all.map(({ name }) => name);
      throw new UsageError(
        `tools: there is no tool "${values.tool}"${didYouMean(values.tool, names)}`,
        "see `toolwright tools` for the names",
      );
    }
    if (values.json) terminal.out(JSON.stringify({ tools }, null, 2));
    else if (values.tool !== undefined) terminal.out(tools.map((tool) => oneTool(tool, terminal)).join("\n\n"));
    else terminal.out(catalogs.map((api) => overview(api, terminal)).join("\n\n"));
    return 0;
  },
});

function overview({ name, catalog }: CatalogedApi, terminal: Terminal): string {
  const style = paintOut(terminal);
  const sizes = sizesOf(catalog);
  const whole = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = catalog.tools.map((tool, i) => {
    const { bytes, estimatedTokens, share } = sizes[i] ?? { bytes: 0, estimatedTokens: 0, share: 0 };
    const figures = [
      String(bytes).padStart(6),
      `~${estimatedTokens}`.padStart(6),
      `${(100 * share).toFixed(1)} %`.padStart(7),
    ];
    return [tool.name, effectOf(tool), ...figures];
  });
  const heading = `${style.bold(name)}: ${catalog.tools.length} tools, ${whole} bytes, about ${tokensFor(whole)} tokens`;
  const head = ["tool", "effect", " bytes", "tokens", "  share"].map((cell) => style.dim(cell));
  return `${heading}\n\n${columns([head, ...rows])}`;
}

function oneTool(tool: CatalogTool, terminal: Terminal): string {
  const style = paintOut(terminal);
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
