import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import type { SchemaObject } from "../../definition/catalog.ts";
import { scalarSchema } from "./scalars.ts";
import type { Types } from "./variables.ts";

/** The schema of an answer, and what it refers to. */
export interface AnswerSchema {
  readonly schema: SchemaObject;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
}

/**
 * Translates what an operation selects into the schema of the whole answer: `{ data: { … }, errors: [ … ] }`.
 *
 * It has the selected fields by the names under which they come back, and no others; without a schema of the vendor a field with
 * a selection of its own may be an object or a list of objects.
 */
export function answerSchema(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  types: Types,
): AnswerSchema {
  const definitions: Record<string, SchemaObject> = {};
  const root = types.schema?.getRootType(operation.operation) ?? undefined;
  const context: Context = { fragments, types, definitions };
  const data = objectSchema([{ set: operation.selectionSet, parent: root }], "data", context);
  const errors = { type: "array", items: { type: "object", properties: { message: { type: "string" } } } };
  return { schema: { type: "object", properties: { data, errors } }, definitions };
}

interface Context {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly types: Types;
  readonly definitions: Record<string, SchemaObject>;
}

/** A selection and the type that it is made on, when that is known. */
interface Selected {
  readonly set: SelectionSetNode;
  readonly parent: unknown;
}

/** A field of an answer, selected in one place or in several. */
interface Field {
  readonly type: GraphQLOutputType | undefined;
  readonly sets: Selected[];
}

function objectSchema(selected: readonly Selected[], path: string, context: Context): SchemaObject {
  const fields = new Map<string, Field>();
  for (const { set, parent } of selected) collect(set, parent, { context, fields, spread: new Set() });
  const properties = [...fields].map(([name, field]): [string, SchemaObject] => [
    name,
    fieldSchema(field, `${path}.${name}`, context),
  ]);
  return { type: "object", properties: Object.fromEntries(properties) };
}

interface Collecting {
  readonly context: Context;
  readonly fields: Map<string, Field>;
  /** Fragments on the way here: one that contains itself fails validation, and must not keep us either. */
  readonly spread: ReadonlySet<string>;
}

/** Gathers the fields of a selection by response name, those of fragments among them (GraphQL October 2021 §6.3.2). */
function collect(set: SelectionSetNode, parent: unknown, collecting: Collecting): void {
  const { context, fields, spread } = collecting;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const field = fields.get(name) ?? { type: typeOfField(parent, selection.name.value), sets: [] };
      fields.set(name, field);
      const inner = field.type && getNamedType(field.type);
      if (selection.selectionSet) field.sets.push({ set: selection.selectionSet, parent: inner });
      continue;
    }
    const named = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
    const fragment = named === undefined ? undefined : context.fragments.get(named);
    const { selectionSet, typeCondition } =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : (fragment ?? { selectionSet: undefined, typeCondition: undefined });
    if (!selectionSet || (named !== undefined && spread.has(named))) continue;
    const type = typeCondition ? context.types.schema?.getType(typeCondition.name.value) : parent;
    collect(selectionSet, type, {
      ...collecting,
      ...(named !== undefined && { spread: new Set([...spread, named]) }),
    });
  }
}

function typeOfField(parent: unknown, name: string): GraphQLOutputType | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name]?.type : undefined;
}

function fieldSchema({ type, sets }: Field, path: string, context: Context): SchemaObject {
  if (type) return typedSchema(type, sets, path, context);
  if (sets.length === 0) return {};
  // Written once and referred to twice: written twice, it would double at every level.
  context.definitions[path] = objectSchema(sets, path, context);
  const one = { $ref: `#/$defs/${path}` };
  return { anyOf: [one, { type: "array", items: one }] };
}

function typedSchema(type: GraphQLOutputType, sets: readonly Selected[], path: string, context: Context): SchemaObject {
  if (isNonNullType(type)) return typedSchema(type.ofType, sets, path, context);
  if (isListType(type)) return { type: "array", items: typedSchema(type.ofType, sets, path, context) };
  if (isScalarType(type)) return scalarSchema(type.name, context.types.scalars) ?? {};
  if (isEnumType(type)) return { type: "string", enum: type.getValues().map(({ name }) => name) };
  return isObjectType(type) || isAbstractType(type) ? objectSchema(sets, path, context) : {};
}
