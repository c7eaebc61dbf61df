import type { Result } from "../../definition/call.ts";
import { cleanValue } from "./clean.ts";
import { loadHtmlReader } from "./html.ts";
import { compileProjection } from "./projection.ts";
import { prepareTexts } from "./texts.ts";

/** Turns a value of the vendor's into what the model gets of it; for a list it is applied to each item. */
export type Shape = (value: unknown) => unknown;

/**
 * Compiles what a tool keeps of a value: its fields, then its texts, then what is never handed on (hidden characters, nulls).
 *
 *     { fields: ["id", "body"], text: [{ at: "body", html: true }] }:  { id: 1, body: "<b>Hi</b>", x: 2 } → { id: 1, body: "Hi" }
 */
export async function prepareShape(result: Result | undefined): Promise<Shape> {
  const rules = result?.text ?? [];
  const [project, readHtml] = await Promise.all([
    compileProjection(result),
    rules.some((rule) => rule.html) ? loadHtmlReader() : (text: string) => text,
  ]);
  const applyTexts = prepareTexts(rules, readHtml);
  return (value) => cleanValue(applyTexts(project ? project(value) : value), result?.keepNulls === true);
}
