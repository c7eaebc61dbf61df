import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  Kind,
  TypeInfo,
  typeFromAST,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
  type VariableDefinitionNode,
} from "graphql";
import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { unknownGraphqlType } from "../../diagnostics/messages.ts";
import type { Report } from "../follow.ts";
import { commentAbove } from "./comment.ts";
import { type ScalarKind, scalarSchema } from "./scalars.ts";

/** What types are looked up in. */
export interface Types {
  /** Undefined: types are known by their names alone. */
  readonly schema: GraphQLSchema | undefined;
  readonly scalars: Readonly<Record<string, ScalarKind>>;
}

/** The variables of an operation as one object schema, and the input objects that it refers to. */
export interface VariablesSchema {
  readonly schema: SchemaObject;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
}

/**
 * Translates the variables of an operation.
 *
 *     ($slug: String!, $page: Int = 1)  →  { properties: { slug: { type: "string" }, page: { type: "integer", default: 1 } }, required: ["slug"] }
 *
 * `null` is not among the values: to leave a variable out says the same, and models write it for nothing.
 */
export function variablesSchema(
  operation: OperationDefinitionNode,
  file: string,
  types: Types,
  report: Report,
): VariablesSchema {
  const definitions: Record<string, SchemaObject> = {};
  const told = argumentDescriptions(operation, types.schema);
  const variables = operation.variableDefinitions ?? [];
  const properties = variables.map((variable): [string, SchemaObject] => {
    const name = variable.variable.name.value;
    const description = commentAbove(variable) || told.get(name) || "";
    const schema = typeSchema(variable, { file, types, report, definitions });
    const { defaultValue } = variable;
    return [
      name,
      {
        ...schema,
        ...(description !== "" && { description }),
        ...(defaultValue && { default: valueFromASTUntyped(defaultValue) }),
      },
    ];
  });
  const required = variables
    .filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue)
    .map(({ variable }) => variable.name.value);
  return { schema: { type: "object", properties: Object.fromEntries(properties), required }, definitions };
}

interface Context {
  readonly file: string;
  readonly types: Types;
  readonly report: Report;
  readonly definitions: Record<string, SchemaObject>;
}

function typeSchema({ type }: VariableDefinitionNode, context: Context): SchemaObject {
  const { schema } = context.types;
  const known = schema && inputType(schema, type);
  if (known) return schemaOfType(known, context);
  if (schema) return {}; // validation has told of it
  return schemaOfName(type, context);
}

/** The type of a variable in the schema; undefined when there is no such type. */
function inputType(schema: GraphQLSchema, type: TypeNode): GraphQLInputType | undefined {
  return typeFromAST(schema, type as never) as GraphQLInputType | undefined; // a variable of another kind fails validation
}

function schemaOfType(type: GraphQLInputType, context: Context): SchemaObject {
  if (isNonNullType(type)) return schemaOfType(type.ofType, context);
  if (isListType(type)) return { type: "array", items: schemaOfType(type.ofType, context) };
  const { name } = type;
  if (isScalarType(type)) return scalarSchema(name, context.types.scalars) ?? {};
  if (isEnumType(type)) return { type: "string", enum: type.getValues().map((value) => value.name) };
  if (!isInputObjectType(type)) return {};
  if (!Object.hasOwn(context.definitions, name)) {
    context.definitions[name] = {}; // it may contain itself
    const fields = Object.values(type.getFields());
    const properties = fields.map((field): [string, SchemaObject] => [
      field.name,
      {
        ...schemaOfType(field.type, context),
        ...(field.description && { description: field.description }),
        ...(field.defaultValue !== undefined && { default: field.defaultValue }),
      },
    ]);
    const required = fields
      .filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
      .map((field) => field.name);
    context.definitions[name] = {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    };
  }
  return { $ref: `#/$defs/${name}` };
}

/** Without a schema a type is what its name says, or nobody knows what it is. */
function schemaOfName(type: TypeNode, context: Context): SchemaObject {
  if (type.kind === Kind.NON_NULL_TYPE) return schemaOfName(type.type, context);
  if (type.kind === Kind.LIST_TYPE) return { type: "array", items: schemaOfName(type.type, context) };
  const name = type.name.value;
  const known = scalarSchema(name, context.types.scalars);
  if (known) return known;
  const at: Origin = { file: context.file, pointer: "", offset: type.loc?.start ?? 0 };
  context.report(unknownGraphqlType({ at, name }));
  return {};
}

/** What the schema says of the argument that each variable fills. */
function argumentDescriptions(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema | undefined,
): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  if (!schema) return told;
  const info = new TypeInfo(schema);
  const note = (name: string): void => {
    const description = info.getArgument()?.description;
    if (description && !told.has(name)) told.set(name, description);
  };
  visit(
    operation.selectionSet,
    visitWithTypeInfo(startingAt(info, operation), {
      Argument: ({ value }) => {
        if (value.kind === Kind.VARIABLE) note(value.name.value);
      },
    }),
  );
  return told;
}

/** A selection is visited without its operation, which would lead through the variables' own types first. */
function startingAt(info: TypeInfo, operation: OperationDefinitionNode): TypeInfo {
  info.enter(operation);
  return info;
}
