/**
 * What a request may be filled with: Arazzo's runtime expressions and a few of our own.
 *
 *     "$inputs.ticket_id"              an argument of the tool, with its type
 *     "$inputs.filter#/status"         a part of it (JSON Pointer, RFC 6901)
 *     "\"{$inputs.query}\""            a string with expressions in it
 *     "<p>{$inputs.text:html}</p>"     its text as HTML, in which nothing is markup and lines stay lines
 *     "$steps.find.outputs.id"         what an earlier step came to
 *     "$inputs.file#/size"             of a file: its name, size, type, base64 or bytes
 *     "$env.ACME_REPORT:number"        a variable of the environment, here as a number; ":-7" behind it is a fallback
 *     "{$uuid}"                        made anew for each request, the same all through it
 *     { status: 2, tags: "$inputs.tags" }
 *
 * A string that starts with `$` is an expression; `$$` stands for a literal `$`, and `{$$` for a literal `{$`.
 * An absent value drops the key that it would have filled.
 *
 * @see https://spec.openapis.org/arazzo/v1.0.1.html#runtime-expressions
 */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };

/** The text of one runtime expression, such as `$inputs.status` or `$response.body#/tickets`. */
export type ExpressionText = `$${string}`;

/** One runtime expression, parsed. */
export type Expression =
  | { readonly from: "inputs"; readonly name: string; readonly pointer: string; readonly as?: "html" }
  /** `output` is "" for all of them: in examples, `$steps.<tool>.outputs#/items/0/id` points into the tool's whole answer. */
  | { readonly from: "steps"; readonly step: string; readonly output: string; readonly pointer: string }
  | { readonly from: "response.body"; readonly pointer: string }
  | { readonly from: "response.header"; readonly name: string }
  | { readonly from: "statusCode" }
  | { readonly from: "page"; readonly part: PagePart }
  | { readonly from: "credentials"; readonly name: string }
  /** `as`: what the text of the variable stands for where a text would not do, such as a number within a JSON body. */
  | {
      readonly from: "env";
      readonly name: string;
      readonly fallback: string | undefined;
      readonly as?: "number" | "boolean";
    }
  | { readonly from: "uuid" };

/** What a request may say of the page that it asks for: `number` counts from 1 and `index` from 0, `offset` from 0 and `start` from 1. */
export type PagePart = "number" | "index" | "offset" | "start" | "size" | "token";

/** A template string, parsed: text as it stands, and expressions between it. */
export type TemplateParts = readonly (string | Expression)[];

/** Says why a text is no expression; the generator reports it with a place, the runtime never meets it. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

const NAME = "[A-Za-z_][A-Za-z0-9_-]*";
const POINTER = "(#(?:/(?:[^~{}]|~[01])*)?)?";
const FORMS: readonly [RegExp, (match: RegExpExecArray) => Expression][] = [
  [
    new RegExp(`^\\$inputs\\.(${NAME})${POINTER}$`),
    (m) => ({ from: "inputs", name: group(m, 1), pointer: pointer(m, 2) }),
  ],
  [new RegExp(`^\\$inputs\\.(${NAME}):html$`), (m) => ({ from: "inputs", name: group(m, 1), pointer: "", as: "html" })],
  [
    new RegExp(`^\\$steps\\.(${NAME})\\.outputs(?:\\.(${NAME}))?${POINTER}$`),
    (m) => ({ from: "steps", step: group(m, 1), output: group(m, 2), pointer: pointer(m, 3) }),
  ],
  [new RegExp(`^\\$response\\.body${POINTER}$`), (m) => ({ from: "response.body", pointer: pointer(m, 1) })],
  [/^\$response\.header\.([A-Za-z0-9-]+)$/, (m) => ({ from: "response.header", name: group(m, 1) })],
  [/^\$statusCode$/, () => ({ from: "statusCode" })],
  [
    /^\$page\.(number|index|offset|start|size|token)$/,
    (m) => ({ from: "page", part: group(m, 1) as PagePart }), // those of the pattern
  ],
  [new RegExp(`^\\$credentials\\.(${NAME})$`), (m) => ({ from: "credentials", name: group(m, 1) })],
  [
    /^\$env\.([A-Z][A-Z0-9_]*)(?::(number|boolean))?(?::-([^{}]*))?$/,
    (m) => ({
      from: "env",
      name: group(m, 1),
      fallback: m[3],
      ...(m[2] !== undefined && { as: m[2] as "number" | "boolean" }), // the two of the pattern
    }),
  ],
  [/^\$uuid$/, () => ({ from: "uuid" })],
];

/**
 * Parses one expression.
 *
 *     parseExpression("$response.body#/meta/total") → { from: "response.body", pointer: "/meta/total" }
 *
 * @throws {ExpressionError} when the text is none of the known forms.
 */
export function parseExpression(text: string): Expression {
  for (const [form, read] of FORMS) {
    const match = form.exec(text);
    if (match) return read(match);
  }
  throw new ExpressionError(`"${text}" is not an expression`);
}

/**
 * Parses a string of a template.
 *
 *     parseTemplate("$inputs.id")   → [{ from: "inputs", name: "id", pointer: "" }]
 *     parseTemplate("a {$env.X} b") → ["a ", { from: "env", … }, " b"]
 *     parseTemplate("$$5")          → ["$5"]
 *
 * @throws {ExpressionError} when an expression in it is none of the known forms.
 */
export function parseTemplate(text: string): TemplateParts {
  if (text.startsWith("$") && !text.startsWith("$$")) return [parseExpression(text)];
  const parts: (string | Expression)[] = [];
  const embedded = /\{(\$\$|\$[^{}]*\})/g;
  let literal = "";
  let at = text.startsWith("$$") ? 1 : 0;
  embedded.lastIndex = at;
  for (let match = embedded.exec(text); match; match = embedded.exec(text)) {
    literal += text.slice(at, match.index);
    at = embedded.lastIndex;
    if (match[1] === "$$") {
      literal += "{$";
      continue;
    }
    if (literal !== "") parts.push(literal);
    literal = "";
    parts.push(parseExpression(match[0].slice(1, -1)));
  }
  literal += text.slice(at);
  if (literal !== "" || parts.length === 0) parts.push(literal);
  return parts;
}

/** Writes a literal text so that {@link parseTemplate} reads it back as the same text. */
export function escapeTemplate(text: string): string {
  const inner = text.replaceAll("{$", "{$$$$");
  return inner.startsWith("$") ? `$${inner}` : inner;
}

function group(match: RegExpExecArray, index: number): string {
  return match[index] ?? "";
}

/** `#/a/b` → `/a/b`; `#` and nothing → "" (the whole value). */
function pointer(match: RegExpExecArray, index: number): string {
  return group(match, index).replace(/^#/, "");
}
