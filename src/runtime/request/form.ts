import { type Body, type Encoding, explodesByDefault } from "../../definition/request.ts";
import { isFile, type FileInput } from "../file.ts";
import { isJson } from "./media-type.ts";
import { encodeStrictly } from "./percent.ts";
import { scalarText } from "./scalar.ts";
import { deepPairs, oneByOne, serialise } from "./style.ts";

/** One field of a form: a text, or a file still to be read. */
export interface Field {
  readonly name: string;
  readonly value: string | FileInput;
  /** Said where it is not plain text; a file has one of its own. */
  readonly contentType?: string;
}

/** What a body says of how its fields are written. */
export type FormRules = Pick<Body, "encoding" | "nesting">;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Fields of a form, in the order of the payload (OAS 3.1.1 §4.8.15).
 *
 *     { tags: ["a"], custom: { k: 1 } }, brackets  →  tags[]=a, custom[k]=1
 *     { tags: ["a", "b"], custom: { k: 1 } }       →  tags=a, tags=b, custom={"k":1}
 *
 * `null` is sent as an empty text, which clears a field wherever forms can clear one.
 */
export function fieldsOf(payload: Fields, rules: FormRules): readonly Field[] {
  return Object.entries(payload).flatMap(([name, value]) => {
    const encoding = encodingOf(rules, name);
    const files = holdsFile(value); // a style is for texts: many descriptions say `form` of every part, files too
    if (encoding && isStyled(encoding) && !files) return styledFields(name, value, encoding);
    const contentType = encoding?.contentType;
    if (contentType !== undefined && isJson(contentType) && !files)
      return [{ name, value: JSON.stringify(value), contentType }];
    const fields = rules.nesting === "brackets" ? bracketed(name, value) : repeated(name, value);
    return contentType === undefined
      ? fields
      : fields.map((field) => (typeof field.value === "string" ? { ...field, contentType } : field));
  });
}

function holdsFile(value: unknown): boolean {
  return isFile(value) || (Array.isArray(value) && value.some(isFile));
}

/** Fields as `application/x-www-form-urlencoded`; a field with a style of its own is written by that. */
export function urlencoded(payload: Fields, rules: FormRules): string {
  return Object.entries(payload)
    .map(([name, value]) => {
      const encoding = encodingOf(rules, name);
      if (encoding && isStyled(encoding)) {
        const { style = "form", allowReserved = false } = encoding;
        const explode = encoding.explode ?? explodesByDefault(style);
        return serialise({ in: "query", name, style, explode, allowReserved }, value) ?? "";
      }
      return fieldsOf({ [name]: value }, rules)
        .map((field) => `${encodeStrictly(field.name)}=${encodeStrictly(textIn(field))}`)
        .join("&");
    })
    .filter((text) => text !== "")
    .join("&");
}

/** What the body says of one of its properties. */
export function encodingOf({ encoding }: FormRules, name: string): Encoding | undefined {
  return encoding && Object.hasOwn(encoding, name) ? encoding[name] : undefined;
}

/** Whether a style decides; the media type of the encoding means nothing then (OAS 3.1.1 §4.8.15.1.2). */
function isStyled({ style, explode, allowReserved }: Encoding): boolean {
  return style !== undefined || explode !== undefined || allowReserved !== undefined;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  form: ",",
  spaceDelimited: " ",
  pipeDelimited: "|",
  tabDelimited: "\t",
};

/** Parts of a multipart body by a style: as in a query, with nothing percent-encoded (OAS 3.1.1 §4.8.15.1.2, Appendix E.2). */
function styledFields(name: string, value: unknown, encoding: Encoding): readonly Field[] {
  const { style = "form" } = encoding;
  if (style === "deepObject") return deepPairs(name, value).map(([key, text]) => ({ name: key, value: text }));
  if (typeof value !== "object" || value === null) return [text(name, value)];
  const isList = Array.isArray(value);
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  if (encoding.explode ?? explodesByDefault(style))
    return members.flatMap(([key, entry]) =>
      isList ? [text(name, entry)] : oneByOne(entry).map((one) => text(key, one)),
    );
  const texts = members.flatMap(([key, entry]) => (isList ? [scalarText(entry)] : [key, scalarText(entry)]));
  return texts.length === 0 ? [] : [{ name, value: texts.join(DELIMITERS[style] ?? ",") }];
}

function bracketed(name: string, value: unknown): readonly Field[] {
  if (isFile(value)) return [{ name, value }];
  if (Array.isArray(value)) return value.flatMap((entry: unknown) => bracketed(`${name}[]`, entry));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, entry]) => bracketed(`${name}[${key}]`, entry));
  }
  return [text(name, value)];
}

/** A list as fields of one name; an object as JSON, which is said (OAS 3.1.1 §4.8.15.1.1, default of `contentType`). */
function repeated(name: string, value: unknown): readonly Field[] {
  const entries: readonly unknown[] = Array.isArray(value) && !isFile(value) ? value : [value];
  return entries.map((entry) => {
    if (isFile(entry)) return { name, value: entry };
    const isObject = typeof entry === "object" && entry !== null;
    return isObject ? { ...text(name, entry), contentType: "application/json" } : text(name, entry);
  });
}

function text(name: string, value: unknown): Field {
  return { name, value: value === null ? "" : scalarText(value) };
}

function textIn({ value }: Field): string {
  return typeof value === "string" ? value : "";
}
