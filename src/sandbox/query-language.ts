import { read } from "./pattern.ts";

/** Tells whether an object fits a query. */
export type Predicate = (row: Readonly<Record<string, unknown>>) => boolean;

/** The query cannot be read; the message says where. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

/** How names in queries differ from those of the objects: `agent_id` → `responder_id`. */
export type Aliases = Readonly<Record<string, string>>;

type Literal = string | number | boolean | null;
const TOKEN = /\s*(\(|\)|AND\b|OR\b|~\[[^\]]*\]:|[A-Za-z_][\w.]*:[<>]?|'(?:\\.|[^'\\])*'|[^\s()']+)/gy;

/**
 * Reads a query of the kind `status:2 AND (priority:>3 OR tag:'vpn')`.
 *
 * `:` equals, `:>` at least, `:<` at most, `~[a|b]:'x'` one of the fields starts with x; AND binds before OR.
 *
 * @throws {QueryError} when it cannot be read, or names a field that no object has.
 */
export function parseQuery(query: string, known: ReadonlySet<string>, aliases: Aliases = {}): Predicate {
  const tokens = tokenize(query);
  let at = 0;
  const peek = () => tokens[at];
  const next = () => tokens[at++];

  const either = (): Predicate => {
    const parts = [both()];
    while (peek() === "OR") {
      at++;
      parts.push(both());
    }
    return (row) => parts.some((part) => part(row));
  };
  const both = (): Predicate => {
    const parts = [one()];
    while (peek() === "AND") {
      at++;
      parts.push(one());
    }
    return (row) => parts.every((part) => part(row));
  };
  const one = (): Predicate => {
    const token = next();
    if (token === "(") {
      const inner = either();
      if (next() !== ")") throw new QueryError("a ) is missing");
      return inner;
    }
    if (token?.startsWith("~[")) {
      const fields = token
        .slice(2, -2)
        .split("|")
        .map((name) => field(name, known, aliases));
      const start = String(literal(next())).toLowerCase();
      return (row) =>
        fields.some((name) =>
          String(read(name, row) ?? "")
            .toLowerCase()
            .startsWith(start),
        );
    }
    const condition = /^([A-Za-z_][\w.]*):([<>]?)$/.exec(token ?? "");
    if (!condition?.[1]) throw new QueryError(`a condition is expected at ${token ?? "the end"}`);
    const name = field(condition[1], known, aliases);
    const value = literal(next());
    const operator = condition[2];
    return (row) => compare(read(name, row) ?? null, operator, value);
  };

  const predicate = either();
  if (peek() !== undefined) throw new QueryError(`nothing is expected at ${peek()}`);
  return predicate;
}

function tokenize(query: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(query);
    if (!match?.[1]) throw new QueryError(`it cannot be read from position ${from}`);
    tokens.push(match[1]);
  }
  return tokens;
}

function field(name: string, known: ReadonlySet<string>, aliases: Aliases): string {
  const own = aliases[name] ?? name;
  if (!known.has(own)) throw new QueryError(`there is no field ${name}`);
  return own;
}

function literal(token: string | undefined): Literal {
  if (token === undefined) throw new QueryError("a value is missing");
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll(/\\(.)/g, "$1");
  if (token === "null") return null;
  if (token === "true" || token === "false") return token === "true";
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  throw new QueryError(`texts and dates take single quotes: '${token}'`);
}

function compare(value: unknown, operator: string | undefined, wanted: Literal): boolean {
  if (Array.isArray(value)) return value.some((entry) => compare(entry, operator, wanted));
  if (operator === ">") return order(value, wanted) >= 0;
  if (operator === "<") return order(value, wanted) <= 0;
  if (typeof value === "string" && typeof wanted === "string") return value.toLowerCase() === wanted.toLowerCase();
  return value === wanted;
}

/** Numbers by size, texts and dates (ISO 8601) by their letters; what cannot be compared is never in range. */
function order(a: unknown, b: Literal): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  return Number.NaN;
}
