/** A name that every client, JavaScript and every file system takes: see {@link toolNameProblem}. */
const TOOL_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/; // MCP allows a digit first; the export of the module does not
const ARGUMENT_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

const KEYWORDS =
  "arguments async await break case catch class const continue debugger default delete do else enum eval export extends false finally " +
  "for function if implements import in instanceof interface let new null package private protected public return static super " +
  "switch this throw true try typeof undefined var void while with yield defineTool file z";
const INHERITED =
  "__proto__ constructor prototype hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf " +
  "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__";
const inherited = new Set(INHERITED.split(" "));
const reserved = new Set([...KEYWORDS.split(" "), ...inherited]);
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i; // names that Windows gives to devices, with any ending

/** Why a text cannot be the name of a tool; undefined when it can. */
export function toolNameProblem(name: string): "invalid" | "reserved" | undefined {
  if (inherited.has(name)) return "reserved";
  if (!TOOL_NAME.test(name)) return "invalid";
  return reserved.has(name) || reserved.has(camelCase(name)) || DEVICE.test(name) ? "reserved" : undefined;
}

/** Whether a text can be the name of an argument. */
export function isArgumentName(name: string): boolean {
  return ARGUMENT_NAME.test(name) && !inherited.has(name);
}

/**
 * Makes an argument's name of the vendor's.
 *
 *     "ticket_id" → "ticket_id"   "filter[status]" → "filter_status"   "$top" → "top"   "2fa" → "_2fa"   "date>=" → "date_gte"
 */
export function argumentName(vendorName: string): string {
  const spelled = vendorName.replaceAll(
    /[<>]=?/g,
    (sign) => `_${sign.startsWith("<") ? "lt" : "gt"}${sign.endsWith("=") ? "e" : ""}_`,
  );
  const [, inner = ""] = /^[^A-Za-z0-9_-]*(.*?)[^A-Za-z0-9-]*$/s.exec(spelled.normalize("NFKD")) ?? [];
  const name = inner
    .replaceAll(/[^A-Za-z0-9_-]+/g, "_")
    .replaceAll(/__+/g, (run) => (vendorName.includes(run) ? run : "_"));
  if (name === "") return "value";
  return (/^[A-Za-z_]/.test(name) ? name : `_${name}`).slice(0, 64);
}

/**
 * Makes a title of a name's words.
 *
 *     "fetchTickets" → "Fetch tickets"   "list_HTTP_routes" → "List HTTP routes"
 */
export function titleOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .filter((word) => word !== "")
    .map((word) => (word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase()));
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function camelCase(name: string): string {
  return name.replaceAll(/[_-]+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase());
}
