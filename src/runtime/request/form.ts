import type { Body, Encoding } from "../../definition/call.ts";
import { isFile, type FileInput } from "../file.ts";
import { encodeStrictly } from "./percent.ts";
import { scalarText } from "./scalar.ts";
import { serialise } from "./style.ts";

/** One field of a form: a text, or a file still to be read. */
export type Field = readonly [name: string, value: string | FileInput];

/**
 * Fields of a form, in the order of the payload.
 *
 *     { tags: ["a"], custom: { k: 1 } }, brackets  →  tags[]=a, custom[k]=1
 *     { tags: ["a", "b"], custom: { k: 1 } }       →  tags=a, tags=b, custom={"k":1}
 *
 * `null` is sent as an empty text, which clears a field wherever forms can clear one.
 */
export function fieldsOf(payload: Readonly<Record<string, unknown>>, nesting: Body["nesting"]): readonly Field[] {
  return Object.entries(payload).flatMap(([name, value]) =>
    nesting === "brackets" ? bracketed(name, value) : repeated(name, value),
  );
}

/** Fields as `application/x-www-form-urlencoded`; a field with an encoding of its own is written by that. */
export function urlencoded(payload: Readonly<Record<string, unknown>>, body: Body): string {
  return Object.entries(payload)
    .map(([name, value]) => {
      const style = encodingOf(body, name)?.style;
      if (style !== undefined) {
        const explode = encodingOf(body, name)?.explode ?? style === "form";
        return serialise({ in: "query", name, style, explode, allowReserved: false }, value) ?? "";
      }
      return fieldsOf({ [name]: value }, body.nesting)
        .map(([field, text]) => `${encodeStrictly(field)}=${encodeStrictly(typeof text === "string" ? text : "")}`)
        .join("&");
    })
    .filter((text) => text !== "")
    .join("&");
}

/** What the body says of one of its properties. */
export function encodingOf(body: Body, name: string): Encoding | undefined {
  return body.encoding && Object.hasOwn(body.encoding, name) ? body.encoding[name] : undefined;
}

function bracketed(name: string, value: unknown): readonly Field[] {
  if (isFile(value)) return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((entry: unknown) => bracketed(`${name}[]`, entry));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, entry]) => bracketed(`${name}[${key}]`, entry));
  }
  return [[name, value === null ? "" : scalarText(value)]];
}

function repeated(name: string, value: unknown): readonly Field[] {
  if (isFile(value)) return [[name, value]];
  if (Array.isArray(value))
    return value.flatMap((entry: unknown) => (isFile(entry) ? [[name, entry]] : repeatedText(name, entry)));
  return repeatedText(name, value);
}

function repeatedText(name: string, value: unknown): readonly Field[] {
  return [[name, value === null ? "" : scalarText(value)]];
}
