import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { notASpec, unsupportedSpecVersion } from "../diagnostics/messages.ts";
import { isObject, own } from "./node.ts";
import type { SpecFormat } from "./operation.ts";
import { parseText } from "./parse-text.ts";

/** A document that is a description we read, or why it is not. */
export type Identity = { readonly value: unknown; readonly format: SpecFormat } | { readonly diagnostic: Diagnostic };

/** Parses a file and tells what it is by what it says of itself. `at` is where tools.yaml names it. */
export function identify(text: string, { file, at }: { file: string; at: Origin }): Identity {
  if (text.trim() === "") return { diagnostic: notASpec({ at, file, looksLike: "an empty file" }) };
  if (/^\s*</.test(text)) return { diagnostic: notASpec({ at, file, looksLike: "a page of HTML or XML" }) };
  const parsed = parseText(text, file);
  if ("diagnostic" in parsed) return parsed;
  const { value } = parsed;
  const openapi = own(value, "openapi");
  const swagger = own(value, "swagger");
  const version = versionText(openapi ?? swagger);
  if (version === undefined) return { diagnostic: notASpec({ at, file, looksLike: likeness(value) }) };
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

/** What else people name by mistake, and how it is recognised: by a member that only it has. */
const LIKENESSES: readonly [path: readonly string[], name: string][] = [
  [["info", "_postman_id"], "a Postman collection"],
  [["asyncapi"], "an AsyncAPI description"],
  [["arazzo"], "an Arazzo description"],
  [["overlay"], "an OpenAPI Overlay"],
  [["__schema"], "a GraphQL schema"],
  [["data", "__schema"], "a GraphQL schema"],
  [["log", "entries"], "a HAR recording"],
  [["__export_format"], "an Insomnia export"],
  [["apis"], "a tools.yaml"],
  [["discoveryVersion"], "a Google discovery document"],
  [["paths"], "an OpenAPI description without its `openapi:` version"],
  [["$schema"], "a JSON Schema"],
  [["properties"], "a JSON Schema"],
];

function likeness(value: unknown): string | undefined {
  if (value === null || value === undefined) return "an empty file";
  if (Array.isArray(value)) return "a list";
  if (!isObject(value)) return "a plain text";
  const found = LIKENESSES.find(([path]) => path.reduce<unknown>((inner, key) => own(inner, key), value) !== undefined);
  return found?.[1];
}
