import type { SchemaObject } from "../../definition/catalog.ts";
import type { ApiPlan } from "../plan/tool-plan.ts";
import { ts } from "./code.ts";
import { schemasWithin } from "./schema.ts";
import { zodOf, type Scope } from "./zod.ts";

/** How much of an API's input schemas is printed as what it is. */
export interface Fallbacks {
  /** Schemas of arguments and of definitions, at every depth, that say which values they allow. */
  readonly schemas: number;
  /** Those of them in whose place anything is accepted. */
  readonly unknown: number;
}

/** Keywords of which every one says something of the values. A schema with none of them is `z.unknown()` by its own will. */
const TYPED = ["type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf", "properties", "items", "x-toolwright"];

/**
 * Counts the schemas that emit cannot print and accepts anything for. `npm run corpus` (test/corpus) tells it for every description
 * and holds it below 0.1 %.
 */
export function countFallbacks(api: ApiPlan): Fallbacks {
  let schemas = 0;
  let unknown = 0;
  const scopeOf = (definitions: ApiPlan["tools"][number]["definitions"]): Scope => ({
    file: () => ts`file()`,
    json: () => ts`json`,
    reference: (name) => (Object.hasOwn(definitions, name) ? ts`Definition` : undefined),
    fallback: () => void unknown++,
  });
  for (const { inputs, definitions } of api.tools) {
    const scope = scopeOf(definitions);
    for (const schema of [...inputs.map((input) => input.schema), ...Object.values(definitions)]) {
      for (const [one] of schemasWithin(schema, "")) if (saysType(one)) schemas++;
      zodOf(schema, scope);
    }
  }
  return { schemas, unknown };
}

function saysType(schema: SchemaObject): boolean {
  return TYPED.some((keyword) => schema[keyword] !== undefined);
}
