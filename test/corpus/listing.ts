import { Ajv2020 } from "ajv/dist/2020.js";
import { asRaw, type Raw } from "./description.ts";

/** A tool as a client lists it. */
export interface Listed {
  readonly name: string;
  readonly inputSchema: object;
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });

/** What is wrong with a list of tools: names, roots, schemas that are none. Empty: nothing. */
export function faultsOf(tools: readonly Listed[]): readonly string[] {
  const names = new Set<string>();
  return tools.flatMap(({ name, inputSchema }) => {
    const faults: string[] = [];
    if (!NAME.test(name)) faults.push(`${name}: no name for a tool`);
    if (names.has(name.toLowerCase())) faults.push(`${name}: listed twice`);
    names.add(name.toLowerCase());
    const root = asRaw(inputSchema);
    if (
      root["type"] !== "object" ||
      ["oneOf", "anyOf", "allOf", "not", "if", "enum", "$ref"].some((keyword) => keyword in root)
    )
      faults.push(`${name}: the root is no plain object`);
    for (const argument of Object.keys(asRaw(root["properties"]))) {
      if (!NAME.test(argument)) faults.push(`${name}: ${argument} is no name for an argument`);
    }
    return [...faults, ...schemaFaults(name, root)];
  });
}

/** Against the meta-schema; every reference must lead somewhere. Calling the tools compiles the schemas as well. */
function schemaFaults(name: string, schema: Raw): string[] {
  if (ajv.validateSchema(schema) !== true) return [`${name}: no JSON Schema 2020-12: ${ajv.errorsText(ajv.errors)}`];
  const defined = asRaw(schema["$defs"]);
  return referencesIn(schema)
    .filter((reference) => !Object.hasOwn(defined, definitionName(reference)))
    .map((reference) => `${name}: ${reference} leads nowhere`);
}

/** Every `$ref` at a place where a schema may stand: not in values, where it is a text like any other. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : VALUES.has(key) ? [] : referencesIn(inner),
  );
}

const VALUES = new Set(["enum", "const", "default", "examples"]);

/** `#/$defs/a~1b` → `a/b` */
export function definitionName(reference: string): string {
  return reference.replace("#/$defs/", "").replaceAll("~1", "/").replaceAll("~0", "~");
}
