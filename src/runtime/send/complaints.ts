/** What an error body says, whatever shape it has. */
export interface Complaints {
  /** About the request as a whole. */
  readonly summary: string | undefined;
  /** The vendor's own short code. */
  readonly code: string | undefined;
  readonly items: readonly Complaint[];
}

/** One thing that the vendor did not like. */
export interface Complaint {
  /** The vendor's name of the field, dotted: `custom_fields.cost`. */
  readonly field: string | undefined;
  readonly message: string;
}

const MAX_ITEMS = 10; // mending ten at a time is enough; a rejected bulk call may complain thousands of times
const MAX_DEPTH = 4;

/**
 * Reads an error body tolerantly.
 *
 *     { description, errors: [{ field, message, code }] }   { errors: { name: ["is missing"] } }   { error: { message, code } }
 *     { title, detail } (RFC 9457)   { detail: [{ loc, msg }] }   ["is missing"]   "is missing"
 *
 * Of a body that says it in words of its own, such as `{ problem: "is missing" }`, the summary is the body itself.
 */
export function readComplaints(body: unknown): Complaints {
  const items = itemsOf(body, 0).slice(0, MAX_ITEMS);
  if (typeof body === "string") return { summary: body, code: undefined, items: [] };
  if (!isRecord(body)) return { summary: undefined, code: undefined, items };
  const inner = memberOf(body, ["error", "fault", "meta"]);
  const nested = isRecord(inner) ? inner : undefined;
  const summary = summaryOf(body) ?? (nested && summaryOf(nested));
  const code = textOf(body, CODES) ?? (nested && textOf(nested, CODES)) ?? textOf(body, ["error"]);
  const said = summary ?? (items.length === 0 ? restOf(body) : undefined);
  return { summary: said, code: code === said ? undefined : code, items };
}

/** Members that say what went wrong by no name that is known, as JSON; undefined when there is no text among them. */
function restOf(body: Members): string | undefined {
  const known: ReadonlySet<string> = new Set([...CODES, "status"]);
  const rest = Object.entries(body).filter(([key]) => !known.has(key.toLowerCase()));
  const text = JSON.stringify(Object.fromEntries(rest));
  return /:"[^"]/.test(text) || /\["[^"]/.test(text) ? text : undefined;
}

const MESSAGES = [
  "description",
  "message",
  "detail",
  "error_description",
  "errormessage",
  "error_message",
  "msg",
  "reason",
] as const;
const CODES = ["code", "error_code", "errorcode", "type"] as const;
const FIELDS = [
  "field",
  "param",
  "parameter",
  "path",
  "loc",
  "location",
  "pointer",
  "instancepath",
  "property",
  "propertyname",
  "attribute",
  "target",
  "name",
  "source",
] as const;
const LISTS = [
  "errors",
  "details",
  "detail",
  "violations",
  "invalid-params",
  "invalid_params",
  "fielderrors",
  "validationerrors",
  "issues",
  "validation",
] as const;

type Members = Readonly<Record<string, unknown>>;

function summaryOf(body: Members): string | undefined {
  const title = textOf(body, ["title"]);
  const message = (title === undefined ? undefined : textOf(body, ["detail"])) ?? textOf(body, MESSAGES); // RFC 9457 first
  if (title !== undefined && message !== undefined && title !== message)
    return `${title.replace(/\.$/, "")}: ${message}`;
  return message ?? title ?? textOf(body, ["error"]);
}

function itemsOf(value: unknown, depth: number): readonly Complaint[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).flatMap((entry: unknown) => itemOf(entry, depth));
  if (!isRecord(value)) return [];
  const found = LISTS.map((name) => memberOf(value, [name])).find((list) => typeof list === "object" && list !== null);
  if (Array.isArray(found)) return itemsOf(found, depth + 1);
  if (isRecord(found)) return byField(found, "", depth + 1);
  const inner = memberOf(value, ["error"]);
  return typeof inner === "object" ? itemsOf(inner, depth + 1) : [];
}

function itemOf(entry: unknown, depth: number): readonly Complaint[] {
  if (typeof entry === "string") return [{ field: undefined, message: entry }];
  if (!isRecord(entry)) return [];
  const message = summaryOf(entry) ?? textOf(entry, CODES);
  if (message !== undefined) return [{ field: fieldOf(entry), message }];
  const nested = itemsOf(entry, depth + 1);
  return nested.length > 0 ? nested : byField(entry, "", depth + 1);
}

/** `{ name: ["is missing"], address: { city: "is unknown" } }` */
function byField(members: Members, path: string, depth: number): readonly Complaint[] {
  if (depth > MAX_DEPTH) return [];
  return Object.entries(members)
    .slice(0, MAX_ITEMS)
    .flatMap(([key, value]) => {
      const field = path === "" ? key : `${path}.${key}`;
      if (typeof value === "string") return [{ field, message: value }];
      if (Array.isArray(value)) return itemsOf(value, depth + 1).map((item) => ({ field, message: item.message }));
      if (!isRecord(value)) return [];
      const message = summaryOf(value);
      return message === undefined ? byField(value, field, depth + 1) : [{ field, message }];
    });
}

/** The field of an item, dotted, without the words for "the request" in front. */
function fieldOf(entry: Members): string | undefined {
  const named = memberOf(entry, FIELDS);
  if (isRecord(named)) return fieldOf(named); // JSON:API: { source: { pointer } }
  const parts = Array.isArray(named)
    ? named.filter((part) => typeof part === "string" || typeof part === "number").map(String)
    : splitField(named);
  const inside =
    parts.length > 1 && /^(?:body|query|path|header|data|attributes)$/i.test(parts[0] ?? "") ? parts.slice(1) : parts;
  return inside.length === 0 ? undefined : inside.join(".");
}

/** `/data/name`, `$.name`, `ticket[name]` and `ticket.name` alike. */
function splitField(named: unknown): readonly string[] {
  return typeof named === "string" ? named.split(/[/.[\]$#]+/).filter((part) => part !== "") : [];
}

function textOf(body: Members, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = memberOf(body, [name]);
    if (typeof value === "string" && value.trim() !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return undefined;
}

/** The first member by one of the names, in any case: `Message` and `message` are one word. */
function memberOf(body: Members, names: readonly string[]): unknown {
  for (const name of names) {
    for (const key of Object.keys(body)) if (key.toLowerCase() === name && body[key] !== null) return body[key];
  }
  return undefined;
}

function isRecord(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
