import type { SchemaObject } from "../../definition/catalog.ts";
import { flatObject, openObject } from "./body-properties.ts";
import type { Filling } from "./fillings.ts";
import { openSchema } from "./inline-schema.ts";
import { same } from "./merge-all-of.ts";
import { asObject, branches, members, texts } from "./schema.ts";
import type { Alternative } from "./tool-plan.ts";

type Definitions = Readonly<Record<string, SchemaObject>>;

/**
 * Which arguments go together, where a body has alternatives (`oneOf`, `anyOf` at its root).
 *
 * An argument list has no alternatives, and hosts refuse them at the root of a schema: the properties of all are laid together, optional
 * unless every alternative demands them. What is left of the alternatives is checked before the call, and told in the description:
 * which arguments each of them demands, and by which values of others it is recognised.
 *
 * @returns Groups; of each group one alternative has to hold. A group in which one demands nothing is none.
 */
export function bodyAlternatives(
  schema: SchemaObject,
  definitions: Definitions,
  fillings: readonly Filling[],
): readonly (readonly Alternative[])[] {
  const object = openObject(openSchema(schema, definitions), definitions);
  return ["oneOf", "anyOf"].flatMap((keyword) => {
    const legs = branches(object, keyword).map((leg) => flatObject(openSchema(leg, definitions), definitions));
    const always = new Set([
      ...texts(object, "required"),
      ...texts(legs[0] ?? {}, "required").filter((name) => legs.every((leg) => texts(leg, "required").includes(name))),
    ]);
    const listed = legs.map((leg) => listedValues(leg, definitions));
    const group = legs.flatMap((leg, index) => {
      const wanted = texts(leg, "required").filter((name) => !always.has(name) && isWritable(leg, name, definitions));
      return asArguments({ required: wanted, enum: telling(listed, index) }, fillings) ?? [];
    });
    const says = group.length > 0 && group.every((one) => one.required.length > 0 || one.enum !== undefined);
    return says ? [distinct(group)] : [];
  });
}

/**
 * The alternatives in words.
 *
 *     [{ required: ["card"] }, { required: ["iban", "name"] }] → "Give card, or iban and name."
 */
export function tellAlternatives(groups: readonly (readonly Alternative[])[]): string {
  return groups
    .map((group) => {
      const said = group.map(({ required, enum: values = {} }) =>
        [
          ...required.filter((name) => !Object.hasOwn(values, name)),
          ...Object.entries(values).map(
            ([name, list]) => `${name} ${list.map((one) => JSON.stringify(one)).join("/")}`,
          ),
        ].join(" and "),
      );
      return said.length > MOST_TOLD ? "" : `Give ${said.join(", or ")}.`;
    })
    .filter((text) => text !== "" && text.length <= MOST_CHARACTERS)
    .join(" ");
}

const MOST_TOLD = 6; // alternatives; a longer list explains nothing
const MOST_CHARACTERS = 300;

function isWritable(leg: SchemaObject, name: string, definitions: Definitions): boolean {
  return openSchema(asObject(members(leg, "properties")[name]), definitions)["readOnly"] !== true;
}

/** The members of an alternative that have a few plain values only: what it is recognised by. */
function listedValues(leg: SchemaObject, definitions: Definitions): Readonly<Record<string, readonly unknown[]>> {
  const listed = Object.entries(members(leg, "properties")).flatMap(([name, property]) => {
    const open = openSchema(asObject(property), definitions);
    const values = open["const"] === undefined ? open["enum"] : [open["const"]];
    return texts(leg, "required").includes(name) && Array.isArray(values) && values.every(isPlain)
      ? [[name, values] as const]
      : [];
  });
  return Object.fromEntries(listed);
}

/** The values of one alternative that others do not share: those by which it is recognised. */
function telling(listed: readonly Wanted["enum"][], index: number): Wanted["enum"] {
  const own = Object.entries(listed[index] ?? {});
  return Object.fromEntries(own.filter(([name, values]) => listed.some((other) => !same(other[name], values))));
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

interface Wanted {
  readonly required: readonly string[];
  readonly enum: Readonly<Record<string, readonly unknown[]>>;
}

/** In the arguments' names; undefined when the tool does not offer what the alternative demands. */
function asArguments({ required, enum: values }: Wanted, fillings: readonly Filling[]): Alternative | undefined {
  const filled = (name: string): Filling | undefined =>
    fillings.find(({ source }) => source.in === "body" && source.name === name);
  if (required.some((name) => filled(name) === undefined)) return undefined;
  const named = (name: string): string[] => [filled(name)?.argument].filter((one) => one !== undefined); // a constant is always given
  const listed = Object.entries(values).flatMap(([name, list]) =>
    named(name).map((argument) => [argument, list] as const),
  );
  return { required: required.flatMap(named), ...(listed.length > 0 && { enum: Object.fromEntries(listed) }) };
}

/** Alternatives that are alike are one. */
function distinct(group: readonly Alternative[]): readonly Alternative[] {
  return [...new Map(group.map((one) => [JSON.stringify(one), one])).values()];
}
