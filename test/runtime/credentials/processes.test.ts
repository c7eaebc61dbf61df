import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { build } from "rolldown";
import { beforeAll, expect, test, vi } from "vitest";
import { endedWithTests } from "../../children.ts";
import { parseStored, printStored } from "../../../src/runtime/credentials/held.ts";
import { locked } from "../../../src/runtime/state-files/lock.ts";
import { readStateFile, writeStateFile } from "../../../src/runtime/credentials/state-file.ts";
import { startAuthority } from "./authority.ts";
import { callWith, deployAt, stateDirectory } from "./deploy.ts";

const STORED = {
  seed: { salt: "0".repeat(32), digest: "0".repeat(64) },
  held: { values: { accessToken: "canary-of-a-token" }, obtainedAt: 1 },
};

let programs: string;
beforeAll(async () => {
  programs = stateDirectory();
  const input = ["rotating-process", "writing-process"].map((name) => join(import.meta.dirname, `${name}.ts`));
  await build({
    input,
    platform: "node",
    logLevel: "warn",
    output: { dir: programs, format: "esm", entryFileNames: "[name].mjs" },
  });
});

/** Runs a program to its end. */
async function run(name: string, args: readonly string[]): Promise<string> {
  const child = endedWithTests(
    spawn(process.execPath, [join(programs, `${name}.mjs`), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (out += piece));
  await once(child, "close");
  return out;
}

test("70 processes that share a login cause one renewal for each rotation, and end none", async () => {
  const acme = await startAuthority({ apiDelayMs: 5, tokenDelayMs: 30 });
  const directory = stateDirectory();
  const seed = acme.refreshToken();
  await callWith(deployAt(acme.url, { stateDirectory: directory, environment: { ACME_REFRESH_TOKEN: seed } }));
  for (let rotation = 1; rotation <= 3; rotation++) {
    acme.expire();
    acme.tokenForms.length = 0;
    const outputs = await Promise.all(
      [1, 2, 3].map(async () => await run("rotating-process", [acme.url, directory, seed, "50"])),
    );
    expect(outputs).toEqual(["+".repeat(50), "+".repeat(50), "+".repeat(50)]);
    expect(acme.tokenForms).toHaveLength(1);
  }
  expect(acme.reused).toEqual([]);
  await acme.close();
}, 300_000);

/** Kills a process that writes a file, so many times, and looks at what is left each time. */
async function killWriters(file: string, times: number): Promise<void> {
  for (let kill = 0; kill < times; kill++) {
    const program = join(programs, "writing-process.mjs");
    const child = endedWithTests(spawn(process.execPath, [program, file], { stdio: ["ignore", "pipe", "inherit"] }));
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    child.kill("SIGKILL");
    await once(child, "close");
    const stored = parseStored(readFileSync(file, "utf8"));
    expect(stored?.held.values["accessToken"]).toMatch(/^x{20000,}$/);
  }
}

test("71 T40 a process that is killed at any moment of writing leaves the old file or the new one, 200 times", async () => {
  const folder = join(stateDirectory(), "credentials");
  await Promise.all(["a", "b", "c", "d"].map(async (name) => await killWriters(join(folder, `${name}.json`), 50)));
  const long = new Date(Date.now() - 120_000);
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), long, long);
  for (const name of ["a", "b", "c", "d"]) writeStateFile(join(folder, `${name}.json`), STORED);
  expect(readdirSync(folder).sort()).toEqual(["a.json", "b.json", "c.json", "d.json"]); // what was left half-way is gone
}, 300_000);

test("a lock whose holder was killed is taken over at once", async () => {
  const lock = join(stateDirectory(), "x.lock");
  const child = endedWithTests(spawn(process.execPath, ["-e", ""]));
  await once(child, "close");
  writeFileSync(lock, `${child.pid} ${(await import("node:os")).hostname()} 00`);
  const started = Date.now();
  await locked(lock, async () => undefined);
  expect(Date.now() - started).toBeLessThan(2_000);
  expect(existsSync(lock)).toBe(false);
});

test("a lock lets one in at a time", async () => {
  const lock = join(stateDirectory(), "x.lock");
  let inside = 0;
  let most = 0;
  const visit = async () =>
    await locked(lock, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside--;
    });
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(most).toBe(1);
});

test("73 a file with a wider mode is tightened, and so is its folder", async () => {
  const folder = join(stateDirectory(), "credentials");
  mkdirSync(folder, { mode: 0o755 });
  const file = join(folder, "acme.json");
  writeFileSync(file, printStored(STORED), { mode: 0o644 });
  chmodSync(folder, 0o755);
  expect(readStateFile(file)).toEqual(STORED);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeStateFile(file, STORED);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test.each(["", "{", '{"version":1}', '{"version":2,"values":{"accessToken":"canary-of-a-token"}}'])(
  "73 a file that holds %j counts as absent, is kept aside, and is not shown",
  async (text) => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const folder = stateDirectory();
    const file = join(folder, "acme.json");
    writeFileSync(file, text);
    expect(readStateFile(file)).toBeUndefined();
    const [aside = "", ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(readFileSync(join(folder, aside), "utf8")).toBe(text);
    expect(warned.mock.calls.flat().join()).toMatch(/was no file of credentials/);
    expect(warned.mock.calls.flat().join()).not.toContain("canary");
    warned.mockRestore();
  },
);

test("72 where nothing can be written, tokens are kept in memory, which is told of once", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const acme = await startAuthority();
  const directory = stateDirectory();
  writeFileSync(join(directory, "credentials"), "a file where the folder belongs");
  const deployment = deployAt(acme.url, {
    stateDirectory: directory,
    environment: { ACME_REFRESH_TOKEN: acme.refreshToken() },
  });
  for (let i = 0; i < 3; i++) {
    await callWith(deployment);
    acme.expire();
  }
  expect(acme.reused).toEqual([]);
  expect(warned.mock.calls).toHaveLength(1);
  expect(String(warned.mock.calls[0]?.[0])).toMatch(
    /credentials\/\S+ cannot be written: it is below something that is no folder \(E\w+\)\. The credential is lost when this process ends; give this user a folder/,
  );
  warned.mockRestore();
  await acme.close();
});

test("a login while the server runs is taken up at its next call, and so is a logout", async () => {
  const acme = await startAuthority();
  const directory = stateDirectory();
  const running = deployAt(acme.url, { stateDirectory: directory });
  await expect(callWith(running)).rejects.toMatchObject({ code: "reauthorize" });
  const { liveCredentialOf, stateFileOf } = await import("../../../src/runtime/credentials/credentials.ts");
  const other = deployAt(acme.url, { stateDirectory: directory });
  await liveCredentialOf(other, "oauth")?.replace({ values: { refreshToken: acme.refreshToken() }, obtainedAt: 0 });
  expect((await callWith(running)).status).toBe(200);
  rmSync(stateFileOf(other, "oauth") ?? "");
  await expect(callWith(running)).rejects.toMatchObject({ code: "reauthorize" });
  await acme.close();
});
