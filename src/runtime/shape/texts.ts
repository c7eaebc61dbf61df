import type { TextRule } from "../../definition/call.ts";
import type { HtmlReader } from "./html.ts";
import { cutText } from "./cut-text.ts";
import { stripHidden } from "./hidden-characters.ts";

/** A rule with its path taken apart: `conversations[].body` → `["conversations", "[]", "body"]`. */
interface PathRule {
  readonly path: readonly string[];
  readonly html: boolean;
  readonly maxChars: number | undefined;
}

/**
 * Prepares the text rules of a tool.
 *
 * @returns Gives back a value with its texts cleaned; the value that it gets is not changed.
 */
export function prepareTexts(rules: readonly TextRule[], readHtml: HtmlReader): (value: unknown) => unknown {
  const prepared = rules.map(({ at, html, maxChars }) => ({ path: splitPath(at), html: html === true, maxChars }));
  return (value) => prepared.reduce((current, rule) => applyAt(current, rule, 0, readHtml), value);
}

/** `attachments[].name` → `["attachments", "[]", "name"]`. */
export function splitPath(path: string): readonly string[] {
  return path
    .split(".")
    .flatMap((part) => part.split(/(?=\[\])/))
    .filter((part) => part !== "");
}

function applyAt(value: unknown, rule: PathRule, depth: number, readHtml: HtmlReader): unknown {
  const step = rule.path[depth];
  if (step === undefined) return typeof value === "string" ? applyTo(value, rule, readHtml) : value;
  if (step === "[]")
    return Array.isArray(value) ? value.map((item) => applyAt(item, rule, depth + 1, readHtml)) : value;
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) return value;
  const member: unknown = Reflect.get(value, step);
  return { ...value, [step]: applyAt(member, rule, depth + 1, readHtml) };
}

function applyTo(text: string, rule: PathRule, readHtml: HtmlReader): string {
  const read = stripHidden(rule.html ? readHtml(text) : text); // an entity such as &#8203; is one only now
  return rule.maxChars === undefined ? read : cutText(read, rule.maxChars);
}
