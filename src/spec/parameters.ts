import type { SchemaObject } from "../definition/catalog.ts";
import {
  duplicateParameter,
  malformedSpec,
  missingPathParameter,
  parameterWithoutSchema,
} from "../diagnostics/messages.ts";
import { asObject } from "./definitions.ts";
import { follow } from "./follow.ts";
import { firstExample } from "./media-types.ts";
import { child, children, isObject, own, textOf, type Node } from "./node.ts";
import type { OperationParameter } from "./operation.ts";
import { readSchema, type SchemaContext } from "./schema.ts";

/** Styles that a place knows, its default first (OAS 3.1.1 §4.8.12). */
const STYLES: Readonly<Record<Exclude<OperationParameter["in"], "querystring">, readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
};

/** Headers that are no parameters, whatever a description says (OAS 3.1.1 §4.8.12.1). */
const NOT_PARAMETERS = new Set(["accept", "content-type", "authorization"]);

/** Where the parameters of an operation are listed. */
export interface ParameterLists {
  readonly operation: Node;
  readonly pathItem: Node;
  readonly path: string;
}

/** Reads the parameters of an operation: those of its path, overridden by its own, and those that the vendor forgot. */
export function readParameters(
  { operation, pathItem, path }: ParameterLists,
  context: SchemaContext,
): OperationParameter[] {
  const merged = new Map([...listed(pathItem, path, context), ...listed(operation, path, context)]);
  const parameters = [...merged.values()].map(({ node, place }) => readParameter(node, place, context));
  for (const name of namesIn(path)) {
    if (merged.has(keyOf("path", name))) continue;
    context.report(missingPathParameter({ at: operation.origin, name, path }));
    parameters.push({ ...FORGOTTEN, name, origin: operation.origin });
  }
  return parameters;
}

const FORGOTTEN: Omit<OperationParameter, "name" | "origin"> = {
  in: "path",
  description: "",
  required: true,
  deprecated: false,
  schema: { type: "string" },
  style: "simple",
  explode: false,
  allowReserved: false,
  contentType: undefined,
};

type Place = keyof typeof STYLES;

interface Listed {
  readonly node: Node;
  readonly place: Place;
  readonly listedAt: Node;
}

/** The parameters of one list by place and name; what is no parameter is left out, with a report. */
function listed(owner: Node, path: string, context: SchemaContext): Map<string, Listed> {
  const found = new Map<string, Listed>();
  for (const [, listedAt] of children(child(owner, "parameters"))) {
    const node = follow(listedAt, context.documents, context.report);
    if (!node) continue;
    const name = textOf(node, "name");
    const place = placeOf(textOf(node, "in"));
    if (!isObject(node.value) || name === "" || !place || (place === "path" && !namesIn(path).includes(name))) {
      const expected =
        place === "path" ? `the name of one of the path's \`{…}\`` : "`name` and `in: path, query, header or cookie`";
      context.report(
        malformedSpec({ at: listedAt.origin, what: name === "" ? "a parameter" : `the parameter "${name}"`, expected }),
      );
      continue;
    }
    if (place === "header" && NOT_PARAMETERS.has(name.toLowerCase())) continue;
    const key = keyOf(place, name);
    const first = found.get(key);
    if (first) context.report(duplicateParameter({ at: listedAt.origin, name, place, first: first.listedAt.origin }));
    else found.set(key, { node, place, listedAt });
  }
  return found;
}

function readParameter(node: Node, place: Place, context: SchemaContext): OperationParameter {
  const [defaultStyle = "", ...styles] = STYLES[place];
  const style = styles.find((one) => one === own(node.value, "style")) ?? defaultStyle;
  const explode = own(node.value, "explode");
  const { schema, contentType } = readValue(node, context);
  return {
    origin: node.origin,
    in: place,
    name: textOf(node, "name"),
    description: textOf(node, "description"),
    required: place === "path" || own(node.value, "required") === true,
    deprecated: own(node.value, "deprecated") === true,
    schema,
    style,
    explode: typeof explode === "boolean" ? explode : style === "form",
    allowReserved: own(node.value, "allowReserved") === true,
    contentType,
  };
}

/** The schema, or the one media type of a `content` parameter; the parameter's own example joins the schema. */
function readValue(node: Node, context: SchemaContext): { schema: SchemaObject; contentType: string | undefined } {
  const [content] = children(child(node, "content"));
  const owner = content ? content[1] : node;
  const contentType = content?.[0];
  const written = child(owner, "schema");
  if (written.value === undefined) {
    if (!content) context.report(parameterWithoutSchema({ at: node.origin, name: textOf(node, "name") }));
    return { schema: content ? {} : { type: "string" }, contentType };
  }
  const schema = asObject(readSchema(written, context));
  const example = firstExample(owner, context);
  return {
    schema: example === undefined || schema["examples"] ? schema : { ...schema, examples: [example] },
    contentType,
  };
}

function placeOf(text: string): Place | undefined {
  return text === "path" || text === "query" || text === "header" || text === "cookie" ? text : undefined;
}

/** Names of headers are the same in any case (RFC 9110 §5.1). */
function keyOf(place: Place, name: string): string {
  return `${place} ${place === "header" ? name.toLowerCase() : name}`;
}

/** `/tickets/{id}/notes/{note}` → `["id", "note"]`. */
function namesIn(path: string): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? "");
}
