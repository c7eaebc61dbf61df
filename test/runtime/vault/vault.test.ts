import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { StartError } from "../../../src/runtime/load/start-error.ts";
import { memoryVault } from "../../../src/runtime/vault/memory-vault.ts";
import { openSharedState, type SharedState } from "../../../src/runtime/shared-state/shared-state.ts";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import type { Vault } from "../../../src/runtime/vault/vault.ts";
import { hasRedis, type RedisServer, startRedis } from "../../shared-state/redis-server.ts";

let redis: RedisServer | undefined;
let shared: SharedState | undefined;
beforeAll(async () => {
  if (!hasRedis) return;
  redis = await startRedis();
  shared = openSharedState(redis.environment);
});
afterAll(async () => {
  shared?.close();
  await redis?.close();
});

let stateDirectory: string;
beforeEach(() => void (stateDirectory = mkdtempSync(join(tmpdir(), "toolwright-vault-"))));
afterEach(() => rmSync(stateDirectory, { recursive: true, force: true }));

const open = (secret?: string): Vault =>
  openVault({ stateDirectory, environment: secret === undefined ? {} : { TOOLWRIGHT_SECRET: secret } }).vault;
const OLD = "an-old-secret-of-more-than-32-characters";
const NEW = "a-newer-secret-of-more-than-32-characters";

const KINDS: [string, () => Vault][] = [
  ["files", () => open()],
  ["memory", () => memoryVault()],
];
if (hasRedis) KINDS.push(["Redis", () => openVault({ stateDirectory: undefined, shared, environment: {} }).vault]);

describe.each(KINDS)("a vault of %s", (_kind, make) => {
  test("gives back what was put there, and nothing else", async () => {
    const vault = make();
    await vault.set("acme.person", "ann", { token: "t" });
    expect(await vault.get("acme.person", "ann")).toEqual({ token: "t" });
    expect(await vault.get("acme.person", "bob")).toBeUndefined();
    expect(await vault.get("acme.other", "ann")).toBeUndefined();
    expect(await vault.list("acme.person")).toEqual([{ id: "ann", value: { token: "t" } }]);
  });

  test("forgets what is over", async () => {
    const vault = make();
    await vault.set("acme.state", "s", 1, 0.5);
    expect(await vault.get("acme.state", "s")).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await vault.get("acme.state", "s")).toBeUndefined();
    expect(await vault.list("acme.state")).toEqual([]);
    expect(await vault.delete("acme.state", "s")).toBe(false);
  });

  test("of many who delete the same, one is told so", async () => {
    const vault = make();
    await vault.set("acme.state", "s", 1);
    const told = await Promise.all(Array.from({ length: 20 }, async () => await vault.delete("acme.state", "s")));
    expect(told.filter(Boolean)).toHaveLength(1);
  });

  test("work under one name is done one after another, and a failure holds nobody up", async () => {
    const vault = make();
    let inside = 0;
    let most = 0;
    const work = async (i: number) =>
      await vault.locked("acme.person", "ann", async () => {
        most = Math.max(most, (inside += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
        if (i === 3) throw new Error("no");
      });
    const done = await Promise.allSettled(Array.from({ length: 8 }, async (_, i) => await work(i)));
    expect(most).toBe(1);
    expect(done.filter(({ status }) => status === "rejected")).toHaveLength(1);
  });
});

const filesOf = (kind: string) =>
  readdirSync(join(stateDirectory, "vault", kind)).map((name) => join(stateDirectory, "vault", kind, name));

test("a file is sealed, names nothing, and is its owner's alone (T40)", async () => {
  await open().set("acme.RefreshToken", "the-token-itself", { accountId: "ann" });
  const [file = ""] = filesOf("acme.RefreshToken");
  expect(readFileSync(file, "utf8")).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/); // JWE compact, `dir`: no encrypted key
  expect(file).not.toContain("the-token-itself");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(stateDirectory, "vault")).mode & 0o777).toBe(0o700);
  expect(statSync(join(stateDirectory, "secret")).mode & 0o777).toBe(0o600);
});

test("a file that was changed or put in another's place counts as absent", async () => {
  const vault = open();
  await vault.set("acme.person", "ann", { token: "ann's" });
  await vault.set("acme.person", "bob", { token: "bob's" });
  const [one = "", other = ""] = filesOf("acme.person");
  renameSync(one, other); // one of the two now lies where the other lay
  const left = [await vault.get("acme.person", "ann"), await vault.get("acme.person", "bob")];
  expect(left).toEqual([undefined, undefined]);
  await vault.set("acme.person", "ann", { token: "ann's" });
  const file = filesOf("acme.person").find((path) => path !== other) ?? "";
  const text = readFileSync(file, "utf8");
  const at = text.length - 8; // within the tag; the bits of the last character do not all count
  writeFileSync(file, `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
  expect(await vault.get("acme.person", "ann")).toBeUndefined();
});

test("a new secret seals, and the old one still opens what it sealed, until it is left out", async () => {
  await open(OLD).set("acme.person", "ann", 1);
  expect(await open(`${NEW}, ${OLD}`).get("acme.person", "ann")).toBe(1);
  await open(`${NEW},${OLD}`).set("acme.person", "bob", 2);
  expect(await open(NEW).get("acme.person", "ann")).toBeUndefined();
  expect(await open(NEW).get("acme.person", "bob")).toBe(2);
});

test("the secret file is made once, and tightened", async () => {
  await open().set("acme.person", "ann", 1);
  chmodSync(join(stateDirectory, "secret"), 0o644);
  expect(await open().get("acme.person", "ann")).toBe(1);
  expect(statSync(join(stateDirectory, "secret")).mode & 0o777).toBe(0o600);
});

test.each([
  ["a secret that can be guessed", () => open("short"), /shorter than 32/],
  [
    "a secret file that holds none",
    () => (writeFileSync(join(stateDirectory, "secret"), "x"), open()),
    /holds no secret/,
  ],
  [
    "a file where the folder should be",
    () => (writeFileSync(join(stateDirectory, "vault"), "x"), open()),
    /no folder \((?:EEXIST|ENOTDIR)\)/,
  ],
  [
    "a state directory below a file",
    () => openVault({ stateDirectory: join(import.meta.filename, "state"), environment: {} }),
    /no folder \(ENOTDIR\)/,
  ],
])("%s: it does not start, and says why", (_what, start, why) => {
  let thrown: unknown;
  try {
    start();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StartError);
  expect((thrown as StartError).message).toMatch(why);
  expect((thrown as StartError).help).not.toBe("");
});

test("an id or a kind cannot lead out of the folder", async () => {
  const vault = open();
  await vault.set("acme.person", "../../escaped", 1);
  expect(await vault.get("acme.person", "../../escaped")).toBe(1);
  expect(readdirSync(stateDirectory).sort()).toEqual(["secret", "vault"]);
  await expect(vault.set("../escaped", "x", 1)).rejects.toThrow("no kind");
});
