import type { Encoding } from "../../definition/request.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { inlineSchema, MAX_SUBSCHEMAS, openSchema } from "./inline-schema.ts";
import { foldAllOf, mergeTwo, same } from "./merge-all-of.ts";
import { asObject, branches, members, texts, typesOf } from "./schema.ts";
import type { Source } from "./sources.ts";

/** What the properties of a body are read with. */
export interface BodyReading {
  readonly origin: Origin;
  /** The body must be sent, so what its schema requires is required; otherwise only where the body is sent at all. */
  readonly required: boolean;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
  /** The body is a form: a property may be a file, and lists may be called `tags[]`. */
  readonly form: boolean;
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
  const writable = named.filter(({ schema }) => openSchema(schema, reading.definitions)["readOnly"] !== true);
  const lists = writable.filter(({ schema }) => typesOf(openSchema(schema, reading.definitions)).includes("array"));
  const bracketed =
    reading.form &&
    (lists.some(({ name }) => name.endsWith("[]")) ||
      Object.keys(members(object, "patternProperties")).some((name) => name.includes("\\[")));
  const brackets = bracketed && lists.every(({ name }) => name.endsWith("[]"));
  const sources = writable.map(({ name, schema: property }): Source => {
    const open = openSchema(property, reading.definitions);
    const short = reading.form ? name.replace(/\[\]$/, "") : name;
    return {
      in: "body",
      name: short,
      key: brackets ? short : name,
      schema: property,
      description: typeof open["description"] === "string" ? open["description"] : "",
      required: reading.required && required.has(name),
      origin: reading.origin,
      ...(reading.form && carriesFile(open, reading) && { file: true }),
    };
  });
  const needs = writable.flatMap(({ name }, index) => (required.has(name) ? [sources[index]?.key ?? name] : []));
  return { sources, bracketed, brackets, needs, encoding: encodingOf(reading.encoding, brackets) };
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

/** Whether a part of a form is a file or a list of files. */
function carriesFile(open: SchemaObject, { definitions }: BodyReading): boolean {
  const one = typesOf(open).includes("array") ? openSchema(asObject(open["items"]), definitions) : open;
  const media = one["contentMediaType"];
  if (typeof media === "string") return one["contentEncoding"] === undefined && !/^text\/|json$/.test(media);
  return one["format"] === "binary";
}

function encodingOf(encoding: BodyReading["encoding"], brackets: boolean): Readonly<Record<string, Encoding>> {
  const entries = Object.entries(encoding).map(
    ([name, { contentType, style, explode, allowReserved }]): [string, Encoding] => [
      brackets ? name.replace(/\[\]$/, "") : name,
      {
        ...(typeof contentType === "string" && { contentType }),
        ...(typeof style === "string" && { style }),
        ...(typeof explode === "boolean" && { explode }),
        ...(allowReserved === true && { allowReserved }),
      },
    ],
  );
  return Object.fromEntries(entries.filter(([, one]) => Object.keys(one).length > 0));
}
