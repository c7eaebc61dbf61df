import { isDeepStrictEqual } from "node:util";
import { mediaOf } from "./body-schema.ts";
import { bracketText, isLeftOpen } from "./brackets.ts";
import { asRaw, type Raw, type RawOperation } from "./description.ts";
import type { Values } from "./expected.ts";
import { canonical, type Pair, type Parts } from "./parts.ts";
import { SECRET } from "./project.ts";

/** A piece of a request that an independent serialiser writes differently, with what it was made of. */
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

/**
 * Everything that differs from swagger-client's request; an order counts only among values of one name. Where OpenAPI defines no text for
 * a value (see {@link isLeftOpen}), that parameter or field is not swagger-client's but what qs writes, to the byte.
 */
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
  const madeOf = (name: string): Origin => {
    const one = known.find((parameter) => parameter.name === name);
    return [one?.value, one?.parameter];
  };
  const names = known.map(({ name }) => name);
  eachOwner([ours, theirs], { ownerOf, madeOf, known: names, sent: (text) => text }, (name, mine, other) =>
    add({ part, name, ours: mine, theirs: other }, madeOf(name)),
  );
}

/** What the pieces of a query, a cookie or a form belong to. */
interface Owners {
  /** Of a pair, by its encoded name. */
  readonly ownerOf: (name: string) => string;
  readonly madeOf: (owner: string) => Origin;
  /** Everything that has a value. */
  readonly known: readonly string[];
  /** How a text of `qs` is sent here. */
  readonly sent: (text: string) => string;
}
type Origin = readonly [value: unknown, declared: Raw | undefined];

function isOpen([value, declared]: Origin): boolean {
  return isLeftOpen(declared, value);
}

function eachOwner(
  [ours, theirs]: readonly [readonly Pair[], readonly Pair[]],
  { ownerOf, madeOf, known, sent }: Owners,
  differs: (name: string, ours: string, theirs: string) => void,
): void {
  const [mine, other] = [grouped(ours, ownerOf), grouped(theirs, ownerOf)];
  const open = known.filter((name) => isOpen(madeOf(name))); // though swagger-client writes nothing of it
  for (const name of new Set([...mine.keys(), ...other.keys(), ...open])) {
    const [one = [], two = []] = [mine.get(name), other.get(name)];
    const [value] = madeOf(name);
    const texts = isOpen(madeOf(name))
      ? [one.map(([, , pair]) => pair).join("&"), sent(bracketText(name, value))]
      : [one, two].map((pairs) => pairs.map(([key, text]) => `${key}=${text}`).join("&"));
    const [first = "", second = ""] = texts;
    if (first !== second) differs(name, first, second);
  }
}

function grouped(pairs: readonly Pair[], ownerOf: (name: string) => string): Map<string, Pair[]> {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const owner = ownerOf(pair[0]);
    groups.set(owner, [...(groups.get(owner) ?? []), pair]);
  }
  return groups;
}

function compareBodies(ours: Parts, theirs: Parts, made: Made, add: Add): void {
  const [mine, other] = [ours.body, theirs.body];
  const { body } = made.values;
  if (mine.kind === "fields" && other.kind === "fields" && typeof body === "string") {
    const [one = "", two = ""] = [mine, other].map(({ pairs }) => pairs.map(([, , pair]) => pair).join("&"));
    if (one !== two) add({ part: "body", name: "", ours: one, theirs: two }, [body, undefined]);
    return;
  }
  if (mine.kind === "fields" && other.kind === "fields") {
    const known = Object.keys(asRaw(body));
    const ownerOf = (encoded: string): string => {
      const name = decode(encoded);
      return known.find((key) => key === name || name.startsWith(`${key}[`)) ?? name;
    };
    const madeOf = (name: string): Origin => [Object(body)[name], fieldOf(made, name)];
    // No URL, no percent-encoding (RFC 7578 §2): `parts.ts` encodes such a part in its own way, and so is what it is compared with.
    const isMultipart = ours.contentType.startsWith("multipart/");
    const sent = (text: string): string => (isMultipart ? canonical(text) : text);
    eachOwner([mine.pairs, other.pairs], { ownerOf, madeOf, known, sent }, (name, one, two) =>
      add({ part: "body", name, ours: one, theirs: two }, madeOf(name)),
    );
    return;
  }
  if (isDeepStrictEqual(mine, other)) return;
  add({ part: "body", name: "", ours: JSON.stringify(mine), theirs: JSON.stringify(other) }, [body, undefined]);
}

/** What the description says of how a field of a form is written. */
function fieldOf({ raw, values }: Made, name: string): Raw {
  const field = raw.parameters.find((parameter) => parameter["in"] === "formData" && parameter["name"] === name);
  return field ?? asRaw(asRaw(mediaOf(raw, values.contentType)["encoding"])[name]);
}

/** Names of what `qs` is asked for: parameters and fields of a form for whose value OpenAPI defines no text. */
export function leftOpenIn(made: Made): readonly string[] {
  const { body, contentType } = made.values;
  const parameters = ["query", "cookie"].flatMap((place) => parametersIn(place, made));
  const fields = /form/.test(contentType ?? "") ? Object.entries(asRaw(body)) : [];
  return [
    ...parameters.filter(({ parameter, value }) => isLeftOpen(parameter, value)).map(({ name }) => name),
    ...fields.filter(([name, value]) => isLeftOpen(fieldOf(made, name), value)).map(([name]) => name),
  ];
}

/** The text behind percent-encoding, or the text itself when it is none. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
