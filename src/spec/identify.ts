import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { notASpec, unsupportedSpecVersion } from "../diagnostics/messages.ts";
import { likenessOf, likenessOfText } from "./likeness.ts";
import { own } from "./node.ts";
import type { SpecFormat } from "./operation.ts";
import { parseText } from "./parse-text.ts";

/** A document that is a description we read, or why it is not. */
export type Identity = { readonly value: unknown; readonly format: SpecFormat } | { readonly diagnostic: Diagnostic };

/** Parses a file and tells what it is by what it says of itself. `at` is where tools.yaml names it. */
export function identify(text: string, { file, at }: { file: string; at: Origin }): Identity {
  const other = likenessOfText(text);
  if (other) return { diagnostic: notASpec({ at, file, looksLike: other }) };
  const parsed = parseText(text, file);
  if ("diagnostic" in parsed) return parsed;
  const { value } = parsed;
  const openapi = own(value, "openapi");
  const swagger = own(value, "swagger");
  const version = versionText(openapi ?? swagger);
  if (version === undefined) return { diagnostic: notASpec({ at, file, looksLike: likenessOf(value) }) };
  const format = formatOf(openapi === undefined ? "swagger" : "openapi", version);
  if (format) return { value, format };
  const key = openapi === undefined ? "swagger" : "openapi";
  const name = openapi === undefined ? "Swagger" : "OpenAPI";
  return {
    diagnostic: unsupportedSpecVersion({ at: { file, pointer: `/${key}` }, version: `${name} ${version}`, named: at }),
  };
}

function formatOf(name: "swagger" | "openapi", version: string): SpecFormat | undefined {
  const [, feature = ""] = /^(\d+\.\d+)(?:\.|-|$)/.exec(version) ?? [];
  return FORMATS.find((format) => format === `${name}-${feature}`);
}

const FORMATS: readonly SpecFormat[] = ["swagger-2.0", "openapi-3.0", "openapi-3.1", "openapi-3.2"];

/** `3.0.3`; YAML reads an unquoted `3.1` as a number, and 2.0 as 2. */
function versionText(version: unknown): string | undefined {
  if (typeof version === "number") return Number.isInteger(version) ? version.toFixed(1) : String(version);
  return typeof version === "string" ? version : undefined;
}
