import { encodePathText, encodeQueryText, encodeStrictly } from "./percent.ts";
import { scalarText } from "./scalar.ts";

/** Where a parameter stands; each place has its own rules for what must be escaped. */
export type ParameterPlace = "path" | "query" | "header" | "cookie";

/** How one parameter is written (OAS 3.1.1 §4.8.12.2.2), defaults filled in. */
export interface Serialisation {
  readonly in: ParameterPlace;
  readonly name: string;
  readonly style: string;
  readonly explode: boolean;
  readonly allowReserved: boolean;
}

/** What stands between the values of a list; `tabDelimited` is Swagger 2.0's `tsv`, the others are OpenAPI's (OAS 3.1.1 §4.8.12.4). */
const DELIMITERS: ReadonlyMap<string, string> = new Map([
  ["spaceDelimited", "%20"],
  ["pipeDelimited", "%7C"],
  ["tabDelimited", "%09"],
]);

/** A value taken apart once: a single text, a list of texts, or names with texts. */
type Shape =
  | { readonly kind: "one"; readonly text: string }
  | { readonly kind: "list"; readonly texts: readonly string[] }
  | { readonly kind: "map"; readonly pairs: readonly (readonly [string, string])[] };

/** OpenAPI's default style of a place, and its default `explode`. */
export function defaultStyle(place: ParameterPlace): "form" | "simple" {
  return place === "query" || place === "cookie" ? "form" : "simple";
}

/**
 * Writes a parameter in its style.
 *
 *     { in: "query", name: "tags", style: "form", explode: true }, ["a", "b"]  →  "tags=a&tags=b"
 *     { in: "path", name: "id", style: "label", explode: false }, ["a", "b"]   →  ".a,b"
 *
 * Nested values, which OpenAPI leaves open, are written as JSON, but for `deepObject`, where brackets go on: `a[b][c]=1`, and for lists in
 * an object whose members are parameters of their own: `{ page: 1, sort: ["a", "b"] }` → `page=1&sort=a&sort=b`.
 *
 * @returns The text that takes the parameter's place; in a query and a cookie with the name in it, without `?` and `&` around it.
 * `undefined` when there is nothing to send: an empty list, an empty object, `null`.
 * @see https://spec.openapis.org/oas/v3.1.1.html#style-examples
 */
export function serialise(how: Serialisation, value: unknown): string | undefined {
  const encode = encoderFor(how);
  if (how.style === "deepObject") {
    const pairs = deepPairs(how.name, value);
    return pairs.length === 0
      ? undefined
      : pairs.map(([name, text]) => `${encodeStrictly(name)}=${encode(text)}`).join("&");
  }
  const shape = shapeOf(value, how.explode && (how.style === "form" || how.style === "cookie"));
  if (shape === undefined) return undefined;
  switch (how.style) {
    case "matrix":
      return matrix(how, shape, encode);
    case "label":
      return `.${plain(how, shape, encode, how.explode ? "." : ",")}`;
    default: {
      // In a path or a header there is no name to write: Swagger 2.0's `ssv`, `tsv` and `pipes` are the values alone there.
      const alone = how.in === "path" || how.in === "header";
      const delimiter = DELIMITERS.get(how.style) ?? ",";
      return alone
        ? plain(how, shape, encode, how.in === "header" ? decodeURIComponent(delimiter) : delimiter)
        : named(how, shape, encode, delimiter);
    }
  }
}

/** The texts of a value, names of members included: what a place may have to refuse. */
export function textsOf(value: unknown): readonly string[] {
  const shape = shapeOf(value);
  if (shape === undefined) return [];
  if (shape.kind === "one") return [shape.text];
  return shape.kind === "list" ? shape.texts : shape.pairs.flat();
}

/** @param apart Members are parameters of their own, and one that is a list is written as such a parameter would be. */
function shapeOf(value: unknown, apart = false): Shape | undefined {
  if (value === undefined || value === null) return undefined; // RFC 6570 §2.3: null is undefined
  if (Array.isArray(value)) {
    const texts = value.filter((entry) => entry !== null && entry !== undefined).map(scalarText);
    return texts.length === 0 ? undefined : { kind: "list", texts };
  }
  if (typeof value === "object") {
    const pairs = Object.entries(value)
      .filter(([, entry]) => entry !== null && entry !== undefined)
      .flatMap(([key, entry]) => (apart ? oneByOne(entry) : [entry]).map((one) => [key, scalarText(one)] as const));
    return pairs.length === 0 ? undefined : { kind: "map", pairs };
  }
  return { kind: "one", text: scalarText(value) };
}

/** The entries of a list of plain values; a list that holds more is one value, and so is anything else. */
export function oneByOne(value: unknown): readonly unknown[] {
  const isPlain = (entry: unknown): boolean => typeof entry !== "object" || entry === null;
  return Array.isArray(value) && value.every(isPlain) ? value.filter((entry) => entry !== null) : [value];
}

type Encode = (text: string) => string;

function encoderFor(how: Serialisation): Encode {
  if (how.in === "header") return (text) => text; // OAS 3.1.2 §4.8.12.2.2: header values are not percent-encoded
  if (how.style === "cookie") return (text) => text; // OAS 3.2.0 §4.12.2.2: nothing is escaped
  if (!how.allowReserved) return encodeStrictly;
  return how.in === "path" ? encodePathText : encodeQueryText;
}

/** `simple`, and `label` without its dot: values alone. */
function plain(how: Serialisation, shape: Shape, encode: Encode, separator: string): string {
  switch (shape.kind) {
    case "one":
      return encode(shape.text);
    case "list":
      return shape.texts.map(encode).join(separator);
    case "map":
      return pairTexts(shape.pairs, encode, how.explode ? "=" : ",").join(separator);
  }
}

function matrix(how: Serialisation, shape: Shape, encode: Encode): string {
  const name = encode(how.name);
  switch (shape.kind) {
    case "one":
      return shape.text === "" ? `;${name}` : `;${name}=${encode(shape.text)}`;
    case "list":
      return how.explode
        ? shape.texts.map((text) => `;${name}=${encode(text)}`).join("")
        : `;${name}=${shape.texts.map(encode).join(",")}`;
    case "map":
      return how.explode
        ? pairTexts(shape.pairs, encode, "=")
            .map((pair) => `;${pair}`)
            .join("")
        : `;${name}=${pairTexts(shape.pairs, encode, ",").join(",")}`;
  }
}

/** `form` and its delimited sisters: `name=value`. */
function named(how: Serialisation, shape: Shape, encode: Encode, delimiter: string): string {
  const name = how.style === "cookie" ? how.name : encodeStrictly(how.name);
  const between = how.in === "cookie" ? "; " : "&";
  switch (shape.kind) {
    case "one":
      return `${name}=${encode(shape.text)}`;
    case "list":
      return how.explode
        ? shape.texts.map((text) => `${name}=${encode(text)}`).join(between)
        : `${name}=${shape.texts.map(encode).join(delimiter)}`;
    case "map":
      return how.explode
        ? pairTexts(shape.pairs, encode, "=").join(between)
        : `${name}=${pairTexts(shape.pairs, encode, delimiter).join(delimiter)}`;
  }
}

function pairTexts(pairs: readonly (readonly [string, string])[], encode: Encode, equals: string): readonly string[] {
  return pairs.map(([key, text]) => `${encode(key)}${equals}${encode(text)}`);
}

/** `{ b: { c: 1 }, d: [2] }` → `a[b][c]=1`, `a[d][]=2`; a list that holds objects is numbered, so that their members stay together. */
export function deepPairs(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    const numbered = value.some((entry) => typeof entry === "object" && entry !== null);
    return value.flatMap((entry: unknown, index) => deepPairs(`${name}[${numbered ? index : ""}]`, entry));
  }
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([key, entry]) => deepPairs(`${name}[${key}]`, entry));
  }
  return [[name, scalarText(value)]];
}
