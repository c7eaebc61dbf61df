import type { SchemaObject } from "../../definition/catalog.ts";
import { formMediaType } from "../../diagnostics/messages.ts";
import { asObject } from "../definitions.ts";
import type { ListedParameter } from "../list-parameters.ts";
import { child, emptyRecord, own, textOf, wordsOf, type Node } from "../node.ts";
import type { RequestBody } from "../operation.ts";
import { readSchema, type SchemaContext } from "../schema.ts";
import { collectionStyle, typeOf } from "./parameter.ts";

const MULTIPART = "multipart/form-data";
const URLENCODED = "application/x-www-form-urlencoded";

/** Where the media types of an operation are said: its own lists, or else those of the whole description. */
export interface MediaLists {
  readonly root: Node;
  readonly operation: Node;
}

/** The media types of `consumes` or `produces`; undefined when nobody says any. */
export function mediaTypesOf({ root, operation }: MediaLists, key: "consumes" | "produces"): string[] | undefined {
  const written = Array.isArray(own(operation.value, key)) ? wordsOf(operation, key) : wordsOf(root, key);
  return written.length > 0 ? [...new Set(written)] : undefined;
}

/** Reads a body parameter; its name is nowhere on the wire, whatever it is. */
export function readBody({ node }: ListedParameter<string>, media: MediaLists, context: SchemaContext): RequestBody {
  const written = child(node, "schema");
  const schema = written.value === undefined ? {} : asObject(readSchema(written, context));
  const example = own(node.value, "x-example");
  const required = own(node.value, "required");
  const said = mediaTypesOf(media, "consumes") ?? ["*/*"];
  const contentTypes = [...new Set(said.map((type) => (type === "*/*" ? "application/json" : type)))]; // a sender must choose
  return {
    origin: node.origin,
    required: typeof required === "boolean" ? required : undefined,
    description: textOf(node, "description"),
    content: contentTypes.map((contentType) => ({ contentType, schema, encoding: {}, example })),
  };
}

/** Reads the fields of a form as one object; undefined when there are none. */
export function readForm(
  fields: readonly ListedParameter<string>[],
  media: MediaLists,
  context: SchemaContext,
): RequestBody | undefined {
  if (fields.length === 0) return undefined;
  const properties = emptyRecord<SchemaObject>();
  const encoding = emptyRecord<SchemaObject>();
  for (const { node, name } of fields) {
    const schema = typeOf(node, context);
    const { style, explode } = collectionStyle(node, schema, "formData");
    properties[name] = schema;
    if (style !== "form" || !explode) encoding[name] = { style, explode };
  }
  const required = fields.filter(({ node }) => own(node.value, "required") === true).map(({ name }) => name);
  const schema = { type: "object", properties, ...(required.length > 0 && { required }) };
  const file = fields.some(({ node }) => own(node.value, "type") === "file");
  const origin = child(media.operation, "parameters").origin;
  const { types, mended } = formTypes(media, file);
  if (mended) context.report(formMediaType({ at: origin, said: mended, sent: types[0] ?? MULTIPART, file }));
  return {
    origin,
    required: required.length > 0,
    description: "",
    content: types.map((contentType) => ({ contentType, schema, encoding, example: undefined })),
  };
}

/** A form is written in one of two media types, and a file goes in one of them only (Swagger 2.0, Parameter Object); `mended` is what was said instead. */
function formTypes(media: MediaLists, file: boolean): { types: string[]; mended?: string[] } {
  const said = mediaTypesOf(media, "consumes");
  const usual = file ? MULTIPART : URLENCODED;
  const types = (said ?? [usual]).filter((type) => bare(type) === MULTIPART || (bare(type) === URLENCODED && !file));
  if (types.length > 0) return { types };
  const open = said === undefined || said.some((type) => bare(type) === "*/*");
  return { types: [usual], ...(!open && { mended: said }) };
}

function bare(type: string): string {
  return (type.split(";")[0] ?? "").trim().toLowerCase();
}
