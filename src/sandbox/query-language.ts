import type { Row } from "./row.ts";

/** Tells whether an object fits a query. */
export type Predicate = (row: Row) => boolean;

/** The query cannot be read; the message says where. */
class QueryError extends Error {
  override readonly name = "QueryError";
}

/** How a query reads a name: undefined when there is no such field. */
export type FieldReader = (name: string) => ((row: Row) => unknown) | undefined;

type Literal = string | number | boolean | null;
const TOKEN = /\s*(\(|\)|AND\b|OR\b|~\[[^\]]*\]:|[A-Za-z_][\w.]*:[<>]?|'(?:\\.|[^'\\])*'|[^\s()']+)/gy;

/**
 * Reads a query of the kind `status:2 AND (priority:>3 OR tag:'vpn')`.
 *
 * `:` equals, `:>` at least, `:<` at most, `~[a|b]:'x'` one of the fields starts with x; AND binds before OR.
 *
 * @throws {QueryError} when it cannot be read, or names a field that there is not.
 */
export function parseQuery(query: string, fieldNamed: FieldReader): Predicate {
  const tokens = tokenize(query);
  let at = 0;

  const either = (): Predicate => {
    const parts = [both()];
    while (tokens[at] === "OR") {
      at++;
      parts.push(both());
    }
    return (row) => parts.some((part) => part(row));
  };
  const both = (): Predicate => {
    const parts = [one()];
    while (tokens[at] === "AND") {
      at++;
      parts.push(one());
    }
    return (row) => parts.every((part) => part(row));
  };
  const one = (): Predicate => {
    const token = tokens[at++];
    if (token !== "(") return condition(token, () => literal(tokens[at++]), fieldNamed);
    const inner = either();
    if (tokens[at++] !== ")") throw new QueryError("a ) is missing");
    return inner;
  };

  const predicate = either();
  if (tokens[at] !== undefined) throw new QueryError(`AND or OR is expected before ${tokens[at]}`);
  return predicate;
}

function tokenize(query: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(query);
    if (!match?.[1]) throw new QueryError(`it cannot be read from character ${from + 1}`);
    tokens.push(match[1]);
  }
  return tokens;
}

/** `name:value`, `name:>value`, `name:<value` or `~[name|name]:'start'`. */
function condition(token: string | undefined, value: () => Literal, fieldNamed: FieldReader): Predicate {
  const field = (name: string) => {
    const found = fieldNamed(name);
    if (!found) throw new QueryError(`there is no field ${name}`);
    return found;
  };
  if (token?.startsWith("~[")) {
    const fields = token.slice(2, -2).split("|").map(field);
    const start = value();
    if (typeof start !== "string") throw new QueryError("a text is expected after ~[ ]:");
    return (row) => fields.some((read) => fold(read(row) ?? "").startsWith(fold(start)));
  }
  const [, name, operator] = /^([A-Za-z_][\w.]*):([<>]?)$/.exec(token ?? "") ?? [];
  if (name === undefined) throw new QueryError(`a condition such as name:value is expected at ${token ?? "the end"}`);
  const read = field(name);
  const wanted = value();
  return (row) => compare(read(row) ?? null, operator, wanted);
}

function literal(token: string | undefined): Literal {
  if (token === undefined) throw new QueryError("a value is missing at the end");
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll(/\\(.)/g, "$1");
  if (token === "null") return null;
  if (token === "true" || token === "false") return token === "true";
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  throw new QueryError(`texts and dates stand in single quotes: '${token}'`);
}

function compare(value: unknown, operator: string | undefined, wanted: Literal): boolean {
  if (Array.isArray(value)) {
    return value.length === 0 ? wanted === null : value.some((entry) => compare(entry, operator, wanted));
  }
  if (operator === ">") return order(value, wanted) >= 0;
  if (operator === "<") return order(value, wanted) <= 0;
  if (typeof value === "string" && typeof wanted === "string") return fold(value) === fold(wanted);
  return value === wanted;
}

/** Numbers by size, texts and dates (ISO 8601) by their letters; what cannot be compared is never in range. */
function order(a: unknown, b: Literal): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  return Number.NaN;
}

function fold(value: unknown): string {
  return String(value).toLowerCase();
}
