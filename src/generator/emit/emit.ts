import type { Catalog } from "../../definition/catalog.ts";
import type { ApiPlan } from "../plan/tool-plan.ts";
import { catalogOf, emitCatalog } from "./catalog.ts";
import { emitIndex } from "./index-module.ts";
import { nameSchemas } from "./named-schemas.ts";
import { emitReadme } from "./readme.ts";
import { emitSchema } from "./schemas.ts";
import { emitSharedText, sharedTextsOf } from "./shared-texts.ts";
import { emitStep } from "./step.ts";
import { emitTool } from "./tool.ts";

/**
 * Prints everything of an API: path in the project → text.
 *
 *     emit(plan) → { "generated/acme/tools/fetchTickets.ts" → "// @generated …", … }
 *
 * Decides nothing and reads nothing but the plan. The same plan gives the same bytes on every machine.
 *
 * @param catalog Of the plan's tools, for those who have it already.
 */
export async function emit(
  api: ApiPlan,
  catalog: Catalog = catalogOf(api.tools),
): Promise<ReadonlyMap<string, string>> {
  const folder = `generated/${fileName(api.name)}`;
  const schemas = nameSchemas(api);
  const texts = sharedTextsOf(api);
  return new Map([
    ...api.tools.map(
      (tool) => [`${folder}/tools/${fileName(tool.name)}.ts`, emitTool(tool, schemas, texts).text] as const,
    ),
    ...schemas.all.map((named) => [`${folder}/schemas/${named.name}.ts`, emitSchema(named, schemas).text] as const),
    ...(api.steps ?? []).map(
      (step) => [`${folder}/steps/${fileName(step.stepId)}.ts`, emitStep(step, texts).text] as const,
    ),
    ...[...texts.values()].map(
      (text) => [`${folder}/operations/${fileName(text.name)}.ts`, emitSharedText(text).text] as const,
    ),
    [`${folder}/catalog.json`, emitCatalog(catalog)],
    [`${folder}/index.ts`, emitIndex(api).text],
    [`${folder}/README.md`, emitReadme(api, catalog)],
  ]);
}

/** The plan has checked these names, with a message; this is the last door before a path is made of one. */
function fileName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name for a file`);
  return name;
}
