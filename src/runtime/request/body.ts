import type { Body } from "../../definition/request.ts";
import type { Template } from "../../definition/template.ts";
import { type FileInput, isFile } from "../file.ts";
import type { Problem } from "../problem.ts";
import { knownFile } from "./file-part.ts";
import { encodingOf, fieldsOf, urlencoded } from "./form.ts";
import { invalidArgument } from "./invalid-argument.ts";
import { essence, isJson } from "./media-type.ts";
import { scalarText } from "./scalar.ts";
import { fillTemplate, inputsOf } from "./template.ts";
import type { FilledBody, FilledFile, FilledPart, Scope } from "./types.ts";
import { assertSendable } from "./url.ts";

/**
 * Fills a request body and serialises it as the first of its media types that can carry it: JSON cannot carry a file, a form
 * cannot carry a list; a text is the form itself.
 *
 * @returns `undefined` when the payload is absent as a whole.
 * @throws {Problem} `invalid_arguments` naming the argument that no media type can carry.
 */
export function fillBody(body: Body, scope: Scope): FilledBody | undefined {
  const payload = fillTemplate(body.payload, scope);
  if (payload === undefined || (body.needs && isEmpty(payload))) return undefined;
  const argument = (path: string) => argumentAt(body.payload, path);
  refuseHalf(payload, body, argument);
  const types = typeof body.contentType === "string" ? [body.contentType] : (body.contentType ?? ["application/json"]);
  const contentType = types.find((type) => canCarry(type, payload));
  if (contentType === undefined) throw cannotCarry(payload, argument);
  const type = essence(contentType);
  if (isFile(payload)) {
    const file = openedFile(payload);
    return { kind: "file", contentType: type.includes("*") ? file.contentType : contentType, file };
  }
  if (type.startsWith(MULTIPART))
    return { kind: "multipart", contentType, parts: parts(payload as Fields, { body, type, argument }) }; // canCarry
  if (type === FORM && typeof payload !== "string")
    return { kind: "text", contentType, text: formText(payload as Fields, body, argument) }; // canCarry
  const sent = typeWithin(contentType, payload);
  return { kind: "text", contentType: sent, text: isJson(sent) ? JSON.stringify(payload) : scalarText(payload) };
}

/** What is sent has a type and not a range (RFC 9110 §8.3): the one within it that fits, a text as it is and anything else as JSON. */
function typeWithin(contentType: string, payload: unknown): string {
  const type = essence(contentType);
  if (!type.includes("*")) return contentType;
  const asText = type === "text/*" || (type === "*/*" && typeof payload === "string");
  return asText ? "text/plain" : "application/json";
}

/** Vendor's field → argument for every field of a payload, dotted; "" when the payload is one argument. */
export function bodyLocations(payload: Template): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  walk(payload, "", (path, argument) => found.push([path, argument]));
  return found;
}

type Fields = Readonly<Record<string, unknown>>;

/** The members of a payload, of the one element of a list as well; undefined when it is neither. */
function fieldsIn(payload: unknown): Fields | undefined {
  const one: unknown = Array.isArray(payload) && payload.length === 1 ? payload[0] : payload;
  return typeof one === "object" && one !== null && !Array.isArray(one) && !isFile(one)
    ? (one as Fields) // an object, whatever it holds
    : undefined;
}

function isEmpty(payload: unknown): boolean {
  const fields = fieldsIn(payload);
  return fields !== undefined && Object.keys(fields).length === 0;
}

/**
 * A body that may be left out is given as a whole or not at all.
 *
 * @throws {Problem} `invalid_arguments` naming what is missing beside what was given.
 */
function refuseHalf(payload: unknown, { needs = [] }: Body, argument: (path: string) => string): void {
  const fields = fieldsIn(payload);
  const missing = fields ? needs.filter((key) => !Object.hasOwn(fields, key)) : [];
  const [first] = missing;
  if (first === undefined || !fields) return;
  const given = Object.keys(fields).map((key) => argument(key));
  throw invalidArgument(argument(first), `is needed together with ${given.slice(0, 3).join(", ")}`); // three say enough
}

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/";
/** Its parts are told apart by their order, and what they say of their disposition means nothing (RFC 2387 §3, §5). */
const RELATED = "multipart/related";

function canCarry(contentType: string, payload: unknown): boolean {
  const type = essence(contentType);
  const fields = typeof payload === "object" && payload !== null && !Array.isArray(payload) && !isFile(payload);
  if (type.startsWith(MULTIPART)) return fields && !type.includes("*"); // of a range nobody knows how its parts are told apart
  if (isFile(payload)) return type !== FORM && (type.includes("*") || !isJson(type));
  if (holdsFile(payload)) return false;
  if (type === FORM) return fields || typeof payload === "string"; // a form that is written out
  return isJson(type) || typeof payload !== "object"; // text, and what a caller wrote as XML
}

function cannotCarry(payload: unknown, argument: (path: string) => string): Problem {
  const file = filePath(payload, "");
  if (file !== undefined) return invalidArgument(argument(file), "a file cannot be sent here");
  return invalidArgument(argument(""), "cannot be sent in this form");
}

interface Multipart {
  readonly body: Body;
  readonly type: string;
  readonly argument: (path: string) => string;
}

/** The parts in the order of the payload. */
function parts(payload: Fields, { body, type, argument }: Multipart): readonly FilledPart[] {
  const unnamed = body.unnamed ?? type === RELATED;
  const filled: FilledPart[] = [];
  for (const [property, value] of Object.entries(payload)) {
    for (const field of fieldsOf({ [property]: value }, body)) {
      assertSendable(field.name, argument(property));
      const name = unnamed ? undefined : field.name;
      if (typeof field.value === "string") {
        assertSendable(field.value, argument(property));
        filled.push({ ...field, name, value: field.value });
      } else {
        filled.push({ name, value: filePartOf(field.value, property, body) });
      }
    }
  }
  return filled;
}

function filePartOf(field: FileInput, property: string, body: Body): FilledFile {
  const file = openedFile(field);
  const declared = encodingOf(body, property)?.contentType;
  // A range or a list says what is welcome, not what this file is.
  return declared === undefined || /[*,]/.test(declared) ? file : { ...file, contentType: declared };
}

function openedFile(input: FileInput): FilledFile {
  const file = knownFile(input);
  if (!file) throw new Error("a file is to be sent that was not opened");
  return file;
}

function formText(payload: Fields, body: Body, argument: (path: string) => string): string {
  for (const [property, value] of Object.entries(payload)) {
    for (const field of fieldsOf({ [property]: value }, body)) {
      assertSendable(field.name + (typeof field.value === "string" ? field.value : ""), argument(property));
    }
  }
  return urlencoded(payload, body);
}

function holdsFile(value: unknown): boolean {
  return filePath(value, "") !== undefined;
}

/** Dotted path of the first file in a payload. */
function filePath(value: unknown, path: string): string | undefined {
  if (isFile(value)) return path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, entry] of Object.entries(value)) {
    const found = filePath(entry, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The argument that fills a field of the payload, or the closest one above it. */
function argumentAt(payload: Template, path: string): string {
  const known = new Map(bodyLocations(payload));
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
    const argument = known.get(at);
    if (argument !== undefined) return argument;
    if (at === "") return inputsOf(payload)[0] ?? "body";
  }
}

function walk(template: Template, path: string, see: (path: string, argument: string) => void): void {
  if (typeof template === "object" && template !== null) {
    for (const [key, value] of Object.entries(template)) {
      // A list's positions are left out: vendors count them in ways of their own.
      walk(value, Array.isArray(template) ? path : path === "" ? key : `${path}.${key}`, see);
    }
    return;
  }
  const [argument] = inputsOf(template);
  if (argument !== undefined) see(path, argument);
}
