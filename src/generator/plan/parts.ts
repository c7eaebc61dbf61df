import type { SchemaObject } from "../../definition/catalog.ts";
import type { MediaType, Operation } from "../../spec/operation.ts";
import { openSchema } from "./inline-schema.ts";
import { asObject, branches, isObject, typesOf } from "./schema.ts";

type Definitions = Operation["definitions"];

/** Whether a schema is that of a list, whose items are the parts of a multipart body by their places (OAS 3.2.0 §4.14.4). */
export function isPositional(schema: SchemaObject, definitions: Definitions): boolean {
  const open = openSchema(schema, definitions);
  const says = isObject(open["items"]) || branches(open, "prefixItems").length > 0;
  const types = typesOf(open);
  return says && (types.length === 0 || types.includes("array"));
}

/**
 * A multipart body whose parts have places as one whose parts have names, so that each can be an argument. The names are ours, and not sent.
 *
 *     prefixItems: [Meta], items: Image → properties: { part_1: Meta, parts: a list of Image }
 */
export function partsByPlace(media: MediaType, definitions: Definitions): MediaType {
  const open = openSchema(media.schema, definitions);
  const first = branches(open, "prefixItems");
  const least = Number(open["minItems"] ?? 0) - first.length;
  const others = isObject(open["items"]) ? open["items"] : undefined;
  const named = first.map((schema, index) => [`part_${index + 1}`, schema] as const);
  const { prefixEncoding = [], itemEncoding } = media;
  const encoding = named.flatMap(([name], index) => {
    const one = prefixEncoding[index];
    return one ? [[name, one] as const] : [];
  });
  const list = others && {
    type: "array",
    items: others,
    ...(least > 0 && { minItems: least }),
    ...(typeof others["description"] === "string" && { description: others["description"] }),
  };
  return {
    ...media,
    schema: {
      type: "object",
      properties: { ...Object.fromEntries(named), ...(list && { [OTHERS]: list }) },
      // One that is left out would give its place to the next.
      required: [...named.map(([name]) => name), ...(least > 0 && list ? [OTHERS] : [])],
    },
    encoding: {
      ...Object.fromEntries(encoding),
      ...(itemEncoding && { [OTHERS]: asObject(itemEncoding) }),
    },
  };
}

const OTHERS = "parts";
