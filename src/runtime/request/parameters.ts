import { explodesByDefault, type Parameters, type Querystring, type StyledValue } from "../../definition/request.ts";
import type { Template } from "../../definition/template.ts";
import { headerText, headerName } from "./header.ts";
import { invalidArgument } from "./invalid-argument.ts";
import { urlencoded } from "./form.ts";
import { essence, isJson } from "./media-type.ts";
import { encodeStrictly } from "./percent.ts";
import { scalarText } from "./scalar.ts";
import { defaultStyle, type ParameterPlace, type Serialisation, serialise, textsOf } from "./style.ts";
import { fillTemplate, inputsOf } from "./template.ts";
import type { Scope } from "./types.ts";
import { assertPathText, assertSendable, type PathText } from "./url.ts";

/** A parameter of a request, filled. */
interface FilledParameter {
  readonly how: Serialisation;
  readonly contentType: string | undefined;
  readonly value: unknown;
  readonly argument: string;
}

/** Query parameters in the order of the request, `a=1&a=2` each; absent ones are left out. */
export function queryTexts(parameters: Parameters | undefined, scope: Scope): readonly string[] {
  return filled(parameters, "query", scope).flatMap((parameter) => {
    checkSendable(parameter);
    const text = textOf(parameter);
    return text === undefined ? [] : [text];
  });
}

/**
 * The one value that is a whole query, written as its media type: a form as `a=1&b=2`, everything else as one percent-encoded text.
 *
 * @throws {Problem} `invalid_arguments` for half of a character.
 */
export function querystringText(querystring: Querystring | undefined, scope: Scope): readonly string[] {
  const value = querystring && fillTemplate(querystring.value, scope);
  if (querystring === undefined || value === undefined || value === null) return [];
  for (const text of textsOf(value)) assertSendable(text, inputsOf(querystring.value)[0] ?? "query");
  const text = contentText(value, querystring.contentType);
  const isForm = essence(querystring.contentType) === FORM && isRecord(value);
  return text === "" ? [] : [isForm ? text : encodeStrictly(text)];
}

/**
 * Path parameters, serialised and found by name.
 *
 * @throws {Problem} `invalid_arguments` when one is missing or could leave its segment.
 */
export function pathTexts(parameters: Parameters | undefined, scope: Scope): (name: string) => PathText {
  const known = new Map(filled(parameters, "path", scope).map((parameter) => [parameter.how.name, parameter]));
  return (name) => {
    const parameter = known.get(name);
    if (!parameter) throw invalidArgument(argumentOf(parameters, name), "is needed");
    return { text: pathText(parameter), argument: parameter.argument };
  };
}

/** Header parameters, and the cookies as one header. */
export function headerTexts(
  header: Parameters | undefined,
  cookie: Parameters | undefined,
  scope: Scope,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const parameter of filled(header, "header", scope)) {
    const text = textOf(parameter);
    if (text === undefined) continue;
    headers[headerName(parameter.how.name)] = headerText(text, parameter.argument);
  }
  const cookies = filled(cookie, "cookie", scope).flatMap((parameter) => {
    checkSendable(parameter);
    if (parameter.how.style === "cookie") checkCookie(parameter);
    return textOf(parameter) ?? [];
  });
  if (cookies.length > 0) headers["cookie"] = cookies.join("; ");
  return headers;
}

/** Vendor's name → argument's name, for parameters that come from one argument. */
export function parameterLocations(
  ...places: readonly (Parameters | undefined)[]
): readonly (readonly [string, string])[] {
  return places.flatMap((parameters) =>
    Object.keys(parameters ?? {}).flatMap((name) => {
      const [argument] = inputsOf(styled(parameters?.[name] ?? null).value);
      return argument === undefined ? [] : [[name, argument] as const];
    }),
  );
}

function filled(parameters: Parameters | undefined, place: ParameterPlace, scope: Scope): readonly FilledParameter[] {
  return Object.entries(parameters ?? {}).flatMap(([name, entry]) => {
    const as = styled(entry);
    const value = fillTemplate(as.value, scope);
    if (value === undefined) return [];
    const style = as.style ?? defaultStyle(place);
    const how = {
      in: place,
      name,
      style,
      explode: as.explode ?? explodesByDefault(style),
      allowReserved: as.allowReserved ?? false,
    };
    return [{ how, contentType: as.contentType, value, argument: argumentOf(parameters, name) }];
  });
}

function textOf({ how, contentType, value }: FilledParameter): string | undefined {
  if (contentType === undefined) return serialise(how, value);
  return serialise({ ...how, style: defaultStyle(how.in) }, contentText(value, contentType));
}

/** The value of a `content` parameter as its media type writes it. */
function contentText(value: unknown, contentType: string): string {
  if (isJson(contentType)) return JSON.stringify(value);
  if (essence(contentType) === FORM && isRecord(value)) return urlencoded(value, {});
  return scalarText(value);
}

const FORM = "application/x-www-form-urlencoded";

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pathText(parameter: FilledParameter): string {
  const { how, value, argument, contentType } = parameter;
  const texts = contentType === undefined ? textsOf(value) : [contentText(value, contentType)];
  const among = typeof value === "object" && contentType === undefined;
  // OAS 3.2.0 §4.12.2.2: with `allowReserved` a slash may pass; every piece between is held to the same rules.
  for (const piece of how.allowReserved ? texts.flatMap((text) => text.split("/")) : texts)
    assertPathText(piece, argument, { among });
  const text = textOf(parameter);
  if (text === undefined || text.split("/").includes("")) throw invalidArgument(argument, "must not be empty");
  return text;
}

/** What `style: cookie` writes is not escaped, so it must be what a cookie may hold (RFC 6265 §4.1.1). */
function checkCookie({ value, argument }: FilledParameter): void {
  for (const text of textsOf(value)) {
    if (!/^[\u0021\u0023-\u002B\u002D-\u003A\u003C-\u005B\u005D-\u007E]*$/.test(text))
      throw invalidArgument(
        argument,
        "must be what a cookie may hold: no spaces, quotes, commas, semicolons or backslashes",
      );
  }
}

function checkSendable({ value, argument }: FilledParameter): void {
  // Nested texts end up in JSON, which escapes what is not well-formed.
  for (const text of textsOf(value)) assertSendable(text, argument);
}

/** A template, or a template with a style: told apart by its keys, which a template of an object never has all to itself. */
function styled(entry: Template | StyledValue): StyledValue {
  if (
    typeof entry === "object" &&
    entry !== null &&
    "value" in entry &&
    Object.keys(entry).every((key) => STYLED.has(key))
  ) {
    return entry as StyledValue; // checked by its keys
  }
  return { value: entry as Template }; // the other half of the union
}

const STYLED: ReadonlySet<string> = new Set(["value", "style", "explode", "allowReserved", "contentType"]);

/** The argument behind a parameter; a constant is called by its own name. */
function argumentOf(parameters: Parameters | undefined, name: string): string {
  const entry = parameters && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return (entry !== undefined && inputsOf(styled(entry).value)[0]) || name;
}
