import { isDeepStrictEqual } from "node:util";
import type { RawOperation, Raw } from "./description.ts";
import type { Values } from "./expected.ts";
import type { Pair, Parts } from "./parts.ts";
import { SECRET } from "./project.ts";

/** A piece of a request that the two serialisers write differently, with what it was made of. */
export interface Difference {
  readonly part: "request" | "method" | "path" | "query" | "header" | "cookie" | "content-type" | "body";
  /** Of the parameter or the field; of a path, of its segment. */
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
  /** What was to be written; `undefined` where nothing of the values has this name. */
  readonly value: unknown;
  /** What the description says of the parameter. */
  readonly parameter: Raw | undefined;
  /** Of the body. */
  readonly contentType: string;
  /** Of the operation. */
  readonly method: string;
  readonly path: string;
  /** The whole requests. */
  readonly both: readonly [ours: Parts, theirs: Parts];
}

/** What both requests are made of. */
export interface Made {
  readonly raw: RawOperation;
  readonly values: Values;
}

/** Everything that differs; an order counts only among values of one name. */
export function compare(ours: Parts, theirs: Parts, made: Made): readonly Difference[] {
  const found: Difference[] = [];
  const add = (one: Piece, at: readonly [unknown, Raw | undefined] = [undefined, undefined]) =>
    void found.push({
      ...one,
      value: at[0],
      parameter: at[1],
      contentType: made.values.contentType ?? "",
      method: made.raw.method,
      path: made.raw.path,
      both: [ours, theirs],
    });
  if (ours.method !== theirs.method) add({ part: "method", name: "", ours: ours.method, theirs: theirs.method });
  comparePaths(ours.path, theirs.path, made, add);
  const credentialFree = ours.query.filter(([, value]) => !value.includes(SECRET));
  comparePairs("query", [credentialFree, theirs.query], made, add);
  comparePairs("cookie", [ours.cookies.filter(([, value]) => !value.includes(SECRET)), theirs.cookies], made, add);
  for (const { name, parameter, value } of parametersIn("header", made)) {
    const [mine, other] = [ours.headers[name.toLowerCase()], theirs.headers[name.toLowerCase()]];
    if (mine !== other) add({ part: "header", name, ours: String(mine), theirs: String(other) }, [value, parameter]);
  }
  if (ours.contentType !== theirs.contentType)
    add({ part: "content-type", name: "", ours: ours.contentType, theirs: theirs.contentType });
  compareBodies(ours, theirs, made, add);
  return found;
}

type Piece = Pick<Difference, "part" | "name" | "ours" | "theirs">;
type Add = (one: Piece, at?: readonly [unknown, Raw | undefined]) => void;

/** A difference of the request as a whole: it was not sent, or something of the description is not in it. */
export function wholeDifference(ours: string, { raw, values }: Made): Difference {
  const parts: Parts = {
    method: "",
    path: "",
    query: [],
    headers: {},
    cookies: [],
    contentType: "",
    body: { kind: "none" },
  };
  const what = { part: "request", name: "", ours, theirs: "", parameter: undefined } as const;
  return {
    ...what,
    value: values.body,
    contentType: values.contentType ?? "",
    method: raw.method,
    path: raw.path,
    both: [parts, parts],
  };
}

interface Parameter {
  readonly name: string;
  readonly parameter: Raw | undefined;
  readonly value: unknown;
}

function parametersIn(place: string, { raw, values }: Made): Parameter[] {
  return Object.entries(values.parameters)
    .filter(([key]) => key.startsWith(`${place}.`))
    .map(([key, value]) => {
      const name = key.slice(place.length + 1);
      return { name, value, parameter: raw.parameters.find((one) => one["in"] === place && one["name"] === name) };
    });
}

function comparePaths(ours: string, theirs: string, made: Made, add: Add): void {
  if (ours === theirs) return;
  const [mine, other] = [ours.split("/"), theirs.split("/")];
  const template = made.raw.path.split("/");
  const all = parametersIn("path", made);
  if (mine.length !== other.length || mine.length !== template.length) {
    add({ part: "path", name: "", ours, theirs });
    return;
  }
  for (const [index, segment] of template.entries()) {
    const [one = "", two = ""] = [mine[index], other[index]];
    if (one === two) continue;
    const named = all.find(({ name }) => segment.includes(`{${name}}`));
    add({ part: "path", name: segment, ours: one, theirs: two }, [named?.value, named?.parameter]);
  }
}

/** Values of one name in their order; names that a value spreads into (`filter[a]`, members of an object) belong to its parameter. */
function comparePairs(
  part: "query" | "cookie",
  [ours, theirs]: readonly [readonly Pair[], readonly Pair[]],
  made: Made,
  add: Add,
): void {
  const known = parametersIn(part, made);
  const ownerOf = (encoded: string): string => {
    const name = decode(encoded);
    const owner =
      known.find((one) => one.name === name) ??
      known.find((one) => name.startsWith(`${one.name}[`)) ??
      known.find(({ value }) => typeof value === "object" && value !== null && Object.hasOwn(value, name));
    return owner?.name ?? name;
  };
  eachOwner(ours, theirs, ownerOf, (name, mine, other) => {
    const one = known.find((parameter) => parameter.name === name);
    add({ part, name, ours: mine, theirs: other }, [one?.value, one?.parameter]);
  });
}

function eachOwner(
  ours: readonly Pair[],
  theirs: readonly Pair[],
  ownerOf: (name: string) => string,
  differs: (name: string, ours: string, theirs: string) => void,
): void {
  const [mine, other] = [ours, theirs].map((pairs) => grouped(pairs, ownerOf)) as [
    Map<string, string>,
    Map<string, string>,
  ]; // two of them
  for (const name of new Set([...mine.keys(), ...other.keys()])) {
    const [one = "", two = ""] = [mine.get(name), other.get(name)];
    if (one !== two) differs(name, one, two);
  }
}

function grouped(pairs: readonly Pair[], ownerOf: (name: string) => string): Map<string, string> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const owner = ownerOf(name);
    groups.set(owner, [...(groups.get(owner) ?? []), `${name}=${value}`]);
  }
  return new Map([...groups].map(([name, list]) => [name, list.join("&")]));
}

function compareBodies(ours: Parts, theirs: Parts, made: Made, add: Add): void {
  const [mine, other] = [ours.body, theirs.body];
  const { body } = made.values;
  if (mine.kind === "fields" && other.kind === "fields") {
    const fields = Object.entries(Object(body) as object);
    const ownerOf = (encoded: string): string => {
      const name = decode(encoded);
      return fields.find(([key]) => key === name || name.startsWith(`${key}[`))?.[0] ?? name;
    };
    eachOwner(mine.pairs, other.pairs, ownerOf, (name, one, two) => {
      const field = made.raw.parameters.find(
        (parameter) => parameter["in"] === "formData" && parameter["name"] === name,
      );
      const media = Object(Object(made.raw.requestBody?.["content"])[made.values.contentType ?? ""]) as Raw;
      const encoding = Object(Object(media["encoding"])[name]) as Raw;
      add({ part: "body", name, ours: one, theirs: two }, [Object(body)[name], field ?? encoding]);
    });
    return;
  }
  if (isDeepStrictEqual(mine, other)) return;
  add({ part: "body", name: "", ours: JSON.stringify(mine), theirs: JSON.stringify(other) }, [body, undefined]);
}

/** The text behind percent-encoding, or the text itself when it is none. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
