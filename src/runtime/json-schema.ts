import { z } from "zod";

/** Characters of a member's name; a longer one is matched with no pattern. */
const MAX_NAME = 1000;

/** A check that Zod runs once a value has the right type. */
type Check = (payload: z.core.ParsePayload) => void;
/** A Zod schema. The compiler is not to look into it: a recursive one would lead it in circles. */
type Schema = object;
type Schemas = Readonly<Record<string, Schema>>;
type Kind = "number" | "string" | "boolean" | "null" | "array" | "object";

/**
 * What JSON Schema 2020-12 can say and Zod has no word for, under JSON Schema's names. Generated modules use it as they use `z`:
 *
 *     tags: z.array(z.string()).check(json.uniqueItems())
 */
export const json = {
  /** A value that meets all of several schemas; what comes out is what the first one makes of it. */
  allOf([first, ...others]: readonly [Schema, ...Schema[]]): z.ZodType {
    return zodOf(first).check(
      ...others.map(
        (other): Check =>
          (payload) =>
            addIssues(payload, other, payload.value),
      ),
    );
  },
  /** An object of which one alternative holds: what it requires is there, and what it lists has one of the values if it is there. */
  anyOf(alternatives: readonly Alternative[]): Check {
    return ({ value, issues }) => {
      if (alternatives.some((one) => holds(one, value))) return;
      issues.push({ code: "custom", message: `expected one of: ${alternatives.map(tell).join("; ")}`, input: value });
    };
  },
  /** Any value; one of a named type has to meet that type's schema. */
  when(schemas: Readonly<Partial<Record<Kind, Schema>>>): z.ZodType {
    return z.unknown().check((payload) => {
      const kind = kindOf(payload.value);
      const schema = kind && schemas[kind];
      if (schema) addIssues(payload, schema, payload.value);
    });
  },
  /** Any value that does not meet a schema. */
  not(schema: Schema): z.ZodType {
    return z.unknown().check((payload) => {
      if (fits(schema, payload.value)) complain(payload, "has a form that is not allowed");
    });
  },
  /** Any value; one that meets `condition` has to meet `then`, any other one `else`. */
  if(condition: Schema, parts: { readonly then?: Schema; readonly else?: Schema }): z.ZodType {
    return z.unknown().check((payload) => {
      const schema = fits(condition, payload.value) ? parts.then : parts.else;
      if (schema) addIssues(payload, schema, payload.value);
    });
  },
  /** Exactly this list or object. */
  const(value: unknown): z.ZodType {
    const wanted = canonical(value);
    return z.unknown().check((payload) => {
      if (canonical(payload.value) !== wanted) complain(payload, `expected ${JSON.stringify(value)}`);
    });
  },
  /** A schema that is looked up when it is first needed: `json.lazy({ get schema() { return Node; } })`. */
  lazy(holder: object): z.ZodType {
    return z.lazy(() => zodOf(Reflect.get(holder, "schema") as Schema)); // the emitter writes one there
  },
  /** An object whose members are told by patterns, or have names that every JavaScript object has. */
  object(parts: ObjectParts): z.ZodType<Record<string, unknown>> {
    const patterns = Object.entries(parts.patternProperties ?? {});
    const compiled = patterns.map(([pattern, schema]) => ({ pattern: nameMatcher(pattern), schema }));
    const object = z.custom<Record<string, unknown>>((value) => kindOf(value) === "object", "expected an object");
    return object.check((payload) => checkMembers(payload, parts, compiled));
  },
  /** No element twice; `{ a: 1, b: 2 }` and `{ b: 2, a: 1 }` are one. */
  uniqueItems(): Check {
    return (payload) => {
      const items = itemsOf(payload.value);
      if (new Set(items.map(canonical)).size < items.length) complain(payload, "expected no element twice");
    };
  },
  /** So many elements meet a schema; by default at least one. */
  contains(schema: Schema, { min = 1, max = Infinity }: { min?: number; max?: number } = {}): Check {
    return (payload) => {
      const count = itemsOf(payload.value).filter((item) => fits(schema, item)).length;
      if (count < min) complain(payload, `expected ${min} or more elements of a certain form; got ${count}`);
      if (count > max) complain(payload, `expected ${max} elements of a certain form at most; got ${count}`);
    };
  },
  /** At least so many members. */
  minProperties(least: number): Check {
    return (payload) => {
      const count = namesOf(payload.value).length;
      if (count < least) complain(payload, `expected ${least} or more members; got ${count}`);
    };
  },
  /** At most so many members. */
  maxProperties(most: number): Check {
    return (payload) => {
      const count = namesOf(payload.value).length;
      if (count > most) complain(payload, `expected ${most} members at most; got ${count}`);
    };
  },
  /** Every name meets a schema. */
  propertyNames(schema: Schema): Check {
    return (payload) => {
      for (const name of namesOf(payload.value)) {
        if (!fits(schema, name)) complain(payload, `has a name that is not allowed`, [name]);
      }
    };
  },
  /** Where one member is, others are too. */
  dependentRequired(needs: Readonly<Record<string, readonly string[]>>): Check {
    return (payload) => {
      for (const [name, others] of Object.entries(needs)) {
        if (!has(payload.value, name)) continue;
        const missing = others.filter((other) => !has(payload.value, other));
        if (missing.length > 0) complain(payload, `${name} needs ${missing.join(", ")} too`);
      }
    };
  },
  /** Where one member is, the whole object meets a schema. */
  dependentSchemas(schemas: Schemas): Check {
    return (payload) => {
      for (const [name, schema] of Object.entries(schemas)) {
        if (has(payload.value, name)) addIssues(payload, schema, payload.value);
      }
    };
  },
};

/** Members that go together. */
interface Alternative {
  readonly required?: readonly string[];
  readonly enum?: Readonly<Record<string, readonly unknown[]>>;
}

function holds({ required = [], enum: values = {} }: Alternative, value: unknown): boolean {
  const listed = Object.entries(values);
  return (
    required.every((name) => has(value, name)) &&
    listed.every(([name, list]) => !has(value, name) || list.includes(member(value, name)))
  );
}

/** `card and type = "card"` */
function tell({ required = [], enum: values = {} }: Alternative): string {
  const listed = Object.entries(values).map(
    ([name, list]) => `${name} = ${list.map((one) => JSON.stringify(one)).join(" or ")}`,
  );
  return [...required.filter((name) => !Object.hasOwn(values, name)), ...listed].join(" and ");
}

/** The keywords of `json.object`; `additionalProperties: false` allows no other members. */
interface ObjectParts {
  readonly properties?: object;
  readonly required?: readonly string[];
  readonly patternProperties?: Schemas;
  readonly additionalProperties?: false | Schema;
}

interface NamePattern {
  readonly pattern: RegExp;
  readonly schema: Schema;
}

function checkMembers(payload: z.core.ParsePayload, parts: ObjectParts, patterns: readonly NamePattern[]): void {
  const { properties = {}, required = [], additionalProperties } = parts;
  for (const name of required) {
    if (!has(payload.value, name)) complain(payload, "is required", [name]);
  }
  for (const name of namesOf(payload.value)) {
    if (name.length > MAX_NAME) {
      complain(payload, `has a name of more than ${MAX_NAME} characters`);
      continue;
    }
    const schemas = patterns.filter(({ pattern }) => pattern.test(name)).map(({ schema }) => schema);
    if (Object.hasOwn(properties, name)) schemas.push(Reflect.get(properties, name) as Schema); // the emitter writes schemas only
    if (schemas.length === 0 && additionalProperties === false) complain(payload, "unknown member", [name]);
    if (schemas.length === 0 && additionalProperties) schemas.push(additionalProperties);
    for (const schema of schemas) addIssues(payload, schema, member(payload.value, name), [name]);
  }
}

/** With `u` where that can be; the generator has judged the pattern. */
function nameMatcher(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return new RegExp(pattern);
  }
}

function addIssues(payload: z.core.ParsePayload, schema: Schema, value: unknown, at: readonly string[] = []): void {
  const result = zodOf(schema).safeParse(value);
  for (const issue of result.error?.issues ?? []) {
    const moved = { ...issue, input: value, path: [...at, ...issue.path] };
    payload.issues.push(moved as z.core.$ZodRawIssue); // an issue of Zod's own, found elsewhere; its input is whatever was given
  }
}

function zodOf(schema: Schema): z.ZodType {
  return schema as z.ZodType; // see Schema
}

function complain(payload: z.core.ParsePayload, message: string, path: PropertyKey[] = []): void {
  payload.issues.push({ code: "custom", message, input: payload.value, path });
}

function fits(schema: Schema, value: unknown): boolean {
  return zodOf(schema).safeParse(value).success;
}

function kindOf(value: unknown): Kind | undefined {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "number" || type === "string" || type === "boolean" || type === "object" ? type : undefined;
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function namesOf(value: unknown): readonly string[] {
  return kindOf(value) === "object" ? Object.keys(Object(value)) : [];
}

function has(value: unknown, name: string): boolean {
  return kindOf(value) === "object" && Object.hasOwn(Object(value), name);
}

function member(value: unknown, name: string): unknown {
  return Object.getOwnPropertyDescriptor(Object(value), name)?.value;
}

/** JSON with sorted names: the same for values that JSON Schema calls equal. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (kindOf(value) !== "object") return JSON.stringify(value) ?? "";
  const names = [...namesOf(value)].sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(member(value, name))}`).join(",")}}`;
}
