import { z } from "zod";
import { nearest } from "../../definition/nearest.ts";
import { firstOf } from "../shape/cut-text.ts";

/** What is wrong with one argument, in the model's own spelling. */
export interface Complaint {
  /** `status`, `assets[0].display_id`. */
  readonly argument: string;
  readonly message: string;
}

/** What is wrong with a whole call. */
export interface Complaints {
  /** Arguments that are required and were not given, each once; no more than can be read. */
  readonly missing: readonly string[];
  /** Everything else, as instructions that can be followed; a model mends a few at a time. */
  readonly others: readonly Complaint[];
  /** How many more there are. */
  readonly more: number;
}

type Issue = z.core.$ZodIssue;

const MAX_MISSING = 30;
const MAX_OTHERS = 10;
/** Characters of a value, and of a place, that a message quotes: both are the caller's and may be megabytes. */
const MAX_QUOTED = 60;
const MAX_PATH = 120;
/** Names or values that a message lists; the schema has them all. */
const MAX_LISTED = 30;

/** Words for what Zod found. Ten thousand issues cost no more than their counting. */
export function complaintsOf(issues: readonly Issue[], given: unknown, schema: z.core.$ZodType): Complaints {
  const missing = new Set<string>();
  const mistyped = new Set<string>();
  const others: Complaint[] = [];
  let count = 0;
  for (const issue of issues) {
    const path = pathText(issue.path);
    // Zod counts the letters of a text where a list was wanted; what has the wrong type has no other fault yet.
    if (mistyped.has(path)) continue;
    if (issue.code === "invalid_type") mistyped.add(path);
    if (isMissing(issue, given)) {
      missing.add(path);
    } else if (issue.code === "unrecognized_keys") {
      count += issue.keys.length;
      others.push(...issue.keys.slice(0, MAX_OTHERS - others.length).map((key) => unknownKey(issue.path, key, schema)));
    } else {
      count++;
      if (others.length < MAX_OTHERS)
        others.push({ argument: path || "arguments", message: messageOf(issue, valueAt(given, issue.path)) });
    }
  }
  const shown = [...missing].slice(0, MAX_MISSING);
  return { missing: shown, others, more: count - others.length + missing.size - shown.length };
}

function messageOf(issue: Issue, got: unknown): string {
  const end = `; got ${quoted(got)}`;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${typeName(issue.expected)}${end}${unquoteHint(issue.expected, got)}`;
    case "invalid_value":
      return `expected ${issue.values.length > 1 ? "one of " : ""}${listed(issue.values.map(String))}${end}${valueHint(issue.values, got)}`;
    case "too_small":
      return `expected ${bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}${end}`;
    case "too_big":
      return `expected ${bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}${end}`;
    case "not_multiple_of":
      return `expected a multiple of ${issue.divisor}${end}`;
    case "invalid_format":
      return `expected ${issue.format === "regex" ? `text that matches ${issue.pattern ?? "its pattern"}` : `the format ${issue.format}`}${end}`;
    case "invalid_union":
      return `fits none of the forms that it may have${end}`;
    case "unrecognized_keys": // has a complaint for each of its keys
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return issue.message;
  }
}

function unknownKey(path: readonly PropertyKey[], key: string, schema: z.core.$ZodType): Complaint {
  const names = namesAt(schema, path);
  const near = nearest(key, names);
  const hint =
    near.length > 0
      ? `did you mean ${near.join(" or ")}?`
      : names.length > 0
        ? `there is ${listed(names)}`
        : "there are none here";
  return { argument: pathText([...path, key]), message: `unknown argument; ${hint}` };
}

function isMissing(issue: Issue, given: unknown): boolean {
  return (
    (issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_union") &&
    valueAt(given, issue.path) === undefined
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    value,
  );
}

/** Names that the object at a path of the schema takes. */
function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: z.core.$ZodType | undefined = schema;
  for (const key of [...path, undefined]) {
    at = unwrapped(at);
    if (key === undefined) break;
    if (at instanceof z.ZodArray) at = at.element;
    else at = at instanceof z.ZodObject ? at.shape[String(key)] : undefined;
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** What a schema is beneath what it says about being left out, or does after it has checked. */
function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return unwrapped(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema;
}

/** `["assets", 0, "id"]` → `assets[0].id` */
function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`))
    .join("");
  return text.length > MAX_PATH ? `${firstOf(text, MAX_PATH)}…` : text;
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_LISTED ? `, … and ${names.length - MAX_LISTED} more` : "";
  return names.slice(0, MAX_LISTED).join(", ") + more;
}

function typeName(expected: string): string {
  return (
    {
      int: "a whole number",
      number: "a number",
      string: "text",
      boolean: "true or false",
      array: "a list",
      object: "an object",
      record: "an object",
    }[expected] ?? expected
  );
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  const unit = { string: " character", array: " element" }[origin] ?? "";
  const plural = unit === "" || Number(limit) === 1 ? "" : "s";
  return `${relation} ${limit.toLocaleString("en-US", { useGrouping: false })}${unit}${plural}`;
}

/** A number in quotes, one value where a list is wanted: the two slips that models make most. */
function unquoteHint(expected: string, got: unknown): string {
  if (expected === "array" && got !== null && typeof got !== "object") return ` (write [${JSON.stringify(got)}])`;
  const isNumber = expected === "int" || expected === "number";
  const unquoted = isNumber ? /^-?[0-9]{1,15}(\.[0-9]+)?$/ : expected === "boolean" ? /^(true|false)$/ : undefined;
  return typeof got === "string" && unquoted?.test(got) ? ` (write ${got} without quotes)` : "";
}

function valueHint(values: readonly unknown[], got: unknown): string {
  if (typeof got === "number" && values.includes(String(got))) return ` (write "${got}" in quotes)`;
  if (typeof got !== "string") return "";
  if (values.some((value) => typeof value !== "string" && String(value) === got))
    return ` (write ${got} without quotes)`;
  const near = nearest(got, values.map(String));
  return near.length > 0 ? ` (did you mean ${near.join(" or ")}?)` : "";
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_QUOTED ? `${firstOf(text, MAX_QUOTED)}…` : text;
}
