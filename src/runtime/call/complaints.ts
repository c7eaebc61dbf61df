import { z } from "zod";
import { nearest } from "../../definition/nearest.ts";

/** What is wrong with one argument, in the model's own spelling. */
export interface Complaint {
  /** `status`, `assets[0].display_id`. */
  readonly argument: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** Characters of a value that a message quotes. */
const MAX_QUOTED = 60;

/** Arguments that are required and were not given, each once. */
export function missingOf(issues: readonly Issue[], given: unknown): readonly string[] {
  return [...new Set(issues.filter((issue) => isMissing(issue, given)).map((issue) => pathText(issue.path)))];
}

/** Everything else that Zod found, one complaint an issue, as instructions that can be followed. */
export function complaintsOf(issues: readonly Issue[], given: unknown, schema: z.core.$ZodType): readonly Complaint[] {
  return (
    issues
      .filter((issue) => !isMissing(issue, given))
      // Zod counts the letters of a text where a list was wanted; what has the wrong type has no other fault yet.
      .filter(
        (issue, index, all) =>
          !all
            .slice(0, index)
            .some((other) => other.code === "invalid_type" && pathText(other.path) === pathText(issue.path)),
      )
      .flatMap((issue) =>
        issue.code === "unrecognized_keys"
          ? issue.keys.map((key) => unknownKey(issue.path, key, schema))
          : [{ argument: pathText(issue.path) || "arguments", message: messageOf(issue, valueAt(given, issue.path)) }],
      )
  );
}

function messageOf(issue: Issue, got: unknown): string {
  const end = `; got ${quoted(got)}`;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${typeName(issue.expected)}${end}${unquoteHint(issue.expected, got)}`;
    case "invalid_value":
      return `expected ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}${end}${valueHint(issue.values, got)}`;
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
        ? `there is ${names.join(", ")}`
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
    while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodNullable) at = at.unwrap();
    if (key === undefined) break;
    if (at instanceof z.ZodArray) at = at.element;
    else at = at instanceof z.ZodObject ? at.shape[String(key)] : undefined;
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** `["assets", 0, "id"]` → `assets[0].id` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`))
    .join("");
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
    }[expected] ?? expected
  );
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  const unit = { string: " characters", array: " elements", set: " elements" }[origin] ?? "";
  return `${relation} ${limit.toLocaleString("en-US", { useGrouping: false })}${unit}`;
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
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
