import type { CredentialsRule } from "./grammar/identity.ts";
import type { Tokens } from "./oauth/tokens.ts";
import type { Sessions, TokenSet } from "./session/sessions.ts";

/** Who makes a request. */
export interface Caller {
  /** Key of the user who is signed in; undefined when a credential is nobody's. */
  readonly user: unknown;
  /** What an OAuth token allows; undefined for other credentials, which allow everything. */
  readonly scopes: readonly string[] | undefined;
}

/** Whether a request may come in; `repeated` is a header whose value was used before. */
export type Admission = { readonly caller: Caller } | { readonly caller?: undefined; readonly repeated?: string };

/** Looks at the credentials of requests. */
export interface Gate {
  admit(headers: Readonly<Record<string, string>>): Admission;
  /** Ends the token that these headers carry, if it is one that can end. */
  expire(headers: Readonly<Record<string, string>>): void;
  /** Lower-case names of the headers that carry credentials. */
  readonly headers: readonly string[];
}

const ANYBODY: Caller = { user: undefined, scopes: undefined };
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

/** @returns a gate that any of the credentials of the file opens. */
export function createGate(
  rule: CredentialsRule,
  { tokens, sessions }: { readonly tokens?: Tokens | undefined; readonly sessions?: Sessions | undefined },
): Gate {
  const templates = Object.entries(rule.session ?? {}).map(([name, text]) => ({
    name: name.toLowerCase(),
    ...compile(text),
  }));
  const used = new Set<string>();

  /** The tokens that the headers of a session carry; undefined when one of them is missing, or not as it must be. */
  const carried = (headers: Readonly<Record<string, string>>) => {
    const found: Record<string, string> = {};
    for (const { name, pattern } of templates) {
      const groups = pattern.exec(headers[name] ?? "")?.groups;
      if (!pattern.test(headers[name] ?? "")) return undefined;
      Object.assign(found, groups);
    }
    return templates.length > 0 ? (found satisfies TokenSet) : undefined;
  };
  const repeated = (headers: Readonly<Record<string, string>>) => {
    const fresh = templates.filter(({ once }) => once);
    const again = fresh.find(({ name }) => used.has(`${name} ${headers[name]}`));
    for (const { name } of fresh) used.add(`${name} ${headers[name]}`);
    return again?.name;
  };

  return {
    headers: [
      ...templates.map(({ name }) => name),
      ...Object.keys(rule.headers ?? {}).map((name) => name.toLowerCase()),
    ],
    admit(headers) {
      const person = personOf(headers, rule);
      if (person !== undefined) return { caller: { user: person, scopes: undefined } };
      if (isConstant(headers, rule)) return { caller: ANYBODY };
      const grant = rule.oauth && tokens?.grantOf(bearerOf(headers));
      if (grant) return { caller: grant };
      const set = carried(headers);
      const line = set && sessions?.lineOf(set);
      if (!line) return {};
      const again = repeated(headers);
      return again === undefined ? { caller: { user: line.user, scopes: undefined } } : { repeated: again };
    },
    expire(headers) {
      tokens?.expire("access", bearerOf(headers));
      const set = carried(headers);
      if (set) sessions?.expire("access", set);
    },
  };
}

/** Whose user name a request shows by Basic, where the file says whose they are. */
function personOf(headers: Readonly<Record<string, string>>, { basic }: CredentialsRule): unknown {
  const name = basicName(headers);
  return basic && "users" in basic && name !== undefined && Object.hasOwn(basic.users, name)
    ? basic.users[name]
    : undefined;
}

/** The user name of RFC 7617. */
function basicName(headers: Readonly<Record<string, string>>): string | undefined {
  const basic = /^Basic (.+)$/i.exec(headers["authorization"] ?? "")?.[1];
  return basic === undefined ? undefined : Buffer.from(basic, "base64").toString("utf8").split(":")[0];
}

/** Whether a request shows a credential that the file writes out. Of Basic only the user name counts. */
function isConstant(headers: Readonly<Record<string, string>>, rule: CredentialsRule): boolean {
  const given = headers["authorization"] ?? "";
  if (rule.basic && "username" in rule.basic && basicName(headers) === rule.basic.username) return true;
  if (rule.bearer !== undefined && given === `Bearer ${rule.bearer}`) return true;
  const named = Object.entries(rule.headers ?? {});
  return named.length > 0 && named.every(([name, value]) => headers[name.toLowerCase()] === value);
}

/** The token of RFC 6750 §2.1; the scheme's name is not sensitive to case. */
function bearerOf(headers: Readonly<Record<string, string>>): string {
  return /^Bearer +(\S+)$/i.exec(headers["authorization"] ?? "")?.[1] ?? "";
}

/** `Bearer {authToken}` → a pattern with a group for the token; `{uuid}` must be one, and new. */
function compile(text: string): { readonly pattern: RegExp; readonly once: boolean } {
  const source = text
    .split(/(\{[^{}]+\})/)
    .map((part) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      return name === "uuid" ? UUID : `(?<${name}>.+)`;
    })
    .join("");
  return { pattern: new RegExp(`^${source}$`), once: text.includes("{uuid}") };
}
