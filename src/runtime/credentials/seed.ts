import { createHash, randomBytes, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { OAuth2, Session } from "../../definition/api.ts";
import { type Environment, fillFromEnvironment, variablesIn } from "../load/environment.ts";
import { partsOf } from "../request/template.ts";
import type { SeedMark } from "./held.ts";
import { versionOf } from "./state-file.ts";
import { warnOnce } from "../warn.ts";

/** What a credential begins with, out of the environment and a file of the user's. */
export interface Seed {
  /** By name; what is not set is not there. */
  readonly values: Readonly<Record<string, string>>;
  readonly cookies: readonly SeedCookie[];
  /** Another text: another seed, for which nothing that grew from this one is of use. */
  readonly identity: string;
}

/** A cookie of a file of the user's. */
export interface SeedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: string | undefined;
  readonly path?: string | undefined;
}

/** A seed of OAuth 2: a refresh token, if one was given. Its secret may change without a new login. */
export function oauthSeed(
  { clientId, scope = "", parameters = {}, refreshToken = "" }: OAuth2,
  env: Environment,
): Seed {
  const token = filled(refreshToken, env);
  const identity = [clientId, scope, ...Object.values(parameters)].map((text) => filled(text, env));
  return {
    values: token === "" ? {} : { refreshToken: token },
    cookies: [],
    identity: JSON.stringify([...identity, token]),
  };
}

const COOKIE = z.object({
  name: z.string(),
  value: z.string(),
  domain: z.string().optional(),
  path: z.string().optional(),
});

/** A file of the user's, as the guides of vendors' own tools have it: values by name, and the cookies of a browser. */
const CONFIG = z.looseObject({
  sessionCookies: z.union([z.string(), z.array(COOKIE), z.record(z.string(), z.string())]).optional(),
});

/** A seed of a session: the environment goes before the file. */
export function sessionSeed({ seed, configFile }: Session, environment: Environment): Seed {
  const path = configFile === undefined ? "" : filled(configFile, environment);
  const config = path === "" ? {} : readConfig(path);
  const values = Object.entries(seed).flatMap(([name, text]) => {
    const given = filled(text, environment) || config[name];
    return typeof given === "string" && given !== "" ? [[name, given] as const] : [];
  });
  const cookies = cookiesOf(config.sessionCookies);
  return { values: Object.fromEntries(values), cookies, identity: JSON.stringify([values, cookies]) };
}

/**
 * Variables without a value that headers of a session need: neither the seed has it, nor do the steps of the session give it.
 *
 *     { transaction-id: "{$credentials.id}-{$uuid}" }, seed { id: "${ACME_ID:-}" }, nothing set → ["ACME_ID"]
 */
export function missingToBegin(
  session: Session,
  headers: Readonly<Record<string, string>>,
  environment: Environment,
): readonly string[] {
  const { values } = sessionSeed(session, environment);
  const missing = [...shownIn(headers)].filter((name) => !(name in values) && !(name in session.values));
  return missing.flatMap((name) => variablesIn(session.seed[name] ?? ""));
}

/** The names of `$credentials.name` in the texts of headers. */
export function shownIn(headers: Readonly<Record<string, string>>): ReadonlySet<string> {
  const parts = Object.values(headers).flatMap(partsOf);
  return new Set(parts.flatMap((part) => (typeof part !== "string" && part.from === "credentials" ? [part.name] : [])));
}

/** Tells one state of the user's file from the next. */
export function configVersion({ configFile }: Session, environment: Environment): string | undefined {
  const path = configFile === undefined ? "" : filled(configFile, environment);
  return path === "" ? undefined : versionOf(path);
}

function readConfig(path: string): z.output<typeof CONFIG> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    warnOnce(`${path} cannot be read: no credential is taken from it`);
    return {};
  }
  try {
    return CONFIG.parse(JSON.parse(text));
  } catch {
    warnOnce(`${path} is not a JSON object of texts: no credential is taken from it`); // its text must not be shown
    return {};
  }
}

/** `a=1; b=2`, `{ a: "1" }` or `[{ name: "a", value: "1" }]`, as browsers and their extensions write them. */
function cookiesOf(given: z.output<typeof CONFIG>["sessionCookies"]): readonly SeedCookie[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return given;
  if (typeof given !== "string") return Object.entries(given).map(([name, value]) => ({ name, value }));
  return given.split(/;\s*/).flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 ? [{ name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() }] : [];
  });
}

function filled(text: string, environment: Environment): string {
  const value = fillFromEnvironment(text, environment);
  return "text" in value ? value.text : ""; // that a variable is missing was told of at the start
}

/** What is known of seeds: their texts hashed quickly, since the mark itself is slow to make. */
const marks = new Map<string, string>();

/** A mark for a seed that has none yet. */
export function markSeed(seed: Seed): SeedMark {
  const salt = randomBytes(16).toString("hex");
  return { salt, digest: digestOf(seed, salt) };
}

/** Whether something grew from this seed. */
export function isMarkOf({ salt, digest }: SeedMark, seed: Seed): boolean {
  return digestOf(seed, salt) === digest;
}

/** Slow on purpose: a seed may be a password, which a file of tokens must not help to guess. */
function digestOf({ identity }: Seed, salt: string): string {
  const key = createHash("sha256").update(salt).update(identity).digest("hex");
  const known = marks.get(key);
  if (known !== undefined) return known;
  const digest = scryptSync(identity, Buffer.from(salt, "hex"), 32).toString("hex");
  marks.set(key, digest);
  return digest;
}
