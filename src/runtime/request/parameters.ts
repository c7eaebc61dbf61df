import type { Parameters, StyledValue } from "../../definition/call.ts";
import type { Template } from "../../definition/template.ts";
import { headerText, headerName } from "./header.ts";
import { invalidArgument } from "./invalid-argument.ts";
import { isJson } from "./media-type.ts";
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
      explode: as.explode ?? (style === "form" || style === "deepObject"),
      allowReserved: as.allowReserved ?? false,
    };
    return [{ how, contentType: as.contentType, value, argument: argumentOf(parameters, name) }];
  });
}

function textOf({ how, contentType, value }: FilledParameter): string | undefined {
  if (contentType === undefined) return serialise(how, value);
  const text = isJson(contentType) ? JSON.stringify(value) : scalarText(value);
  return serialise({ ...how, style: defaultStyle(how.in) }, text);
}

function pathText(parameter: FilledParameter): string {
  const { how, value, argument } = parameter;
  if (how.allowReserved && typeof value === "string") {
    // OAS 3.2 §4.8.12.2: `/` may pass; every piece between is held to the same rules.
    const pieces = value.split("/");
    for (const piece of pieces) assertPathText(piece, argument);
    return pieces.map((piece) => serialise({ ...how, allowReserved: false }, piece) ?? "").join("/");
  }
  if (parameter.contentType === undefined) for (const text of textsOf(value)) assertPathText(text, argument);
  else assertPathText(scalarText(value), argument);
  const text = textOf(parameter);
  if (text === undefined || text === "") throw invalidArgument(argument, "must not be empty");
  return text;
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
