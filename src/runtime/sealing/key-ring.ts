import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { closeSync, constants, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { prepareFolder, tighten } from "../state-files/whole-file.ts";
import type { Environment } from "../load/environment.ts";
import { errorCode, whyUnusable } from "../load/file-fault.ts";
import { StartError } from "../load/start-error.ts";

/** Secrets that keys are made of: the first seals, all of them open what was sealed with them. */
export interface KeyRing {
  /** Keys of 32 bytes for one purpose, in the order of the secrets. */
  keysFor(purpose: string): readonly RingKey[];
}

/** One key of a ring. */
export interface RingKey {
  /** Tells keys apart, and nothing of them. */
  readonly id: string;
  readonly key: Uint8Array;
}

/** What a secret has at least; less could be guessed. */
const MIN_LENGTH = 32;

/**
 * Takes the ring from `TOOLWRIGHT_SECRET`, or from the file `secret` in the state directory, which the first start makes.
 *
 * @throws {StartError} when a secret is too short, or the file cannot be read or made.
 */
export function openKeyRing(directory: string, environment: Environment): KeyRing {
  return givenKeyRing(environment) ?? ringOf([secretFile(join(directory, "secret"))]);
}

/**
 * The ring of `TOOLWRIGHT_SECRET`: several secrets are separated by commas, the newest first. Undefined: it is not set.
 *
 * @throws {StartError} when a secret is too short.
 */
export function givenKeyRing(environment: Environment): KeyRing | undefined {
  const secrets = environment["TOOLWRIGHT_SECRET"];
  if (!secrets) return undefined;
  const given = secrets.split(",").map((secret) => secret.trim());
  if (given.some((secret) => secret.length < MIN_LENGTH)) {
    throw new StartError(
      `TOOLWRIGHT_SECRET is shorter than ${MIN_LENGTH} characters`,
      "make one with `openssl rand -base64 32`; an old one goes behind it, after a comma",
    );
  }
  return ringOf(given);
}

/** A ring that lasts as long as the process. */
export function passingKeyRing(): KeyRing {
  return ringOf([randomBytes(32).toString("base64url")]);
}

function ringOf(secrets: readonly string[]): KeyRing {
  return {
    keysFor: (purpose) =>
      secrets.map((secret) => {
        const key = new Uint8Array(hkdfSync("sha256", secret, "toolwright", purpose, 32));
        return { id: createHash("sha256").update(key).digest("hex").slice(0, 16), key };
      }),
  };
}

/** Of several processes that start at once, one makes the file and all read it. */
function secretFile(path: string): string {
  try {
    return readSecret(path) ?? makeSecret(path);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `${path} ${whyUnusable(error)}`,
      "set TOOLWRIGHT_STATE_DIR to a folder that this user may write, or set TOOLWRIGHT_SECRET",
    );
  }
}

function readSecret(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)); // Windows has no such flag
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    tighten(fd, path);
    const secret = readFileSync(fd, "utf8").trim();
    if (secret.length >= MIN_LENGTH) return secret;
    throw new StartError(`${path} holds no secret`, "restore it; without it everybody has to sign in again");
  } finally {
    closeSync(fd);
  }
}

/** A link fails where a rename would take the place of what another process has just made. */
function makeSecret(path: string): string {
  prepareFolder(path);
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeSync(fd, `${randomBytes(32).toString("base64url")}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  } finally {
    unlinkSync(temporary);
  }
  const made = readSecret(path);
  if (made === undefined) throw new Error(`${path} is gone`);
  return made;
}
