import { isObject, own } from "./node.ts";

/** What a file is that is no description we read, and what to do instead; `help` is undefined where naming another file is all there is to do. */
export interface Likeness {
  readonly name: string;
  readonly help: string | undefined;
}

const CONVERT = "convert it to OpenAPI 3 first, with the program that made it or a converter, and name the result";
const ASK = "ask the vendor for an OpenAPI description, or write one of the few operations that you need";
const BY_GRAPHQL = "GraphQL needs no description: name your queries under `graphql: { documents: … }` in tools.yaml";

/** What else people name by mistake, by what its text begins with. */
const TEXTS: readonly [pattern: RegExp, name: string, help: string | undefined][] = [
  [/^\s*$/, "an empty file", undefined],
  [
    /^\s*(?:<!doctype html|<html)\b/i,
    "a page of HTML",
    "name the file itself: on a code host, what its raw form gives; on a page of documentation, what its link to OpenAPI gives",
  ],
  [/^\s*<[\s\S]*(?:schemas\.xmlsoap\.org\/wsdl|www\.w3\.org\/ns\/wsdl)/, "a WSDL description", ASK],
  [/^\s*</, "a page of HTML or XML", undefined],
  [/^\s*#%RAML\b/, "a RAML description", CONVERT],
  [/^\s*(?:FORMAT: 1A|# Group )/, "an API Blueprint", CONVERT],
  [
    /^(?:\s|#[^\n]*\n|"""[\s\S]*?""")*(?:extend\s+)?(?:type|schema|scalar|interface|enum|input|union|directive)\s+(?:@?\w+\b|\{)[^:\n]*[{@(=\n]/,
    "a GraphQL schema",
    BY_GRAPHQL,
  ],
  [/^\s*syntax\s*=\s*"proto/, "a Protocol Buffers file", ASK],
];

/** The same, by a member that only it has. */
const MEMBERS: readonly [path: readonly string[], name: string, help: string | undefined][] = [
  [["info", "_postman_id"], "a Postman collection", CONVERT],
  [
    ["asyncapi"],
    "an AsyncAPI description",
    "AsyncAPI tells of messages: name the vendor's OpenAPI description of its requests",
  ],
  [["arazzo"], "an Arazzo description", "name the description that its `sourceDescriptions:` name"],
  [["overlay"], "an OpenAPI Overlay", "name the description that it changes; it goes under `overlays:` in tools.yaml"],
  [["__schema"], "a GraphQL schema", BY_GRAPHQL],
  [["data", "__schema"], "a GraphQL schema", BY_GRAPHQL],
  [["log", "entries"], "a HAR recording", CONVERT],
  [["__export_format"], "an Insomnia export", CONVERT],
  [["apis"], "a tools.yaml", undefined],
  [["discoveryVersion"], "a Google discovery document", CONVERT],
  [
    ["paths"],
    "an OpenAPI description without its `openapi:` version",
    'begin it with `openapi: 3.0.3`, or with `swagger: "2.0"` if it has `definitions:`',
  ],
  [["$schema"], "a JSON Schema", undefined],
  [["properties"], "a JSON Schema", undefined],
];

/** What a text is by how it begins, before anybody parses it. */
export function likenessOfText(text: string): Likeness | undefined {
  const found = TEXTS.find(([pattern]) => pattern.test(text.slice(0, 4096))); // a file says what it is at its beginning
  return found && { name: found[1], help: found[2] };
}

/** What a document is by what it holds. */
export function likenessOf(value: unknown): Likeness | undefined {
  if (value === null || value === undefined) return { name: "an empty file", help: undefined };
  if (Array.isArray(value)) return { name: "a list", help: undefined };
  if (!isObject(value)) return { name: "a plain text", help: undefined };
  const isCollection = /\/json\/collection\/v\d/.test(String(own(own(value, "info"), "schema")));
  const found = MEMBERS.find(
    ([path], index) =>
      (index === 0 && isCollection) || path.reduce<unknown>((inner, key) => own(inner, key), value) !== undefined,
  );
  return found && { name: found[1], help: found[2] };
}
