import { z } from "zod";
import { toolsFile } from "./api-schema.ts";

/** A JSON Schema node of the published grammar, as far as it is looked at. */
export interface SettingSchema {
  readonly [keyword: string]: unknown;
}

/**
 * Makes docs/tools.schema.json: the grammar of tools.yaml as JSON Schema draft-07, the one that editors know.
 * `#/definitions/tools` is the grammar of a file of tools alone.
 */
export function toolsJsonSchema(): SettingSchema {
  const schema: SettingSchema = z.toJSONSchema(toolsFile, {
    target: "draft-7",
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum; // nobody asked for it
    },
  });
  return { description: "tools.yaml of Toolwright: what a model may do, and nothing else.", ...schema };
}

/** The text of docs/tools.schema.json. */
export function toolsJsonSchemaText(): string {
  return `${JSON.stringify(toolsJsonSchema(), null, 2)}\n`;
}
