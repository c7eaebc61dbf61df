import type { Call } from "../../definition/call.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import type { Operation } from "../../spec/operation.ts";
import { bare, isJson, isJsonSequence, isTextType } from "./media-type.ts";
import { openSchema } from "./inline-schema.ts";
import { asObject, branches, isObject, members, typesOf } from "./schema.ts";

/** The schema of an operation's answer, as a walker that follows references; undefined: the description does not say. */
export interface AnswerSchema {
  readonly schema: SchemaObject;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
}

/** The schema of the first successful answer that is JSON. */
export function answerOf({ responses, definitions }: Operation): AnswerSchema | undefined {
  const successes = responses.filter(({ status }) => status.startsWith("2"));
  const contents = (successes.length > 0 ? successes : responses.filter(({ status }) => status === "default")).flatMap(
    ({ content }) => content,
  );
  const json = contents.find(({ contentType, schema }) => isJson(contentType) && Object.keys(schema).length > 0);
  return json && { schema: json.schema, definitions };
}

/** How the body of an answer is read: as JSON unless the description names nothing but something else. */
export function answerKind({ responses }: Operation): Call["answer"] {
  const types = responses
    .filter(({ status }) => status.startsWith("2"))
    .flatMap(({ content }) => content.map(({ contentType }) => contentType));
  if (types.length === 0 || types.some(isJson)) return undefined;
  if (types.some((type) => bare(type) === "text/event-stream")) return "events";
  if (types.some(isJsonSequence)) return "lines";
  return types.every(isTextType) ? "text" : "binary";
}

/** What stands at a name of an object, or in a list: `unknown` when the description leaves it open, `nothing` when it does not exist. */
export type Found = AnswerSchema | "unknown" | "nothing";

/** Steps into a property. */
export function property({ schema, definitions }: AnswerSchema, name: string): Found {
  const objects = alternatives({ schema, definitions }).filter(
    (one) => typesOf(one).length === 0 || typesOf(one).includes("object"),
  );
  for (const one of objects) {
    const properties = members(one, "properties");
    if (Object.hasOwn(properties, name)) return { schema: asObject(properties[name]), definitions };
  }
  return objects.some(isOpen) ? "unknown" : "nothing";
}

/** Steps into the items of a list. */
export function item({ schema, definitions }: AnswerSchema): Found {
  const all = alternatives({ schema, definitions });
  const list = all.find((one) => typesOf(one).includes("array") || isObject(one["items"]));
  if (list) return isObject(list["items"]) ? { schema: list["items"], definitions } : "unknown";
  return all.some((one) => typesOf(one).length === 0 && isOpen(one)) ? "unknown" : "nothing";
}

/** Whether a schema is one of a list. */
export function isList(answer: AnswerSchema): boolean {
  return alternatives(answer).some((one) => typesOf(one).includes("array"));
}

/** Names of the properties of an object. */
export function propertyNames(answer: AnswerSchema): string[] {
  return [...new Set(alternatives(answer).flatMap((one) => Object.keys(members(one, "properties"))))];
}

/** Follows a JSON Pointer. */
export function follow(answer: AnswerSchema, pointer: string): Found {
  let here: Found = answer;
  for (const token of pointer.split("/").slice(1)) {
    if (typeof here === "string") return here;
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    here = /^\d+$/.test(name) && isList(here) ? item(here) : property(here, name);
  }
  return here;
}

/** Follows a field path: `id`, `requester.name`, `attachments[].name`. Returns the part that does not exist with what would. */
export function missingField(
  answer: AnswerSchema,
  path: string,
): { readonly known: readonly string[]; readonly prefix: string } | undefined {
  let here: Found = answer;
  let prefix = "";
  for (const part of path.split(".")) {
    if (typeof here === "string") return undefined;
    const name = part.replace(/\[\]$/, "");
    const inside: Found = isList(here) ? item(here) : here; // `items.name` reaches into a list as well
    if (typeof inside === "string") return undefined;
    const next = property(inside, name);
    if (next === "nothing") return { known: propertyNames(inside), prefix };
    here = part.endsWith("[]") && next !== "unknown" ? item(next) : next;
    if (here === "nothing") return { known: [name], prefix };
    prefix += `${part}.`;
  }
  return undefined;
}

/** A schema and all that it is combined of, references followed. */
function alternatives({ schema, definitions }: AnswerSchema, depth = 0): SchemaObject[] {
  const open = openSchema(schema, definitions);
  if (depth > 16) return [open]; // combined of combinations; deeper ones go in circles
  const inner = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => branches(open, keyword));
  const whole = inner.flatMap((one) => alternatives({ schema: one, definitions }, depth + 1));
  return Object.keys(members(open, "properties")).length > 0 || inner.length === 0 ? [open, ...whole] : whole;
}

/** Whether an object may have properties that the description does not name. */
function isOpen(schema: SchemaObject): boolean {
  const extra = schema["additionalProperties"];
  if (extra === true || (isObject(extra) && Object.keys(extra).length >= 0)) return true;
  if (Object.keys(members(schema, "patternProperties")).length > 0) return true;
  return Object.keys(members(schema, "properties")).length === 0;
}
