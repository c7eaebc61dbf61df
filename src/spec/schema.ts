import type { Schema } from "../definition/catalog.ts";
import { illegalType, malformedSpec } from "../diagnostics/messages.ts";
import type { Definitions } from "./definitions.ts";
import { type Bindings, bindingsFor, boundSchema, recursiveTarget } from "./dynamic-refs.ts";
import { mendEnum } from "./enum-mistakes.ts";
import { follow, followOnce, refOf, type Report } from "./follow.ts";
import { child, children, emptyRecord, isObject, own, pointerTokens, textOf, type Node } from "./node.ts";
import type { SpecFormat } from "./operation.ts";
import { allowNull, moveBounds, readExamples, readFormat } from "./schema-dialect.ts";
import { dropImpossible, keepIntegersExact, reportForeignKeywords } from "./schema-mistakes.ts";
import { readType } from "./schema-type.ts";
import type { Documents } from "./spec.ts";
import { SUBSCHEMA_KEYWORDS } from "./subschema-keywords.ts";

/** What reading the schemas of one operation needs. */
export interface SchemaContext {
  readonly documents: Documents;
  readonly format: SpecFormat;
  readonly definitions: Definitions;
  readonly report: Report;
  /** Set while a generic schema is read for one use of it. */
  readonly bindings?: Bindings | undefined;
}

/** Keywords by what they hold; one that is not here is left out. `type` and what differs between dialects is read apart. */
const KEYWORDS: ReadonlyMap<string, Holds> = new Map(
  Object.entries({
    text: ["title", "description", "pattern", "contentEncoding", "contentMediaType"],
    number: ["minimum", "maximum"],
    positive: ["multipleOf"],
    count: [
      "minLength",
      "maxLength",
      "minItems",
      "maxItems",
      "minProperties",
      "maxProperties",
      "minContains",
      "maxContains",
    ],
    flag: ["uniqueItems", "readOnly", "writeOnly", "deprecated"],
    value: ["default", "const"],
    values: ["enum"],
    words: ["required"],
    wordMap: ["dependentRequired"],
    ...SUBSCHEMA_KEYWORDS,
  } satisfies Record<Holds, readonly string[]>).flatMap(
    ([holds, keywords]) => keywords.map((keyword) => [keyword, holds as Holds] as const), // Object.entries forgets the names of keys
  ),
);

type HoldsPlain = "text" | "number" | "positive" | "count" | "flag" | "value" | "values" | "words" | "wordMap";
type Holds = HoldsPlain | "map" | "schema" | "schemas";

const MAX_DEPTH = 100; // schemas inside schemas; real ones stay below 20, and each level is a call

/**
 * Reads a schema of OpenAPI 3.0 or 3.1 as JSON Schema 2020-12. Keywords are taken over one by one, by what they must hold;
 * the rest is left out. A `$ref` becomes `#/$defs/<Name>` and what it names joins the definitions, so cycles do not matter.
 */
export function readSchema(node: Node, context: SchemaContext, depth = 0): Schema {
  if (typeof node.value === "boolean") return node.value;
  if (!isObject(node.value) || depth > MAX_DEPTH) {
    const [name = ""] = pointerTokens(node.origin.pointer).slice(-1);
    const expected = depth > MAX_DEPTH ? `a schema of at most ${MAX_DEPTH} levels` : "a schema";
    context.report(malformedSpec({ at: node.origin, what: `"${name}"`, expected }));
    return true;
  }
  const out = emptyRecord<unknown>();
  const read = (inner: Node, bindings = context.bindings): Schema =>
    readSchema(inner, bindings === context.bindings ? context : { ...context, bindings }, depth + 1);
  addReference(node, out, { context, read });
  addType(node, out, context);
  for (const key of Object.keys(node.value)) {
    const holds = KEYWORDS.get(key);
    if (holds === undefined) continue;
    const value = isPlain(holds) ? PLAIN[holds](node.value[key]) : readInner(holds, child(node, key), read, context);
    const expected = NUMERIC[holds];
    if (value !== undefined) out[key] = value;
    else if (expected !== undefined && node.value[key] !== null)
      context.report(malformedSpec({ at: child(node, key).origin, what: `\`${key}\``, expected }));
  }
  addTuple(node, out, read);
  addDiscriminator(node, out, context);
  moveBounds(node.value, out);
  readFormat(node.value, out);
  readExamples(node.value, out);
  reportForeignKeywords(node, context);
  keepIntegersExact(node, out, context.report);
  mendEnum(node, out, context.report);
  dropImpossible(node, out, context.report);
  return isNullable(node.value) ? allowNull(out) : out;
}

/** `x-nullable` is how vendors say it in Swagger 2.0. */
function isNullable(schema: unknown): boolean {
  return own(schema, "nullable") === true || own(schema, "x-nullable") === true;
}

interface Reading {
  readonly context: SchemaContext;
  readonly read: (inner: Node, bindings?: Bindings) => Schema;
}

/** Names the target; an alias without siblings is skipped, so that the name is that of a real schema. A generic one is read for this use. */
function addReference(node: Node, out: Record<string, unknown>, { context, read }: Reading): void {
  const { documents, report, definitions, bindings } = context;
  const reference = referenceIn(node);
  const meant = boundSchema(node, bindings) ?? recursiveTarget(node, documents);
  if (!meant && (!reference || !follow(reference, documents, report))) return;
  let target = meant ?? (reference && followOnce(reference, documents, report));
  const bound = reference && target && bindingsFor(node, target, bindings);
  if (bound && target) {
    const generic = read(target, bound);
    const clash = typeof generic !== "object" || Object.keys(generic).some((key) => own(node.value, key) !== undefined);
    if (!clash) Object.assign(out, generic);
    else if (own(node.value, "allOf") === undefined) out["allOf"] = [generic];
    return;
  }
  while (target && refOf(target.value) !== undefined && children(target).every(([key]) => ALIAS.has(key))) {
    target = followOnce(target, documents, report);
  }
  if (target) out["$ref"] = `#/$defs/${definitions.nameOf(target)}`;
}

/** What a schema may say that is but another name of one. */
const ALIAS: ReadonlySet<string> = new Set(["$ref", "$anchor", "$dynamicAnchor", "$comment"]);

/** A `$dynamicRef` that nothing is bound to is read as a plain one. */
function referenceIn(node: Node): Node | undefined {
  if (refOf(node.value) !== undefined) return node;
  const dynamic = own(node.value, "$dynamicRef");
  return typeof dynamic === "string" ? { value: { $ref: dynamic }, origin: node.origin } : undefined;
}

function addType(node: Node, out: Record<string, unknown>, { format, report }: SchemaContext): void {
  const written = own(node.value, "type");
  const { type, extra, illegal: unknown } = readType(written);
  const illegal = format === "swagger-2.0" && written === "file" ? undefined : unknown; // a type there, and nowhere else
  if (type !== undefined) out["type"] = type;
  Object.assign(out, extra); // ours: never a vendor's names
  if (illegal === undefined) return;
  const mended = Array.isArray(type) ? type.join(" or ") : type;
  report(
    illegalType({
      at: child(node, "type").origin,
      type: illegal,
      mended: typeof mended === "string" ? mended : undefined,
    }),
  );
}

/** The value of a keyword that holds no schema, if it is what the keyword must hold. */
const PLAIN: Readonly<Record<HoldsPlain, (value: unknown) => unknown>> = {
  text: (value) => (typeof value === "string" ? value : undefined),
  number: readNumber,
  positive: (value) => numberIf(value, (number) => number > 0), // JSON Schema 2020-12 Validation §6.2.1
  count: (value) => numberIf(value, (number) => Number.isInteger(number) && number >= 0), // §6.3.1
  flag: (value) => (value === true ? true : undefined), // false is the default of all of them
  value: (value) => value,
  values: (value) => (isList(value) ? value : undefined),
  words: readWords,
  wordMap: (value) => (isObject(value) ? readWordMap(value) : undefined),
};

/** Bounds that are no number are left out aloud: somebody meant them. */
const NUMERIC: Partial<Record<Holds, string>> = {
  number: "a number",
  positive: "a number above 0",
  count: "a whole number, 0 or more",
};

function isPlain(holds: Holds): holds is HoldsPlain {
  return Object.hasOwn(PLAIN, holds);
}

/** What a keyword that holds schemas comes to. */
function readInner(
  holds: Exclude<Holds, HoldsPlain>,
  member: Node,
  read: (inner: Node) => Schema,
  { documents, report }: SchemaContext,
): unknown {
  switch (holds) {
    case "map": {
      // It may stand elsewhere as a whole; a property that is named `$ref` holds a schema, never a text.
      const map = follow(member, documents, report) ?? member;
      return isObject(map.value) ? readMap(map, read) : undefined;
    }
    case "schema":
      return typeof member.value === "boolean" || isObject(member.value) ? read(member) : undefined;
    case "schemas":
      return isList(member.value) ? children(member).map(([, inner]) => read(inner)) : undefined;
  }
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Draft 4 and vendors write numbers in quotes now and then. */
function readNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function numberIf(value: unknown, fits: (number: number) => boolean): number | undefined {
  const number = readNumber(value);
  return number !== undefined && fits(number) ? number : undefined;
}

/** `required`; `required: true` on a property, a habit of draft 3, says nothing that we know. */
function readWords(value: unknown): string[] | undefined {
  const words = Array.isArray(value) ? value.filter((word): word is string => typeof word === "string") : [];
  return words.length > 0 ? [...new Set(words)] : undefined;
}

function readWordMap(written: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  const map = emptyRecord<readonly string[]>();
  for (const [name, value] of Object.entries(written)) map[name] = readWords(value) ?? [];
  return map;
}

function readMap(node: Node, read: (inner: Node) => Schema): Record<string, Schema> {
  const map = emptyRecord<Schema>();
  for (const [name, member] of children(node)) map[name] = read(member);
  return map;
}

/** Before 2020-12 `items` was a list for tuples, and `additionalItems` said what may follow. */
function addTuple(node: Node, out: Record<string, unknown>, read: (inner: Node) => Schema): void {
  const items = child(node, "items");
  if (!isList(items.value)) return;
  out["prefixItems"] = children(items).map(([, inner]) => read(inner));
  const rest = child(node, "additionalItems");
  if (typeof rest.value === "boolean" || isObject(rest.value)) out["items"] = read(rest);
}

/** Keeps a discriminator; its mapping points into the definitions, as far as it is about schemas that are listed here. */
function addDiscriminator(node: Node, out: Record<string, unknown>, context: SchemaContext): void {
  if (out["oneOf"] === undefined && out["anyOf"] === undefined) return;
  const discriminator = child(node, "discriminator");
  const propertyName = textOf(discriminator, "propertyName");
  if (propertyName === "") return;
  const listed = new Set([own(node.value, "oneOf"), own(node.value, "anyOf")].flat().map(refOf));
  const mapping = emptyRecord<string>();
  for (const [value, { value: target }] of children(child(discriminator, "mapping"))) {
    const ref = [...listed].find((one) => one !== undefined && (one === target || one.endsWith(`/${String(target)}`)));
    const named =
      ref === undefined
        ? undefined
        : followOnce({ value: { $ref: ref }, origin: node.origin }, context.documents, context.report);
    if (named) mapping[value] = `#/$defs/${context.definitions.nameOf(named)}`;
  }
  out["discriminator"] = Object.keys(mapping).length > 0 ? { propertyName, mapping } : { propertyName };
}
