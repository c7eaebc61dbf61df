import { Ajv2020, type Options, type ValidateFunction } from "ajv/dist/2020.js";
import type { SchemaObject } from "../../src/definition/catalog.ts";

const COMMON = { strict: false, validateFormats: false, ownProperties: true, logger: false } as const satisfies Options;
/** Holds schemas against the schema of schemas, whose compiling takes longer than nearly all that is compiled here. */
const meta = new Ajv2020(COMMON);

/**
 * Compiles a schema on its own: schemas of the suite and of vendors have the same `$id`s.
 *
 * @throws {Error} when it is no schema, or one that is too much for Ajv.
 */
export function compileSchema(schema: boolean | SchemaObject, options: Options = {}): ValidateFunction {
  if (meta.validateSchema(schema) !== true) throw new Error(meta.errorsText());
  return new Ajv2020({ ...COMMON, ...options, validateSchema: false }).compile(schema);
}
