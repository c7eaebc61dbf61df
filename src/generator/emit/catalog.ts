import type { Catalog, CatalogTool, SchemaObject } from "../../definition/catalog.ts";
import { FILE_SCHEMA } from "../../definition/file-schema.ts";
import type { ToolPlan } from "../plan/tool-plan.ts";
import { mapSchemas } from "./schema.ts";

/** What the model sees of an API's tools, at the widest. */
export function catalogOf(tools: readonly ToolPlan[]): Catalog {
  return { tools: tools.map(catalogTool) };
}

/** `catalog.json`. */
export function emitCatalog(catalog: Catalog): string {
  return `${JSON.stringify(catalog, null, 2)}\n`;
}

function catalogTool(tool: ToolPlan): CatalogTool {
  const { name, title, description, annotations } = tool;
  return { name, title, description, inputSchema: inputSchema(tool), annotations };
}

/** A plain object at the root, whatever the arguments are: hosts refuse anything else. */
function inputSchema({ inputs, definitions }: ToolPlan): SchemaObject {
  const required = inputs
    .filter((input) => input.required && input.schema["default"] === undefined)
    .map(({ name }) => name);
  const defs = Object.entries(definitions).map(([name, schema]) => [name, shown(schema)] as const);
  return {
    type: "object",
    properties: Object.fromEntries(inputs.map(({ name, schema }) => [name, shown(schema)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(defs.length > 0 && { $defs: Object.fromEntries(defs) }),
  };
}

/** A schema as the model gets it: our own keyword for a file gives way to what a file looks like. */
function shown(schema: SchemaObject): SchemaObject {
  return mapSchemas(schema, fileShown) as SchemaObject; // an object goes in, an object comes out
}

function fileShown(schema: SchemaObject): SchemaObject | undefined {
  if (schema["x-toolwright"] !== "file") return undefined;
  const { description } = schema;
  return { ...(typeof description === "string" && { description }), ...FILE_SCHEMA };
}
