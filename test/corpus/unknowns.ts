import { isReadOnly } from "./body-schema.ts";
import { asRaw, type Raw, type RawOperation, texts } from "./description.ts";

/** Schema nodes that give a type, and those of them that our Zod lets anything through for. */
export interface Unknowns {
  readonly nodes: number;
  readonly unknown: number;
  /** Where, a few of them. */
  readonly places: readonly string[];
}

/** The part of a Zod schema that is looked at. */
interface Zod {
  readonly def: Readonly<Record<string, unknown>>;
}

interface Pair {
  readonly schema: unknown;
  readonly zods: readonly Zod[];
  readonly place: string;
}

/**
 * Walks the description and the Zod of a tool side by side, from each argument down: wherever the description gives a type, Zod must not
 * take everything.
 *
 * @param starts The schema of each argument in the description, and its Zod.
 */
export function countUnknowns(raw: RawOperation, starts: readonly Pair[]): Unknowns {
  const seen = new Map<object, Set<Zod>>();
  const waiting = [...starts];
  const places: string[] = [];
  let nodes = 0;
  let unknown = 0;
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const schema = raw.at(pair.schema);
    const zods = pair.zods.flatMap((zod) => unwrapped(zod));
    const known = seen.get(schema) ?? new Set<Zod>();
    if (zods.every((zod) => known.has(zod))) continue; // been here, or nothing of ours to look at
    seen.set(schema, new Set([...known, ...zods]));
    if (typesOf(raw, schema).length > 0) {
      nodes += 1;
      if (zods.every(takesAnything)) {
        unknown += 1;
        places.push(pair.place);
        continue;
      }
    }
    waiting.push(...inner(raw, schema, zods, pair.place));
  }
  return { nodes, unknown, places: places.slice(0, 5) };
}

/** What a schema says its values are, itself or all its alternatives. */
function typesOf(raw: RawOperation, schema: Raw, depth = 0): readonly string[] {
  const own = typeof schema["type"] === "string" ? [schema["type"]] : texts(schema["type"]);
  if (own.length > 0 || depth > 6) return own.filter((type) => STANDARD.has(type));
  const parts = (keyword: string): (readonly string[])[] =>
    list(schema[keyword]).map((part) => typesOf(raw, raw.at(part), depth + 1));
  const alternatives = [...parts("oneOf"), ...parts("anyOf")];
  if (alternatives.length > 0 && alternatives.every((types) => types.length > 0)) return alternatives.flat();
  return parts("allOf").flat();
}

const STANDARD = new Set(["string", "number", "integer", "boolean", "array", "object"]);

/** The schemas directly within a schema, each with the Zod that stands for it. */
function inner(raw: RawOperation, schema: Raw, zods: readonly Zod[], place: string): Pair[] {
  const found: Pair[] = [];
  for (const part of facets(raw, schema)) {
    for (const [name, property] of Object.entries(raw.at(part["properties"]))) {
      if (isReadOnly(raw, property)) continue; // only the vendor writes it: no argument has it
      const own = zods.flatMap((zod) => memberOf(zod, name));
      if (own.length > 0) found.push({ schema: property, zods: own, place: `${place}/${name}` });
    }
    const elements = zods.flatMap(({ def }) => (isZod(def["element"]) ? [def["element"]] : []));
    if (part["items"] !== undefined && elements.length > 0)
      found.push({ schema: part["items"], zods: elements, place: `${place}[]` });
    const others = zods.flatMap(({ def }) => [def["catchall"], def["valueType"]].filter(isZod));
    if (typeof part["additionalProperties"] === "object" && others.length > 0)
      found.push({ schema: part["additionalProperties"], zods: others, place: `${place}/*` });
  }
  return found;
}

/** A schema and its parts and alternatives, at every depth. */
function facets(raw: RawOperation, schema: Raw, depth = 0): Raw[] {
  if (depth > 8) return [];
  const parts = ["allOf", "oneOf", "anyOf"].flatMap((keyword) => list(schema[keyword]));
  return [schema, ...parts.flatMap((part) => facets(raw, raw.at(part), depth + 1))];
}

function memberOf({ def }: Zod, name: string): Zod[] {
  const shape = asRaw(def["shape"]);
  const own = Object.hasOwn(shape, name) ? shape[name] : def["catchall"];
  return isZod(own) ? [own] : [];
}

/** What is within optional, nullable, default and lazy; each leg of unions and intersections. */
function unwrapped(zod: Zod, depth = 0): Zod[] {
  if (depth > 20) return [];
  const { def } = zod;
  const legs = list(def["options"]).filter(isZod);
  const anything = legs.flatMap((leg) => unwrapped(leg, depth + 1)).find(takesAnything);
  if (anything) return [anything]; // one leg that takes everything is all that counts
  const getter = def["getter"];
  const within = [def["innerType"], def["in"], def["left"], def["right"], ...legs].filter(isZod);
  if (typeof getter === "function") within.push((getter as () => Zod)());
  return within.length === 0 ? [zod] : within.flatMap((one) => unwrapped(one, depth + 1));
}

function takesAnything({ def }: Zod): boolean {
  return def["type"] === "unknown" || def["type"] === "any";
}

function isZod(value: unknown): value is Zod {
  return typeof value === "object" && value !== null && "def" in value;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
