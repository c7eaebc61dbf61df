import type { Operation, SecurityScheme, SpecSummary } from "../../spec/operation.ts";
import { cleanText } from "../plan/describe.ts";

/** A server, as tools.yaml writes it. */
export interface ProposedServer {
  readonly url: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The other servers that the description names. */
  readonly others: readonly string[];
}

/** Something to show the vendor, as tools.yaml writes it. */
export interface ProposedCredential {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What a person should know of it. */
  readonly remark: string | undefined;
  /** The schemes of the description that it answers, sorted. */
  readonly schemes: readonly string[];
  /** Operations that it serves. */
  readonly uses: number;
}

/** `acme-desk` → ACME_DESK: what the variables of an API begin with. */
function variablePrefix(api: string): string {
  return api.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}

/** Where the API is: the first server of the description, with a variable for each thing that the description leaves open. */
export function proposeServer(
  { servers }: Pick<SpecSummary, "servers">,
  api: string,
  source: string | undefined,
): ProposedServer {
  const prefix = variablePrefix(api);
  const [first, ...rest] = servers.filter(({ url }) => url.trim() !== "");
  const others = rest.map(({ url }) => cleanText(url)).filter((url) => url.length < 200);
  const url = cleanText(first?.url ?? "").replace(/\/+$/, "");
  const standIn = standInHost(url, prefix);
  if (standIn !== undefined) return { url: standIn, variables: {}, others };
  if (/[?#\s\\]|\$\{/.test(url)) return { url: `\${${prefix}_URL}`, variables: {}, others };
  const variables: Record<string, string> = {};
  for (const [, name = ""] of url.matchAll(/\{([^{}]*)\}/g)) {
    if (!/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
      return { url: `\${${prefix}_URL}`, variables: {}, others };
    const fallback = first?.variables[name] ?? "";
    const open =
      fallback === "" || /[{}<>"\s\\]|example|your|my[-_]|company|subdomain|tenant|localhost|xxx/i.test(fallback);
    const variable = `${prefix}_${name
      .replace(/^your[_-]?(?=[A-Z_a-z])/, "")
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, "_")}`;
    variables[name] = open ? `\${${variable}}` : `\${${variable}:-${fallback}}`;
  }
  return { url: absolute(url, source, prefix), variables, others };
}

/** A host that nobody has, in place of which a variable stands: `https://your-domain.acme.com` → `https://${ACME_DOMAIN}.acme.com`. */
function standInHost(url: string, prefix: string): string | undefined {
  const [, host = "", path = ""] = /^https:\/\/([^/{}]+)(\/[^?#\s\\]*)?$/i.exec(url) ?? [];
  // https of this machine is what a description says that has to say something (RFC 2606: nor are these anybody's)
  if (/^localhost(?:$|:)|(?:^|\.)example\.(?:com|org|net)$/i.test(host)) return `\${${prefix}_URL}${path}`;
  const [, label = "", rest = ""] =
    /^<?((?:your|my)[-_]?[a-z_-]*|<[a-z][a-z _-]*>|(?:sub-?domain|tenant|company|account|instance)(?:name)?)>?\.([a-z0-9.-]+\.[a-z]+)$/i.exec(
      host,
    ) ?? [];
  if (rest === "") return undefined;
  const word = label
    .replaceAll(/[<>]/g, "")
    .replace(/^(?:your|my)[-_]?/i, "")
    .toUpperCase()
    .replaceAll(/[^A-Z]+/g, "_");
  return `https://\${${prefix}_${word === "" ? "DOMAIN" : word}}.${rest}${path}`;
}

/** A URL that a server of tools.yaml may have: https, or a variable that brings the scheme. */
function absolute(url: string, source: string | undefined, prefix: string): string {
  if (url.startsWith("{")) return url;
  if (/^https:\/\/[^/@]+(?:\/|$)/i.test(url)) return url;
  if (/^http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/i.test(url)) return url;
  if (/^(?:http|ws|wss):\/\/[^/@]+(?:\/|$)/i.test(url)) return url.replace(/^\w+:/, "https:"); // nobody's key goes over plain http
  if (/^\/\/[^/@]+/.test(url)) return `https:${url}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) || url.includes("@")) return `\${${prefix}_URL}`;
  const path = url.startsWith("/") || url === "" ? url : `/${url.replace(/^\.?\/?/, "")}`;
  // A relative URL is about where the description was found (OAS 3.1.1 §4.6).
  return source !== undefined && source.startsWith("https:")
    ? `${new URL(source).origin}${path}`
    : `\${${prefix}_URL}${path}`;
}

/** The ways in that operations ask for, the most useful first; an operation's alternatives count for each. */
export function proposeCredentials(
  schemes: readonly SecurityScheme[],
  operations: readonly Operation[],
  api: string,
): ProposedCredential[] {
  const known = new Map(schemes.map((scheme) => [scheme.name, scheme]));
  const uses = new Map<string, { readonly names: readonly string[]; count: number }>();
  for (const { security } of operations) {
    for (const alternative of security) {
      const names = Object.keys(alternative)
        .filter((name) => known.has(name))
        .sort();
      if (names.length === 0) continue;
      const use = uses.get(names.join(" ")) ?? { names, count: 0 };
      use.count += 1;
      uses.set(names.join(" "), use);
    }
  }
  if (uses.size === 0 && schemes.length === 0) return byParameters(operations, variablePrefix(api));
  // A description that has schemes and asks for none of them forgot to ask.
  const wanted =
    uses.size > 0
      ? [...uses.values()]
      : schemes.slice(0, 1).map(({ name }) => ({ names: [name], count: operations.length }));
  const proposed = wanted.flatMap(({ names, count }) => {
    const parts = names.flatMap((name) => known.get(name) ?? []);
    const settings = settingsFor(parts, variablePrefix(api));
    return settings ? [{ ...settings, schemes: names, uses: count, ease: Math.max(...parts.map(easeOf)) }] : [];
  });
  const most = Math.max(1, ...proposed.map(({ uses: count }) => count));
  const ranked = proposed.sort((one, other) => weight(other, most) - weight(one, most));
  const names = new Set<string>();
  return ranked.map(({ kind, settings, remark, schemes: answered, uses: count }): ProposedCredential => {
    let name = kind;
    for (let number = 2; names.has(name); number++) name = `${kind}_${number}`;
    names.add(name);
    const own = name === kind ? settings : numbered(settings, name.slice(kind.length + 1));
    return { name, settings: own, remark, schemes: answered, uses: count };
  });
}

/** What operations ask for that no credential can show, with the reason: `["mtls (mutualTLS)", "jwt (not described)"]`. */
export function unansweredSchemes(
  schemes: readonly SecurityScheme[],
  operations: readonly Operation[],
  choices: readonly ProposedCredential[],
): readonly string[] {
  const answered = new Set(choices.flatMap((one) => one.schemes));
  const asked = operations.flatMap(({ security }) => security.flatMap((alternative) => Object.keys(alternative)));
  return [...new Set(asked)]
    .filter((name) => !answered.has(name))
    .map((name) => `${name} (${schemes.find((one) => one.name === name)?.type ?? "not described"})`)
    .map(cleanText)
    .sort();
}

function weight({ uses, ease }: { uses: number; ease: number }, most: number): number {
  return (uses >= most * 0.9 ? 100 : (60 * uses) / most) - ease;
}

/** How much a scheme asks of who sets it up; a key is the least. */
function easeOf({ type, scheme, in: place, name, description }: SecurityScheme): number {
  if (/legacy|deprecated/i.test(`${name} ${description}`)) return 8;
  if (type === "http") return scheme === "bearer" ? 0 : scheme === "basic" ? 4 : 9;
  if (type === "apiKey") return place === "header" ? 1 : place === "query" ? 5 : 8;
  return type === "oauth2" ? 6 : 7;
}

interface Settings {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly remark: string | undefined;
}

/** What schemes that apply together come to; undefined when tools.yaml cannot say it. */
function settingsFor(schemes: readonly SecurityScheme[], prefix: string): Settings | undefined {
  const [only] = schemes;
  if (only && schemes.length === 1) return oneScheme(only, prefix);
  const headers: Record<string, string> = {};
  for (const scheme of schemes) {
    const settings = oneScheme(scheme, prefix)?.settings ?? {};
    const name = scheme.type === "apiKey" && scheme.in === "header" ? (scheme.parameterName ?? "") : "";
    if (name !== "" && isHeader(name)) headers[name] = `\${${prefix}_${variableWord(name, prefix)}}`;
    else if (typeof settings["bearer"] === "string") headers["Authorization"] = `Bearer ${settings["bearer"]}`;
    else return undefined;
  }
  return Object.keys(headers).length > 0 ? { kind: "keys", settings: { headers }, remark: undefined } : undefined;
}

function oneScheme(one: SecurityScheme, prefix: string): Settings | undefined {
  const { type, scheme, in: place, parameterName, name, description } = one;
  if (type === "http" && scheme === "basic")
    return {
      kind: "login",
      settings: { basic: { username: `\${${prefix}_USERNAME}`, password: `\${${prefix}_PASSWORD}` } },
      remark: undefined,
    };
  if (type === "http" && scheme === "bearer")
    return { kind: "token", settings: { bearer: `\${${prefix}_TOKEN}` }, remark: undefined };
  if (type === "oauth2" || type === "openIdConnect")
    return { kind: "token", settings: { bearer: `\${${prefix}_TOKEN}` }, remark: "an OAuth 2 access token" };
  if (type === "http")
    return {
      kind: "authorization",
      settings: { headers: { Authorization: `\${${prefix}_AUTHORIZATION}` } },
      remark: `the whole value of the header, for the scheme ${cleanText(scheme ?? name)}`,
    };
  if (type !== "apiKey" || parameterName === undefined || /^(?:__proto__)?$/.test(parameterName)) return undefined;
  const key = `\${${prefix}_API_KEY}`;
  const cookie = `\${${prefix}_${variableWord(parameterName, prefix)}}`; // no key: that may be asked for beside it
  if (place === "query") return { kind: "key", settings: { query: { [parameterName]: key } }, remark: undefined };
  if (place === "cookie")
    return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(parameterName)
      ? { kind: "cookie", settings: { headers: { Cookie: `${parameterName}=${cookie}` } }, remark: undefined }
      : undefined;
  if (!isHeader(parameterName)) return undefined;
  const whole = parameterName.toLowerCase() === "authorization";
  if (whole && /\b(?:hmac|sig(?:nature)?(?: ?v\d)?|signed)\b/i.test(`${name} ${description}`))
    return { kind: "key", settings: { headers: { [parameterName]: key } }, remark: SIGNED };
  const before = whole ? schemeBefore(one) : undefined;
  if (before?.toLowerCase() === "bearer")
    return { kind: "token", settings: { bearer: `\${${prefix}_TOKEN}` }, remark: undefined };
  if (before !== undefined)
    return { kind: "key", settings: { headers: { [parameterName]: `${before}${key}` } }, remark: undefined };
  return {
    kind: "key",
    settings: { headers: { [parameterName]: key } },
    remark: whole ? WHOLE_HEADER : undefined,
  };
}

const SIGNED = "the vendor wants each request signed, which no constant can do: sign it in a proxy of yours";

/** Schemes that are written as an API key, with what stands between them and the key. */
const BEFORE_KEY =
  /(?:^|[\s"'`(:])((?:Bearer|Token|Key|Api-?Key|SSWS|GenieKey|OAuth|JWT)(?:(?=["'`]?\s)| token=))["'`]?\s*(?:(?:and |, )?(?:then|followed by|plus)?\s*(?:a )?\[?space\b|[<{[$])/i;

/**
 * What the description tells people to write before the key in `Authorization`, as far as it does.
 *
 *     "Enter 'Bearer' [space] and then your token" → Bearer    "format `Token token=<API_KEY>`" → "Token token="
 */
function schemeBefore({ name, description }: SecurityScheme): string | undefined {
  const [, told] = BEFORE_KEY.exec(description) ?? [];
  if (told === undefined) return /bearer|jwt/i.test(`${name} ${description}`) ? "Bearer" : undefined;
  return /^(?:bearer|jwt)$/i.test(told) ? "Bearer" : told.endsWith("=") ? told : `${told} `;
}

const KEY_HEADER =
  /^(?:x-)?(?:[a-z0-9]+-)?(?:api-?key|auth(?:-?token)?|auth(?:-?key)|access-?(?:token|key)|subscription-key)$/i;
const KEY_PARAMETER = /^(?:api_?key|access_?token|auth_?token|token|key|app_?key)$/i;

/** Vendors who know no security schemes list what proves who calls as parameters of nearly every operation. */
function byParameters(operations: readonly Operation[], prefix: string): ProposedCredential[] {
  const named = (place: "header" | "query", form: RegExp): string[] => {
    const counts = new Map<string, number>();
    for (const { parameters } of operations)
      for (const one of parameters)
        if (one.in === place && form.test(one.name)) counts.set(one.name, (counts.get(one.name) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= operations.length * 0.6).map(([name]) => name);
  };
  const found = (kind: string, settings: ProposedCredential["settings"], remark?: string): ProposedCredential[] => [
    { name: kind, settings, remark, schemes: [], uses: operations.length },
  ];
  const texts = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, `\${${prefix}_${variableWord(name, prefix)}}`]));
  const headers = named("header", KEY_HEADER).filter(isHeader);
  if (headers.length > 0) return found("key", { headers: texts(headers) });
  const query = named("query", KEY_PARAMETER);
  if (query.length > 0) return found("key", { query: texts(query) });
  const authorized = operations.filter(({ authorization }) => authorization).length;
  return authorized > 0 && authorized >= operations.length * 0.3
    ? found("key", { headers: { Authorization: `\${${prefix}_API_KEY}` } }, WHOLE_HEADER)
    : [];
}

const WHOLE_HEADER = "the whole value of the header, with `Bearer` or `Token` before it if the vendor wants that";

function isHeader(name: string): boolean {
  return name !== "__proto__" && /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

/** `X-Auth-Key` → AUTH_KEY; what the variable begins with already is not said twice. */
function variableWord(header: string, prefix: string): string {
  return (
    header
      .replace(/^x-/i, "")
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "")
      .replace(`${prefix}_`, "") || "KEY"
  );
}

/** Two keys of one kind need two variables: `${ACME_API_KEY_2}`. */
function numbered(settings: Readonly<Record<string, unknown>>, number: string): Readonly<Record<string, unknown>> {
  return JSON.parse(
    JSON.stringify(settings).replaceAll(/\$\{([A-Z0-9_]+)\}/g, (_, name: string) => `\${${name}_${number}}`),
  ) as Readonly<Record<string, unknown>>; // a copy of what we made
}
