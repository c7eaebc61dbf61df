import { isLoopback } from "../load/base-url.ts";
import { type Environment, valueOf } from "../load/environment.ts";
import { StartError } from "../load/start-error.ts";
import { givenKeyRing, type KeyRing } from "../sealing/key-ring.ts";

/** Where replicas keep what they share, as the environment says. */
export interface SharedSettings {
  /** With its password: never shown. */
  readonly url: string;
  /** The same for people: `redis://cache.example.com:6379/2`. */
  readonly shown: string;
  /** Begins every key: `toolwright:default:`. */
  readonly prefix: string;
  /** The most replicas that there are at a time. */
  readonly replicas: number;
  /** Of `TOOLWRIGHT_SECRET`: what it seals every replica can open, and Redis cannot. */
  readonly ring: KeyRing;
  /** Another machine, by a connection that anybody between can read. */
  readonly inTheClear: boolean;
}

/** Too many is safe, and too few is not: while Redis is away each replica allows itself its part of every limit. */
const REPLICAS = 4;

/**
 * Reads `TOOLWRIGHT_REDIS_URL`, `TOOLWRIGHT_DEPLOYMENT` and `TOOLWRIGHT_REPLICAS`; undefined: replicas share nothing.
 *
 * @throws {StartError} when one of them is of no use, or `TOOLWRIGHT_SECRET` is missing. None shows the URL: it may hold a password.
 */
export function sharedSettings(environment: Environment): SharedSettings | undefined {
  const url = valueOf(environment, "TOOLWRIGHT_REDIS_URL");
  if (url === undefined) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !isRedisUrl(parsed)) {
    throw new StartError(
      "TOOLWRIGHT_REDIS_URL is not the URL of a Redis or Valkey server",
      "write it like rediss://user:password@cache.example.com:6379/0; what is special in a password is percent-encoded",
    );
  }
  const ring = givenKeyRing(environment);
  if (!ring) {
    throw new StartError(
      "TOOLWRIGHT_REDIS_URL is set and TOOLWRIGHT_SECRET is not: nothing goes to Redis unsealed",
      "give every replica the same secret: make one with `openssl rand -base64 32`",
    );
  }
  return {
    url,
    shown: `${parsed.protocol}//${parsed.host}${parsed.pathname === "/" ? "" : parsed.pathname}`,
    prefix: `toolwright:${deploymentName(environment)}:`,
    replicas: replicasOf(environment),
    ring,
    inTheClear: parsed.protocol === "redis:" && !isLoopback(parsed.hostname),
  };
}

/** Whether its client can make something of it, which takes the user and the password apart from their percent-encoding. */
function isRedisUrl({ protocol, hostname, pathname, username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return /^rediss?:$/.test(protocol) && hostname !== "" && /^(\/\d*)?$/.test(pathname);
}

function deploymentName(environment: Environment): string {
  const name = valueOf(environment, "TOOLWRIGHT_DEPLOYMENT") ?? "default";
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(name)) return name;
  throw new StartError(
    "TOOLWRIGHT_DEPLOYMENT is no name: it has up to 64 letters, digits and . _ -",
    "name the deployment like production or staging; all its replicas have the same name",
  );
}

function replicasOf(environment: Environment): number {
  const text = valueOf(environment, "TOOLWRIGHT_REPLICAS") ?? String(REPLICAS);
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new StartError(
    "TOOLWRIGHT_REPLICAS is not a whole number of 1 or more",
    `set it to the most replicas that there are at a time; the default is ${REPLICAS}`,
  );
}
