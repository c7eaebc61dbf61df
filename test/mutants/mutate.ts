/** A document of JSON types, as it was parsed. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Where the mutants of a run begin: the same ones each time, so that a change is judged by what it changed; `TOOLWRIGHT_SEED` tries others. */
const SEED = Number(process.env["TOOLWRIGHT_SEED"] ?? 1);

/** The seeds of a run, one for each mutant: `TOOLWRIGHT_MUTANTS` tries more than usual. */
export function mutantSeeds(usual: number): readonly number[] {
  const count = Number(process.env["TOOLWRIGHT_MUTANTS"] ?? usual);
  return Array.from({ length: count }, (_, index) => SEED + index);
}

/** Values that are seldom right, and texts that mean something to somebody: to YAML, to a pattern, to JavaScript, to a file system. */
const TEXTS = [
  ["", " ", "1e400", "\u0000", "\n", "`", "*/", "${X}", "{id}", "${X:-1}", "$$", "'", "$", "[", "\\", "(a+)+$"],
  ["$inputs.a", "{$inputs.a}", "$steps.call.outputs.x", "$env.X", "__proto__", "constructor", "../../etc/passwd"],
  ["//evil.example", "https://evil.example", "string", "object", "null", "query", "header", "deepObject", "*/*"],
  ["multipart/form-data", "x".repeat(3000), "\u{1F600}".repeat(40), "10 minutes", "read"],
].flat();
const OTHERS: readonly Json[] = [null, true, 0, -1, 1.5, 1e21, [], {}, [null], [[]], { a: 1 }, ["string", "null"]];
const REFERENCES: readonly Json[] = [{ $ref: "#" }, { $ref: "#/nope" }, { $ref: "../../x.json" }];
const STRANGE: readonly Json[] = [...TEXTS, ...OTHERS, ...REFERENCES];

interface Place {
  readonly parent: { [name: string]: Json };
  readonly key: string;
}

/** Changes a document in so many places: a member less, another value, a copy of another part, another name, a part of another kind. */
export function mutate(document: Json, random: () => number, changes: number): void {
  const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One; // never of an empty list
  for (let change = 0; change < changes; change++) {
    const places = placesIn(document);
    if (places.length === 0) return;
    const [place, other] = [pick(places), pick(places)];
    const { parent, key } = place;
    const copy = structuredClone(other.parent[other.key] ?? null);
    const value = parent[key] ?? null;
    const acts = [
      () => remove(place),
      () => put(parent, key, pick(STRANGE)),
      () => put(parent, key, copy),
      () => put(isMap(value) ? value : parent, other.key, random() < 0.5 ? pick(STRANGE) : copy),
      () => put(remove(place), pick([...TEXTS, other.key]), value),
      () => put(parent, key, Array.isArray(value) ? [...value, ...value] : [value]),
    ];
    pick(acts)();
  }
}

function placesIn(value: Json): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const parent = value as Place["parent"]; // the elements of a list are members called "0", "1"
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...placesIn(parent[key] ?? null)]);
}

function isMap(value: Json): value is Place["parent"] {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of its own even when it is called `__proto__`, as a parser makes it. */
function put(parent: Place["parent"], key: string, value: Json): void {
  const own = Array.isArray(parent) && !/^\d+$/.test(key) ? "0" : key;
  Object.defineProperty(parent, own, {
    value: structuredClone(value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function remove({ parent, key }: Place): Place["parent"] {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return parent;
}
