import type { Diagnostic, Origin } from "../diagnostic.ts";
import { either, error, quote, warning, type Near } from "./message.ts";

/** What the vendor demands is filled by nothing: neither an argument nor a constant. */
export function requiredLeftOut({
  at,
  name,
  operation,
  origin,
}: {
  at: Origin;
  name: string;
  operation: string;
  origin: Origin;
}): Diagnostic {
  return error("REQUIRED_LEFT_OUT", {
    at,
    message: `${operation} demands ${quote(name)}, and nothing sends it`,
    help: `add ${quote(name)} to \`arguments:\`, or \`parameters: { ${name}: { hide: true, value: … } }\``,
    notes: [{ at: origin, message: `${quote(name)} is required here` }],
  });
}

/** A header that belongs to the connection or to credentials, never to a tool. */
export function forbiddenHeader({ at, name, origin }: { at: Origin; name: string; origin: Origin }): Diagnostic {
  return error("FORBIDDEN_HEADER", {
    at,
    message: `the header ${quote(name)} is never set by a tool`,
    help: `remove ${quote(name)} from the tool; what proves who we are belongs under \`credentials:\``,
    notes: [{ at: origin, message: "the description has it here" }],
  });
}

/** A name that no argument can have. */
export function invalidArgumentName({ at, name, source }: { at: Origin; name: string; source: string }): Diagnostic {
  return error("INVALID_ARGUMENT_NAME", {
    at,
    message: `${quote(name)} is no name for an argument`,
    help: `add \`parameters: { ${source}: { rename: … } }\` with a letter, then letters, digits, _ or -`,
  });
}

/** One argument would be of different types in the requests of two routes. */
export function argumentTypesDiffer({
  at,
  name,
  origins,
}: {
  at: Origin;
  name: string;
  origins: readonly Origin[];
}): Diagnostic {
  return error("ARGUMENT_TYPES_DIFFER", {
    at,
    message: `the argument ${quote(name)} has another type in another route`,
    help: `make two tools of the routes, or hide ${quote(name)}`,
    notes: origins.map((origin) => ({ at: origin, message: `${quote(name)} is described here` })),
  });
}

/** Two parameters, or a parameter and a body property, would become one argument. `key` names one of them in tools.yaml. */
export function argumentCollision({
  at,
  name,
  key,
  rename = key.replaceAll(/\W+/g, "_"),
  first,
  second,
}: {
  at: Origin;
  name: string;
  key: string;
  rename?: string;
  first: Near;
  second: Near;
}): Diagnostic {
  return error("ARGUMENT_COLLISION", {
    at,
    message: `${first.name} and ${second.name} would both be the argument ${quote(name)}`,
    help: `add \`parameters: { ${key}: { rename: ${rename} } }\`, or hide one of the two`,
    notes: [first, second].flatMap((one) => (one.at ? [{ at: one.at, message: `${one.name} is here` }] : [])),
  });
}

/** A constant, a default or a choice that the vendor's schema does not allow. */
export function valueNotAllowed({
  at,
  value,
  expected,
  origin,
}: {
  at: Origin;
  value: string;
  expected: string;
  origin: Origin;
}): Diagnostic {
  return error("VALUE_NOT_ALLOWED", {
    at,
    message: `the vendor does not take ${value} here`,
    help: `write ${expected}`,
    notes: [{ at: origin, message: "described here" }],
  });
}

/** `content_type:` names a media type that the operation does not take. */
export function unknownContentType({
  at,
  contentType,
  operation,
  known,
}: {
  at: Origin;
  contentType: string;
  operation: string;
  known: readonly string[];
}): Diagnostic {
  return error("UNKNOWN_CONTENT_TYPE", {
    at,
    message: `${operation} does not take ${quote(contentType)}`,
    help: `write ${either(known.map((one) => `\`${one}\``))}`,
  });
}

/** A multipart body that we cannot write: its schema has neither properties that name its parts nor, beside `form-data`, items that are them. */
export function unsupportedBody({
  at,
  operation,
  contentType,
  known,
  origin,
}: {
  at: Origin;
  operation: string;
  contentType: string;
  /** Media types of the same body that can be written. */
  known: readonly string[];
  origin: Origin;
}): Diagnostic {
  const only = known.length === 0 ? " only" : "";
  return error("UNSUPPORTED_BODY", {
    at,
    message: `${operation} takes its body as ${quote(contentType)}${only}, and its schema does not say what its parts are: no argument could fill them`,
    help:
      known.length > 0
        ? `write ${either(known.map((one) => `\`${one}\``))}`
        : "describe its parts as the properties of an object, in an overlay if the description is the vendor's; otherwise remove the tool",
    notes: [{ at: origin, message: "the body is described here" }],
  });
}

/** A form whose schema is a list, a text or bytes: it has no fields that could be arguments. */
export function formWithoutFields({
  at,
  operation,
  contentType,
  origin,
}: {
  at: Origin;
  operation: string;
  contentType: string;
  origin: Origin;
}): Diagnostic {
  return warning("FORM_WITHOUT_FIELDS", {
    at,
    message: `the body of ${operation} is ${quote(contentType)} and its schema has no properties: the tool takes it as one text, which is sent as it is`,
    help: "describe its fields as the properties of an object, in an overlay if the description is the vendor's",
    notes: [{ at: origin, message: "the body is described here" }],
  });
}

/** GET, HEAD or TRACE with a body that is described: it has no meaning, and is not sent. */
export function bodyIgnored({ at, operation, origin }: { at: Origin; operation: string; origin: Origin }): Diagnostic {
  return warning("BODY_IGNORED", {
    at,
    message: `the body of ${operation} is left out: by this method none is sent`,
    notes: [{ at: origin, message: "the body is described here" }],
    help: "use an operation with POST or QUERY if there is one, or leave the tool as it is",
  });
}

/** A part of a multipart body has headers of its own in the description; they are not sent. */
export function partHeadersIgnored({
  at,
  part,
  operation,
  headers,
}: {
  at: Origin;
  part: string;
  operation: string;
  headers: readonly string[];
}): Diagnostic {
  return warning("PART_HEADERS_IGNORED", {
    at,
    message: `${operation} describes headers of the part ${quote(part)}, which are not sent: ${headers.join(", ")}`,
    help: `hide ${quote(part)} under \`parameters:\` if the vendor needs them`,
  });
}

/** `body: array` for an operation whose body is no list. */
export function bodyNotAList({ at, operation }: { at: Origin; operation: string }): Diagnostic {
  return error("BODY_NOT_A_LIST", {
    at,
    message: `the body of ${operation} is no list`,
    help: "write `body: flatten`",
  });
}

/** A paged tool of which nobody says where its items stand. */
export function itemsNotFound({
  at,
  operation,
  lists,
}: {
  at: Origin;
  operation: string;
  lists: readonly string[];
}): Diagnostic {
  const known = lists.length > 0 ? lists.map((one) => `\`result: { items: ${one} }\``) : ["`result: { items: /… }`"];
  return error("ITEMS_NOT_FOUND", {
    at,
    message: `where the items of ${operation} stand is not said, and its answer has ${lists.length === 0 ? "no list" : "several lists"}`,
    help: `add ${either(known)}`,
  });
}

/** `result.items` without a rule of paging, or `result.value` with one. */
export function listWithoutPaging({ at, paged }: { at: Origin; paged: boolean }): Diagnostic {
  return error("LIST_WITHOUT_PAGING", {
    at,
    message: paged
      ? "a tool that pages has `items`, not a `value`"
      : "`items` are of a tool that pages, and this one does not",
    help: paged
      ? "write `items:`"
      : "add `pagination: { end: single }` if the vendor answers everything at once, or write `value:`",
  });
}

/** Some routes of a tool page and others do not: its answers would have two shapes. */
export function mixedPaging({ at, route }: { at: Origin; route: string }): Diagnostic {
  return error("MIXED_PAGING", {
    at,
    message: `${route} does not page, and another route of the tool does`,
    help: "add `pagination: { end: single }` to the route, or make two tools",
  });
}

/** The arguments of a tool are made of more parts than a model can read; the deepest are not told. */
export function deepArguments({
  at,
  tool,
  parts,
  levels,
}: {
  at: Origin;
  tool: string;
  parts: number;
  levels: number;
}): Diagnostic {
  return warning("DEEP_ARGUMENTS", {
    at,
    message: `the arguments of ${quote(tool)} have ${parts} parts; ${levels} levels of them are told, and deeper ones taken as they come`,
    help: "choose with `arguments:` what the tool needs",
  });
}
