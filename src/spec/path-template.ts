/** Names of the parameters that a description lists for an operation, by where they go. */
export interface DescribedNames {
  readonly path: ReadonlySet<string>;
  readonly query: ReadonlySet<string>;
}

/** A path in OpenAPI's own way of writing, and what the vendor's said beside. */
export interface PathTemplate {
  readonly path: string;
  /** Parameters whose value may be several segments. */
  readonly several: ReadonlySet<string>;
  /** What stood there in another way of writing, and what it was read as. */
  readonly foreign: readonly (readonly [written: string, read: string])[];
}

/**
 * Reads a path as OpenAPI writes it: `{name}` and constants. Vendors copy what the router of their framework takes instead,
 * and what a URI template may say; a name that the description lists as it stands is left alone.
 *
 *     /v1/{name=projects/*}/topics  google.api.http      → /v1/{name}/topics, name of several segments
 *     /users/{id:.+}, /items/{id:int}, /items/{id?}      → /users/{id}, /items/{id}
 *     /files/{*path}, /files/{path*}, /files/{+path}     → /files/{path}, path of several segments
 *     /orders{?page,size}, /many?ids={ids}               → /orders, /many: a query is no part of a path (OAS 3.1.1 §4.8.8.1)
 *     /maven/*path/{file}, /users/:id, /users/<int:id>   → /maven/{path}/{file}, /users/{id}, when such parameters are listed
 */
export function readPathTemplate(written: string, described: DescribedNames): PathTemplate {
  if (isPlain(written)) return { path: written, several: new Set(), foreign: [] };
  const foreign: (readonly [string, string])[] = [];
  const several = new Set<string>();
  const parts = partsOf(written).map((part) => {
    const read = part.expression ? readExpression(part.text, described, several) : part.text;
    if (read !== part.text) foreign.push([part.text, read]);
    return read;
  });
  const named = new Set([...parts.join("").matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name));
  const [address = "", ...rest] = parts.join("").split(/(?=[?#])/);
  const segments = address.split("/").map((segment) => {
    const [, star = "", name = ""] = /^(?:([*:])|<(?:\w+:)?)([A-Za-z_][\w-]*)>?$/.exec(segment) ?? [];
    if (name === "" || named.has(name) || !described.path.has(name)) return segment;
    if (star === "*" || segment.startsWith("<path:")) several.add(name);
    foreign.push([segment, `{${name}}`]);
    return `{${name}}`;
  });
  const query = withoutDescribed(rest.join(""), described);
  if (query !== rest.join("")) foreign.push([rest.join(""), query]);
  return { path: `${segments.join("/")}${query}`, several, foreign };
}

/** Whether a path is written as OpenAPI has it, whatever is listed: nearly all are. */
export function isPlain(path: string): boolean {
  return /^(?:[^*:?+=<#{}]|\{[\w.-]+\})*$/.test(path);
}

interface Part {
  readonly text: string;
  /** Whether it is a `{…}`; braces may stand in braces, as in `{id:[0-9]{3}}`. */
  readonly expression: boolean;
}

function partsOf(path: string): Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < path.length; at++) {
    if (path[at] === "{" && depth++ === 0) {
      parts.push({ text: path.slice(start, at), expression: false });
      start = at;
    } else if (path[at] === "}" && depth > 0 && --depth === 0) {
      parts.push({ text: path.slice(start, at + 1), expression: true });
      start = at + 1;
    }
  }
  return [...parts, { text: path.slice(start), expression: false }].filter(({ text }) => text !== "");
}

/** Operators of RFC 6570, a name, what says that it takes several segments or may be absent, and a form that its value has. */
const EXPRESSION = /^([+/#.;?&*]?|\*\*)([^+/#;?&*{}=:,\s][^*{}=:?,+]*|[\w.,-]+)([*+?]?)(?:\*?[:=](.*))?$/s;

function readExpression(text: string, described: Pick<DescribedNames, "path">, several: Set<string>): string {
  const inner = text.slice(1, -1);
  if (described.path.has(inner)) return text;
  const [whole, operator = "", name = "", modifier = "", form] = EXPRESSION.exec(inner) ?? [];
  if (whole === undefined) return text;
  if (operator === "?" || operator === "&") return "";
  if (operator !== "" && !["+", "*", "**", "/"].includes(operator)) return text;
  if (name.includes(",") || (operator === "" && modifier === "" && form === undefined)) return text;
  if (operator.startsWith("*") || operator === "+" || modifier === "*" || modifier === "+" || holdsSlash(form))
    several.add(name);
  return `${operator === "/" ? "/" : ""}{${name}}`;
}

/** Whether values of a form, or of a pattern, may hold `/`: `projects/*`, `**`, `.+`; but not `[^/]+`. */
export function holdsSlash(form = ""): boolean {
  const outside = form.replaceAll(/\[[^\]]*\]/g, "");
  return form === "path" || /\/|\*\*|(?<!\\)\.[*+]/.test(outside);
}

/** `?ids={ids}` says again what is listed as a parameter of the query; constants stay, and so does what only the path says. */
function withoutDescribed(rest: string, { path, query }: DescribedNames): string {
  if (!rest.startsWith("?")) return rest;
  const [search = "", ...fragment] = rest.split(/(?=#)/);
  const pairs = search
    .slice(1)
    .split("&")
    .filter((pair) => {
      const [, key = "", name] = /^([^=]*)=\{([^{}]+)\}$/.exec(pair) ?? [];
      return name === undefined || path.has(name) || !(query.has(name) || query.has(key));
    });
  return `${pairs.length > 0 ? `?${pairs.join("&")}` : ""}${fragment.join("")}`;
}
