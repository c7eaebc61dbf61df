import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SchemaObject } from "../../src/definition/catalog.ts";
import { emit } from "../../src/generator/emit/emit.ts";
import { definitionsOf, inlineSchema } from "../../src/generator/plan/inline-schema.ts";
import type { ToolPlan } from "../../src/generator/plan/tool-plan.ts";
import { apiPlan, input, queryTool } from "../generator/emit/plans.ts";
import { load, resolve } from "../spec/project.ts";
import { compileSchema } from "./ajv.ts";
import { runModules } from "./run-modules.ts";

/** A schema of the suite with the values that are held against it. */
interface Group {
  readonly description: string;
  readonly schema: boolean | SchemaObject;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}

/** One test of the suite, and who says what. */
export interface Verdict {
  /** `minimum: minimum validation › below the minimum is invalid` */
  readonly name: string;
  readonly ours: boolean;
  /** Ajv's; the suite's own where Ajv cannot compile the schema. */
  readonly wanted: boolean;
}

/**
 * Takes a file of the suite the whole way that a vendor's schema takes: read as OpenAPI 3.1, references written in place, printed, run.
 * Only trimming is left out, which drops on purpose what is the vendor's storage.
 */
export async function verdictsOf(folder: string, keyword: string): Promise<readonly Verdict[]> {
  const groups = JSON.parse(readFileSync(join(folder, `${keyword}.json`), "utf8")) as readonly Group[]; // the suite's own schema says so
  const inputs = runModules(await emit(apiPlan(await planGroups(groups))));
  return groups.flatMap((group, index) => {
    const zod = inputs.get(`group${index}`);
    const shown = compile(group.schema);
    return group.tests.map(({ description, data, valid }) => ({
      name: `${keyword}: ${group.description} › ${description}`,
      ours: zod?.safeParse({ value: data }).success ?? false,
      wanted: shown ? shown(data) : valid,
    }));
  });
}

/** Some schemas of the suite are too much for Ajv: an empty `enum`, certain circles of references. */
function compile(schema: Group["schema"]): ((value: unknown) => boolean) | undefined {
  try {
    return compileSchema(schema);
  } catch {
    return undefined;
  }
}

async function planGroups(groups: readonly Group[]): Promise<readonly ToolPlan[]> {
  const paths = Object.fromEntries(groups.map((_, index) => [`/${index}`, operationWith(`group${index}.json`)]));
  const description = { openapi: "3.1.0", info: { title: "Suite", version: "1" }, paths };
  const files = groups.map(({ schema }, index) => [`specs/group${index}.json`, JSON.stringify(schema)] as const);
  const { spec } = await load(
    { "specs/suite.json": JSON.stringify(description), ...Object.fromEntries(files) },
    "specs/suite.json",
  );
  return groups.map((_, index) => {
    const { operation } = resolve(spec, `POST /${index}`);
    const budget = { left: 2000 };
    const read = operation.requestBody?.content[0]?.schema ?? {};
    const schema = inlineSchema(read, operation.definitions, budget);
    const definitions = definitionsOf([schema], operation.definitions, budget);
    return queryTool([input("value", schema, true)], { name: `group${index}`, definitions });
  });
}

/** Each schema is a file of its own, so that `#/…` in it means what it says. */
function operationWith(file: string): unknown {
  return { post: { requestBody: { content: { "application/json": { schema: { $ref: file } } } }, responses: {} } };
}
