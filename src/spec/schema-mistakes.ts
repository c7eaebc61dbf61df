import { foreignKeyword, integerTooLarge, malformedSpec, nullableBesideRef } from "../diagnostics/messages.ts";
import { isBigInteger } from "./exact-integers.ts";
import type { Report } from "./follow.ts";
import { child, own, type Node } from "./node.ts";
import type { SpecFormat } from "./operation.ts";
import type { SchemaContext } from "./schema.ts";
import { readType } from "./schema-type.ts";

const VERSIONS: Readonly<Record<SpecFormat, string>> = {
  "swagger-2.0": "Swagger 2.0",
  "openapi-3.0": "OpenAPI 3.0",
  "openapi-3.1": "OpenAPI 3.1",
  "openapi-3.2": "OpenAPI 3.2",
  graphql: "GraphQL",
};

type Version = "2.0" | "3.0" | "3.1";

/** A way of writing a schema that not every version has; what it means is plain all the same. */
interface Foreign {
  readonly keyword: string;
  readonly is: (value: unknown) => boolean;
  readonly unknownTo: readonly Version[];
  /** The way of writing, in words, and what to do instead. */
  readonly what: string;
  readonly help: string;
}

const OLD: readonly Version[] = ["2.0", "3.0"];
const MERGE = "write one object with the properties of all of them";

const FOREIGN: readonly Foreign[] = [
  {
    keyword: "nullable",
    is: (value) => value === true,
    unknownTo: ["2.0", "3.1"],
    what: "`nullable`",
    help: "write `null` among the types, or `x-nullable: true` in Swagger 2.0",
  },
  ...["exclusiveMinimum", "exclusiveMaximum"].flatMap((keyword): Foreign[] => [
    {
      keyword,
      is: (value) => typeof value === "boolean",
      unknownTo: ["3.1"],
      what: `a flag as \`${keyword}\``,
      help: `write the bound itself as \`${keyword}\``,
    },
    {
      keyword,
      is: (value) => typeof value === "number",
      unknownTo: OLD,
      what: `a number as \`${keyword}\``,
      help: `write the bound as an inclusive one, with \`${keyword}: true\``,
    },
  ]),
  {
    keyword: "type",
    is: (value) => Array.isArray(value) && readType(value).illegal === undefined,
    unknownTo: OLD,
    what: "a list of types",
    help: "write one type, with `nullable: true` if null is allowed",
  },
  {
    keyword: "$recursiveRef",
    is: (value) => typeof value === "string",
    unknownTo: [...OLD, "3.1"],
    what: "`$recursiveRef`",
    help: "write `$ref` with the path of the schema that is meant",
  },
  { keyword: "const", is: () => true, unknownTo: OLD, what: "`const`", help: "write `enum` with the one value" },
  { keyword: "oneOf", is: Array.isArray, unknownTo: ["2.0"], what: "`oneOf`", help: MERGE },
  { keyword: "anyOf", is: Array.isArray, unknownTo: ["2.0"], what: "`anyOf`", help: MERGE },
];

/** Tells of ways of writing that the description's version does not have; they are read all the same. */
export function reportForeignKeywords(node: Node, { format, report }: SchemaContext): void {
  const version = format === "swagger-2.0" ? "2.0" : format === "openapi-3.0" ? "3.0" : "3.1";
  for (const { keyword, is, unknownTo, what, help } of FOREIGN) {
    const value = own(node.value, keyword);
    if (value === undefined || !unknownTo.includes(version) || !is(value)) continue;
    report(
      foreignKeyword({ at: { ...child(node, keyword).origin, key: true }, what, version: VERSIONS[format], help }),
    );
  }
  if (version !== "3.0" || own(node.value, "nullable") !== true || own(node.value, "$ref") === undefined) return;
  report(nullableBesideRef({ at: { ...child(node, "nullable").origin, key: true } }));
}

/** Values that a number would round are texts by now: a schema that lists them must allow texts, and a default is better none. */
export function keepIntegersExact(node: Node, out: Record<string, unknown>, report: Report): void {
  const { type } = out;
  if (type !== "integer" && type !== "number" && !Array.isArray(type)) return;
  const types = [type].flat();
  if (types.includes("string") || !(types.includes("integer") || types.includes("number"))) return;
  for (const keyword of ["enum", "const", "default"]) {
    if (out[keyword] === undefined) continue;
    const digits = [out[keyword]].flat().find(isBigInteger);
    if (digits === undefined) continue;
    report(integerTooLarge({ at: child(node, keyword).origin, digits, keyword }));
    if (keyword === "default") delete out["default"];
    else out["type"] = [...types, "string"];
  }
}

/** Nobody can give what is required and forbidden at once: a name that no property has, where there may be no others. */
export function dropImpossible(node: Node, out: Record<string, unknown>, report: Report): void {
  const { required, properties, patternProperties, additionalProperties } = out;
  if (additionalProperties !== false || patternProperties !== undefined || !Array.isArray(required)) return;
  const possible = required.filter((name) => own(properties, String(name)) !== undefined);
  if (possible.length === required.length) return;
  const lost = required.filter((name) => !possible.includes(name)).map((name) => `\`${String(name)}\``);
  const at = { ...child(node, "required").origin, key: true } as const;
  const expected = "names of its properties, since `additionalProperties: false` forbids others";
  report(malformedSpec({ at, what: `${lost.join(", ")} in \`required\``, expected }));
  if (possible.length > 0) out["required"] = possible;
  else delete out["required"];
}
