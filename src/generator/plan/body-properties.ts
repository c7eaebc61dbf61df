import type { Encoding } from "../../definition/request.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { inlineSchema, MAX_SUBSCHEMAS, openSchema } from "./inline-schema.ts";
import { isBytesType, isRaw } from "./media-type.ts";
import { foldAllOf, mergeTwo, same } from "./merge-all-of.ts";
import { asObject, branches, members, texts, typesOf } from "./schema.ts";
import type { Source } from "./sources.ts";

/** What the properties of a body are read with. */
export interface BodyReading {
  readonly origin: Origin;
  /** The body must be sent, so what its schema requires is required; otherwise only where the body is sent at all. */
  readonly required: boolean;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
  /** The body is a form or has parts: a property may be a file; the lists of a form may be called `tags[]`. */
  readonly form: "fields" | "parts" | undefined;
  readonly encoding: Readonly<Record<string, SchemaObject>>;
}

/** The properties of a body, each as a source. */
export interface BodyProperties {
  readonly sources: readonly Source[];
  /** Lists and objects are written as `tags[]` and `custom_fields[key]`. */
  readonly bracketed: boolean;
  readonly brackets: boolean;
  /** Keys of the sources that the schema requires. */
  readonly needs: readonly string[];
  readonly encoding: Readonly<Record<string, Encoding>>;
}

/** Lists the properties of an object schema; parts and alternatives are laid together, since an argument list has no alternatives. */
export function propertiesOf(schema: SchemaObject, reading: BodyReading): BodyProperties {
  const object = flatObject(schema, reading.definitions);
  const required = new Set(texts(object, "required"));
  const named = Object.entries(members(object, "properties")).map(([name, property]) => ({
    name,
    schema: asObject(property),
  }));
  const writable = named.filter(({ schema }) => {
    const open = openSchema(schema, reading.definitions);
    return open["readOnly"] !== true && !same(open, asObject(false)); // nothing fits that, so it must not be there
  });
  const lists = writable.filter(({ schema }) => mayBeList(openSchema(schema, reading.definitions), reading));
  const bracketed =
    reading.form === "fields" &&
    (lists.some(({ name }) => name.endsWith("[]")) ||
      Object.keys(members(object, "patternProperties")).some((name) => name.includes("\\[")));
  const names = new Set(named.map(({ name }) => name));
  const clash = lists.some(({ name }) => name.endsWith("[]") && names.has(name.slice(0, -2))); // `tags[]` beside `tags`
  const brackets = bracketed && !clash && lists.every(({ name }) => name.endsWith("[]"));
  const fileAt = (name: string, open: SchemaObject): boolean =>
    reading.form !== undefined && (isFile(open, reading.definitions) || holdsBytes(open, reading.encoding[name]));
  const sources = writable.map(({ name, schema: property }): Source => {
    const open = openSchema(property, reading.definitions);
    const short = reading.form === "fields" ? name.replace(/\[\]$/, "") : name;
    return {
      in: "body",
      name: short,
      key: brackets ? short : name,
      schema: property,
      description: typeof open["description"] === "string" ? open["description"] : "",
      required: reading.required && required.has(name),
      origin: reading.origin,
      ...(fileAt(name, open) && { file: true }),
    };
  });
  const needs = writable.flatMap(({ name }, index) => (required.has(name) ? [sources[index]?.key ?? name] : []));
  return { sources, bracketed, brackets, needs, encoding: encodingOf(reading, brackets) };
}

const MAX_DEPTH = 16; // parts of parts; a description that goes deeper goes in circles

/** One object schema for parts (`allOf`) and alternatives (`oneOf`, `anyOf`): all their properties, required where all require. */
export function flatObject(schema: SchemaObject, definitions: BodyReading["definitions"], depth = 0): SchemaObject {
  if (depth > MAX_DEPTH) return {};
  const budget = { left: MAX_SUBSCHEMAS };
  const folded = openObject(schema, definitions);
  const alternatives = [...branches(folded, "oneOf"), ...branches(folded, "anyOf")].map((branch) =>
    flatObject(openSchema(branch, definitions), definitions, depth + 1),
  );
  const objects = alternatives.filter((one) => Object.keys(members(one, "properties")).length > 0);
  if (objects.length === 0) return folded;
  const shared = texts(objects[0] ?? {}, "required").filter((name) =>
    objects.every((one) => texts(one, "required").includes(name)),
  );
  const properties = new Map<string, SchemaObject>();
  for (const one of [folded, ...objects]) {
    for (const [name, property] of Object.entries(members(one, "properties"))) {
      const mine = properties.get(name);
      properties.set(
        name,
        mine ? eitherOf(mine, asObject(property)) : inlineSchema(asObject(property), definitions, budget),
      );
    }
  }
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: [...new Set([...texts(folded, "required"), ...shared])],
    patternProperties: members(folded, "patternProperties"),
  };
}

/** A schema whose parts are folded into it, with its alternatives, references followed. */
export function openObject(schema: SchemaObject, definitions: BodyReading["definitions"]): SchemaObject {
  return foldAllOf({ ...schema, ...openBranches(schema, definitions) });
}

/** The parts and alternatives of a schema, references followed, so that they can be laid together. */
function openBranches(schema: SchemaObject, definitions: BodyReading["definitions"], depth = 0): SchemaObject {
  if (depth > MAX_DEPTH) return {};
  const opened = ["allOf", "oneOf", "anyOf"].flatMap((keyword) => {
    const parts = branches(schema, keyword);
    const open = (part: SchemaObject): SchemaObject => {
      const target = openSchema(part, definitions);
      return keyword === "allOf" ? { ...target, ...openBranches(target, definitions, depth + 1) } : target;
    };
    return parts.length === 0 ? [] : [[keyword, parts.map(open)] as const];
  });
  return Object.fromEntries(opened);
}

/** A schema that allows what either allows: by one list of values where both list values, otherwise by `anyOf`. */
function eitherOf(one: SchemaObject, other: SchemaObject): SchemaObject {
  if (same(one, other)) return one;
  const values = [one, other].map((schema) => (schema["const"] === undefined ? schema["enum"] : [schema["const"]]));
  if (values.every((list) => Array.isArray(list))) {
    const [{ const: _a, enum: _b, ...mine }, { const: _c, enum: _d, ...theirs }] = [one, other];
    const merged = mergeTwo(mine, theirs);
    if (merged) return { ...merged, enum: [...new Set<unknown>(values.flat())] };
  }
  const known = branches(one, "anyOf");
  if (known.some((branch) => same(branch, other))) return one;
  return known.length > 0 ? { ...one, anyOf: [...known, other] } : { anyOf: [one, other] };
}

/** Whether a part of a form is a file or a list of files, or may be either; `null` among the alternatives is nothing that could be sent. */
function isFile(schema: SchemaObject, definitions: BodyReading["definitions"]): boolean {
  const legs = ["anyOf", "oneOf"].flatMap((keyword) => branches(schema, keyword)).filter((leg) => !isNull(leg));
  if (legs.length > 0) return legs.every((leg) => isFile(openSchema(leg, definitions), definitions));
  const one = typesOf(schema).includes("array") ? openSchema(asObject(schema["items"]), definitions) : schema;
  return isRaw(one) || one["format"] === "binary";
}

/** Whether a part may be a list: one whose name does not say so must not be renamed with the others. */
function mayBeList(schema: SchemaObject, { definitions }: BodyReading): boolean {
  const legs = ["anyOf", "oneOf"].flatMap((keyword) => branches(schema, keyword));
  return [schema, ...legs.map((leg) => openSchema(leg, definitions))].some((one) => typesOf(one).includes("array"));
}

function isNull(schema: SchemaObject): boolean {
  return same(typesOf(schema), ["null"]);
}

/** Whether a part of which the schema says nothing is one of bytes by its media type: `{}` is how 3.1 describes them (OAS 3.1.1 §4.8.14). */
function holdsBytes(schema: SchemaObject, encoding: SchemaObject | undefined): boolean {
  const contentType = encoding?.["contentType"];
  const says = Object.keys(schema).some((keyword) => !NOTES.has(keyword));
  return !says && typeof contentType === "string" && isBytesType(contentType);
}

const NOTES: ReadonlySet<string> = new Set(["title", "description", "examples", "deprecated", "contentMediaType"]);

/** What is said of the properties; the styles are those of forms alone (OAS 3.1.1 §4.8.15.1.2). */
function encodingOf({ encoding, form }: BodyReading, brackets: boolean): Readonly<Record<string, Encoding>> {
  const entries = Object.entries(encoding).map(
    ([name, { contentType, style, explode, allowReserved }]): [string, Encoding] => [
      brackets ? name.replace(/\[\]$/, "") : name,
      {
        ...(typeof contentType === "string" && ONE_LINE.test(contentType) && { contentType }),
        ...(form !== "parts" && {
          ...(typeof style === "string" && { style }),
          ...(typeof explode === "boolean" && { explode }),
          ...(allowReserved === true && { allowReserved }),
        }),
      },
    ],
  );
  return Object.fromEntries(entries.filter(([, one]) => Object.keys(one).length > 0));
}

/** What may stand in a header; a media type never holds anything else (RFC 9110 §8.3.1). */
const ONE_LINE = /^[\x20-\x7E]+$/;
