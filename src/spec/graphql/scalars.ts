import type { SchemaObject } from "../../definition/catalog.ts";

/** What a scalar of the vendor's own may be said to be in tools.yaml. */
export type ScalarKind = "string" | "integer" | "number" | "boolean" | "object" | "any" | "date" | "date-time";

/** The scalars that GraphQL has itself (GraphQL October 2021 §3.5). */
const OWN: Readonly<Record<string, SchemaObject>> = {
  Int: { type: "integer" },
  Float: { type: "number" },
  String: { type: "string" },
  Boolean: { type: "boolean" },
  ID: { type: "string" },
};

/** The JSON Schema of a scalar that is GraphQL's own or that tools.yaml explains; undefined for any other name. */
export function scalarSchema(name: string, scalars: Readonly<Record<string, ScalarKind>>): SchemaObject | undefined {
  if (Object.hasOwn(OWN, name)) return OWN[name];
  const kind = Object.hasOwn(scalars, name) ? scalars[name] : undefined;
  if (kind === undefined) return undefined;
  if (kind === "any") return {};
  return kind === "date" || kind === "date-time" ? { type: "string", format: kind } : { type: kind };
}
