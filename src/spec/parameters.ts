import type { SchemaObject } from "../definition/catalog.ts";
import { malformedSpec, missingPathParameter, parameterWithoutSchema } from "../diagnostics/messages.ts";
import { asObject, type Definitions } from "./definitions.ts";
import type { Report } from "./follow.ts";
import { keepsSlashes, listParameters, namesIn, type ListedParameter, type ParameterLists } from "./list-parameters.ts";
import { firstExample } from "./media-types.ts";
import { child, children, isObject, own, placeKey, textOf, type Node } from "./node.ts";
import type { OperationParameter } from "./operation.ts";
import { readSchema, type SchemaContext } from "./schema.ts";

/** Styles that a place knows, its default first (OAS 3.2.0 §4.12.3). */
const STYLES: Readonly<Record<OperationParameter["in"], readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form", "cookie"],
  querystring: ["form"], // says nothing: it is always written as its media type
};

/** Reads the parameters of an operation: those of its path, overridden by its own, and those that the vendor forgot. */
export function readParameters(lists: ParameterLists, context: SchemaContext): OperationParameter[] {
  const places = ["path", "query", "header", "cookie"] as const;
  const known = context.format === "openapi-3.2" ? ([...places, "querystring"] as const) : places;
  const parameters = listParameters<OperationParameter["in"]>(lists, known, context).flatMap(
    (listed) => readOnce(listed, context) ?? [],
  );
  return [...parameters, ...forgotten(lists, parameters, context)];
}

/** Path parameters that nobody describes. */
export function forgotten(
  { operation, path }: ParameterLists,
  parameters: readonly OperationParameter[],
  context: SchemaContext,
): OperationParameter[] {
  const described = new Set(parameters.filter((one) => one.in === "path").map(({ name }) => name));
  return namesIn(path).flatMap((name) => {
    if (described.has(name)) return [];
    context.report(missingPathParameter({ at: operation.origin, name, path }));
    return { ...FORGOTTEN, name, origin: operation.origin };
  });
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

const read = new WeakMap<object, OperationParameter>();

/** Reads a parameter once, for all operations that list it; one that refers to definitions, or has something wrong, is read for each. */
function readOnce(
  listed: ListedParameter<OperationParameter["in"]>,
  context: SchemaContext,
): OperationParameter | undefined {
  const { value, origin } = listed.node;
  const known = isObject(value) ? read.get(value) : undefined;
  if (known && placeKey(known.origin) === placeKey(origin)) return known; // an alias of YAML stands in several places
  let alone = true;
  const report: Report = (problem) => {
    alone = false;
    return context.report(problem);
  };
  const nameOf: Definitions["nameOf"] = (schema) => {
    alone = false;
    return context.definitions.nameOf(schema);
  };
  const definitions = { ...context.definitions, nameOf };
  const parameter = readParameter(listed, { ...context, report, definitions });
  if (parameter && alone && isObject(value)) read.set(value, parameter);
  return parameter;
}

function readParameter(
  { node, place, name }: ListedParameter<OperationParameter["in"]>,
  context: SchemaContext,
): OperationParameter | undefined {
  const [defaultStyle = "", ...styles] = STYLES[place];
  const known = context.format === "openapi-3.2" ? styles : styles.filter((one) => one !== "cookie");
  const style = known.find((one) => one === own(node.value, "style")) ?? defaultStyle;
  const explode = own(node.value, "explode");
  const { schema, contentType } = readValue(node, context);
  if (place === "querystring" && contentType === undefined) {
    const what = `the parameter "${name}"`;
    context.report(malformedSpec({ at: node.origin, what, expected: "`content` with one media type" }));
    return undefined;
  }
  return {
    origin: node.origin,
    in: place,
    name,
    description: textOf(node, "description"),
    required: place === "path" || own(node.value, "required") === true,
    deprecated: own(node.value, "deprecated") === true,
    schema,
    style,
    explode: typeof explode === "boolean" ? explode : style === "form" || style === "cookie",
    allowReserved:
      (own(node.value, "allowReserved") === true && (place === "query" || context.format === "openapi-3.2")) ||
      (place === "path" && keepsSlashes(node)),
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
