import type { SchemaObject } from "../../definition/catalog.ts";
import { suspiciousText, unsafePattern, valueNotAllowed } from "../../diagnostics/messages.ts";
import { within } from "../tools-file/origin.ts";
import type { JsonValue, ParameterSettings } from "../tools-file/parameter-schema.ts";
import type { ToolContext } from "./context.ts";
import { narrowValues } from "./alternative-forms.ts";
import { cleanText, soundsLikeOrders } from "./describe.ts";
import { inlineSchema, openSchema, type Budget } from "./inline-schema.ts";
import { foldAllOf, same } from "./merge-all-of.ts";
import { isIdle } from "./repetition.ts";
import { asObject, branches, perSchema, typesOf } from "./schema.ts";
import { NOTHING_SAID, settingsOf, type Source } from "./sources.ts";
import { trimSchema } from "./trim-schema.ts";

/** A source and what its schema is read with. */
export interface Described {
  readonly source: Source;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
  readonly budget: Budget;
}

/** The schema of an argument as the model sees it: the vendor's, trimmed, with what tools.yaml changes. */
export function describeInput(context: ToolContext, { source, definitions, budget }: Described): SchemaObject {
  const settings = settingsOf(context, source);
  const said = withDescription(source.schema, source.description);
  const described = settings.default === undefined ? said : { ...said, default: undefined }; // ours takes its place
  const plain = source.file
    ? fileSchema(described, definitions)
    : foldAllOf(inlineSchema(described, definitions, budget));
  const trimmed = trimSchema(plain, {
    body: source.in === "body",
    onPattern: (pattern, reason) => context.report(unsafePattern({ at: source.origin, pattern, reason })),
  });
  const { description } = trimmed;
  const schema = typeof description === "string" && isIdle(description, source.name) ? undescribed(trimmed) : trimmed;
  warnOfOrders(context, source, { settings, schema });
  return settings === NOTHING_SAID ? schema : narrow(context, { source, settings, schema });
}

/** A schema without its description; one object however often it is asked for, so that it is printed once. */
const undescribed = perSchema((schema): SchemaObject => {
  const { description: _, ...rest } = schema;
  return rest;
});

const saying = new WeakMap<SchemaObject, SchemaObject>();

/** A parameter that many operations list is one schema here too, so that it is trimmed once. */
function withDescription(schema: SchemaObject, description: string): SchemaObject {
  if (description === "" || description === schema["description"]) return schema;
  const known = saying.get(schema);
  if (known?.["description"] === description) return known;
  const said = { ...schema, description };
  saying.set(schema, said);
  return said;
}

/** A file, or a list of files where the vendor takes several: what a caller hands over is a path or the content, never the vendor's string of bytes. */
function fileSchema(schema: SchemaObject, definitions: Described["definitions"]): SchemaObject {
  const open = openSchema(schema, definitions);
  const { description } = schema;
  const file = { "x-toolwright": "file" };
  const legs = ["anyOf", "oneOf"].flatMap((keyword) => branches(open, keyword));
  const forms = legs.length > 0 ? legs.map((leg) => openSchema(leg, definitions)) : [open];
  const list = forms.find((one) => typesOf(one).includes("array"));
  if (!list) return { ...file, description };
  const { minItems, maxItems } = list;
  return { type: "array", items: file, minItems, maxItems, description };
}

interface Narrowing {
  readonly source: Source;
  readonly settings: ParameterSettings;
  readonly schema: SchemaObject;
}

/** Applies what tools.yaml says of a parameter. Bounds and values of a list are those of its items. */
function narrow(context: ToolContext, { source, settings, schema }: Narrowing): SchemaObject {
  const { quote, minimum, maximum, max_length: maxLength, max_items: maxItems, enum: values, example } = settings;
  const bounds: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries({ enum: values, minimum, maximum, maxLength })) {
    if (value !== undefined) bounds[keyword] = value;
  }
  const isList = typesOf(schema).includes("array");
  const one = unquoted(isList ? asObject(schema["items"]) : schema, quote);
  for (const value of values ?? []) checkValue(context, { source, setting: "enum", value, schema: one });
  const narrowed = narrowValues({ ...one, ...bounds });
  const whole = isList ? { ...schema, items: narrowed } : narrowed;
  const { description, ...rest } = maxItems === undefined ? whole : { ...whole, maxItems };
  const text = settings.description === undefined ? description : cleanText(settings.description);
  if (settings.default !== undefined)
    checkValue(context, { source, setting: "default", value: settings.default, schema: rest });
  return {
    ...rest,
    ...(text !== undefined && text !== "" && { description: text }),
    ...(settings.default !== undefined && { default: settings.default }),
    ...(example !== undefined && { examples: [example] }),
  };
}

/** The quotes that we add are not the model's to count, and the vendor's pattern is about the quoted text. */
function unquoted(schema: SchemaObject, quote: string | undefined): SchemaObject {
  if (quote === undefined) return schema;
  const { pattern: _, minLength, maxLength, ...rest } = schema;
  const added = 2 * quote.length;
  return {
    ...rest,
    ...(typeof minLength === "number" && minLength > added && { minLength: minLength - added }),
    ...(typeof maxLength === "number" && maxLength > added && { maxLength: maxLength - added }),
  };
}

interface Checked {
  readonly source: Source;
  readonly setting: "enum" | "default";
  readonly value: JsonValue;
  readonly schema: SchemaObject;
}

function checkValue({ tool, report }: ToolContext, { source, setting, value, schema }: Checked): void {
  const allowed = Array.isArray(schema["enum"]) ? schema["enum"] : undefined;
  const types = typesOf(schema);
  const fits =
    types.length === 0 || types.includes(typeOf(value)) || (types.includes("number") && typeof value === "number");
  if (fits && (!allowed || allowed.some((one) => same(one, value)))) return;
  const expected = allowed ? allowed.map(String).join(", ") : types.join(" or ");
  const key = [source.name, `${source.in}.${source.name}`, source.key].find((one) =>
    Object.hasOwn(tool.settings.parameters ?? {}, one),
  );
  report(
    valueNotAllowed({
      at: within(tool.origin, "parameters", key ?? source.name, setting),
      value: JSON.stringify(value),
      expected,
      origin: source.origin,
    }),
  );
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** T16: a description that talks to the model is shown to the person who curates. */
function warnOfOrders({ report }: ToolContext, source: Source, { settings, schema }: Omit<Narrowing, "source">): void {
  const text = schema["description"];
  if (settings.description !== undefined || typeof text !== "string" || !soundsLikeOrders(text)) return;
  report(suspiciousText({ at: source.origin, what: `the description of ${source.name}` }));
}
