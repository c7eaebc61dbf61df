import { readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { locked } from "../state-files/lock.ts";
import { warnOnce } from "../warn.ts";
import { removeWhole, writeWhole } from "../state-files/whole-file.ts";
import { onFile, unlessAbsent } from "../load/file-fault.ts";
import { digestOfId as digest } from "../sealing/digest.ts";
import { queues } from "./queues.ts";
import type { RingKey } from "../sealing/key-ring.ts";
import { seal, sealedUntil, type Sealed, unseal } from "../sealing/seal.ts";
import type { Vault } from "./vault.ts";

/** What is over is thrown away this often, while something is put in. */
const SWEEP_MS = 600_000;
const KIND = /^[a-z0-9][a-z0-9._-]*$/i;
const SUFFIX = ".jwe";

/**
 * A vault of one sealed file for each thing, `<directory>/<kind>/<digest of the id>.jwe`, mode 0600 in folders of mode 0700. A file is
 * replaced as a whole, so every process that shares the folder sees a thing as it was or as it is.
 */
export function fileVault(directory: string, keys: readonly RingKey[]): Vault {
  const alone = queues();
  let sweptAt = Date.now();

  const folderOf = (kind: string): string => {
    if (!KIND.test(kind)) throw new Error(`${kind} is no kind of things in a vault`);
    return join(directory, kind);
  };
  const pathOf = (kind: string, id: string): string => join(folderOf(kind), `${digest(id)}${SUFFIX}`);

  /** A file that was moved to another place opens, and is not what is looked for. */
  const open = async (path: string, kind: string): Promise<Sealed | undefined> => {
    const text = read(path);
    if (text === undefined) return undefined;
    const sealed = await unseal(keys, text);
    if (sealed?.kind !== kind || !path.endsWith(`${digest(sealed.id)}${SUFFIX}`)) {
      warnOnce(`something in ${directory} was sealed with another secret or changed: it counts as absent`);
      return undefined;
    }
    if (!isOver(sealed.expiresAt)) return sealed;
    throwAway(path);
    return undefined;
  };

  return {
    get: async (kind, id) => (await open(pathOf(kind, id), kind))?.value,
    async set(kind, id, value, ttlSeconds) {
      const expiresAt = ttlSeconds === undefined ? {} : { expiresAt: Date.now() + ttlSeconds * 1000 };
      const path = pathOf(kind, id);
      const text = await seal(keys, { kind, id, value, ...expiresAt });
      onFile(path, () => writeWhole(path, text));
      if (Date.now() - sweptAt < SWEEP_MS) return;
      sweptAt = Date.now();
      sweep(directory);
    },
    async delete(kind, id) {
      const path = pathOf(kind, id);
      const there = await open(path, kind);
      return removeWhole(path) && there !== undefined;
    },
    async list(kind) {
      const folder = folderOf(kind);
      const opened = await Promise.all(sealedIn(folder).map(async (name) => await open(join(folder, name), kind)));
      return opened.flatMap((sealed) => (sealed ? [{ id: sealed.id, value: sealed.value }] : []));
    },
    async locked(kind, id, work) {
      const path = `${pathOf(kind, id)}.lock`;
      return await alone(path, async () => await locked(path, work));
    },
  };
}

function isOver(expiresAt: number | undefined): boolean {
  return expiresAt !== undefined && Date.now() >= expiresAt;
}

function sweep(directory: string): void {
  for (const kind of readdirSync(directory, { withFileTypes: true })) {
    if (!kind.isDirectory()) continue;
    for (const name of sealedIn(join(directory, kind.name))) {
      const path = join(directory, kind.name, name);
      const text = read(path);
      if (text !== undefined && isOver(sealedUntil(text))) throwAway(path);
    }
  }
}

function sealedIn(folder: string): readonly string[] {
  const names = unlessAbsent(folder, () => readdirSync(folder)) ?? [];
  return names.filter((name) => name.endsWith(SUFFIX) && !name.startsWith("."));
}

function read(path: string): string | undefined {
  return unlessAbsent(path, () => readFileSync(path, "utf8"));
}

/** What is over counts as absent even where nothing can be removed. */
function throwAway(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // somebody else did, or the next sweep does
  }
}
