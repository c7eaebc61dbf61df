import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { buildProgram } from "../../access/proxy/fixture/other-process.ts";
import { openBrowser } from "../../access/proxy/fixture/browser.ts";
import { askToken, call, publicClient, register, REDIRECT, signIn } from "../../access/proxy/fixture/oauth.ts";
import { serveProxy } from "../../access/proxy/fixture/serve.ts";
import { StartError } from "../../../src/runtime/load/start-error.ts";
import { faultLogLine } from "../../../src/runtime/serve/call-log.ts";
import { fileVault } from "../../../src/runtime/vault/file-vault.ts";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { readStateFile, writeStateFile } from "../../../src/runtime/credentials/state-file.ts";
import { removeWhole } from "../../../src/runtime/state-files/whole-file.ts";
import { mayMount, mountDisk, mountFile } from "../mounts.ts";

/** What a state directory does to a server when it cannot be used: each by a file system that really is so. */
const KEY = { id: "one", key: new Uint8Array(32) };
const problemOf = async (work: () => unknown): Promise<StartError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error("nothing went wrong");
};
const disk = (size?: string) => {
  const made = mountDisk(size);
  onTestFinished(() => made.unmount());
  return made;
};
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "toolwright-vault-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};
const fileIn = (path: string) => join(path, readdirSync(path).find((name) => name.endsWith(".jwe")) ?? "none");

describe.skipIf(!mayMount)("T40 a disk that cannot be written", () => {
  test("EROFS: what is there is read, what is over is absent, and a write names the file and what to do", async () => {
    const { folder: at, readOnly } = disk();
    const vault = fileVault(at, [KEY]);
    await vault.set("acme.person", "ann", { token: "canary" });
    await vault.set("acme.state", "over", 1, 0.05);
    readOnly();
    expect(await vault.get("acme.person", "ann")).toEqual({ token: "canary" });
    expect(await vault.list("acme.person")).toEqual([{ id: "ann", value: { token: "canary" } }]);
    await expect.poll(async () => await vault.get("acme.state", "over")).toBeUndefined();
    expect(await vault.list("acme.state")).toEqual([]);
    const file = fileIn(join(at, "acme.person"));
    for (const work of [
      async () => await vault.set("acme.person", "ann", "canary"),
      async () => await vault.delete("acme.person", "ann"),
    ]) {
      const { message, help } = await problemOf(work);
      expect(message).toBe(`${file} is on a file system that is read-only (EROFS)`);
      expect(help).toBe("mount it so that it can be written, or set TOOLWRIGHT_STATE_DIR to a folder that can");
    }
    expect(await vault.locked("acme.person", "ann", async () => await vault.get("acme.person", "ann"))).toEqual({
      token: "canary",
    });
    const started = await problemOf(() => openVault({ stateDirectory: at, environment: {} }));
    expect(started.message).toContain(`${at} is on a file system that is read-only (EROFS)`);
  });

  test("ENOSPC: a full disk keeps what was there", async () => {
    const { folder: at } = disk("64k");
    const vault = fileVault(at, [KEY]);
    await vault.set("acme.person", "ann", "before");
    const { message, help } = await problemOf(
      async () => await vault.set("acme.person", "ann", { token: "x".repeat(80_000) }),
    );
    expect(message).toBe(`${fileIn(join(at, "acme.person"))} does not fit: the disk is full (ENOSPC)`);
    expect(help).toBe("make room there, or set TOOLWRIGHT_STATE_DIR to a folder elsewhere");
    expect(await vault.get("acme.person", "ann")).toBe("before");
    expect(readdirSync(join(at, "acme.person"))).toHaveLength(1); // nothing half-written stays in the way
  });

  test("EBUSY: a single file that was mounted cannot be replaced, and is read", async () => {
    const at = folder();
    const vault = fileVault(at, [KEY]);
    await vault.set("acme.person", "ann", "before");
    const file = fileIn(join(at, "acme.person"));
    const mounted = mountFile(file);
    onTestFinished(() => mounted.unmount());
    const { message, help } = await problemOf(async () => await vault.set("acme.person", "ann", "after"));
    expect(message).toBe(`${file} is in use by something that does not let it be replaced (EBUSY)`);
    expect(help).toBe("mount the folder that it is in, not the single file");
    expect(await vault.get("acme.person", "ann")).toBe("before");
  });

  test("a session file: told of once with the file and what to do; a logout that cannot be is an error", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warned.mockRestore());
    const { folder: at, readOnly } = disk();
    const file = join(at, "acme-oauth.json");
    const stored = { seed: { salt: "0".repeat(32), digest: "0".repeat(64) }, held: { values: {}, obtainedAt: 1 } };
    writeStateFile(file, stored);
    readOnly();
    expect(readStateFile(file)).toEqual(stored);
    const { message, help } = await problemOf(() => removeWhole(file));
    expect(message).toBe(`${file} is on a file system that is read-only (EROFS)`);
    expect(help).toContain("mount it so that it can be written");
    expect(warned).not.toHaveBeenCalled();
  });

  test("a server whose state directory turns read-only goes on with everybody who is signed in, and says what it cannot do", async () => {
    const { folder: at, readOnly, writable } = disk();
    const proxy = await serveProxy({ stateDirectory: at });
    onTestFinished(async () => await proxy.close());
    const client = await publicClient(proxy.origin);
    const ann = openBrowser({ issuer: proxy.vendor.issuer, person: "ann" });
    const tokens = await signIn(proxy.origin, ann, client);
    const whoAmI = async () => (await call(proxy.url, tokens.access_token, "who_am_i")).body.result?.structuredContent;
    expect(await whoAmI()).toEqual({ person: "ann" });

    readOnly();
    expect(await whoAmI()).toEqual({ person: "ann" });
    expect((await call(proxy.url, undefined, "who_am_i")).status).toBe(401);
    // The vendor ends her token twice; each refresh token is good once, and what came of it cannot be kept on the disk.
    for (const refreshes of [1, 2]) {
      proxy.vendor.expireAccess();
      expect(await whoAmI()).toEqual({ person: "ann" });
      expect(proxy.vendor.state.refreshes).toBe(refreshes);
    }
    const refused = await register(proxy.origin, { redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" });
    expect([refused.status, refused.body["error"]]).toEqual([500, "server_error"]);
    expect(JSON.stringify(refused.body)).not.toContain(at); // the operator's business
    const form = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
    expect((await askToken(proxy.origin, client, form)).body["error"]).toBe("server_error");
    expect(proxy.faults.length).toBeGreaterThanOrEqual(4);
    for (const fault of proxy.faults) {
      const line = JSON.parse(faultLogLine(fault)) as { fault: string; message: string; help: string };
      expect(line.fault).toBe("operator");
      expect(line.message).toMatch(
        new RegExp(`^${at}/vault/acme\\.\\w+/[0-9a-f]{32}\\.jwe is on a file system that is read-only \\(EROFS\\)$`),
      );
      expect(line.help).toContain("mount it so that it can be written");
    }

    writable();
    proxy.vendor.expireAccess();
    expect(await whoAmI()).toEqual({ person: "ann" });
    expect(
      (await register(proxy.origin, { redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" })).status,
    ).toBe(201);
    // What could not be kept for a while is kept again: a restart loses nothing.
    await proxy.stop();
    const again = await serveProxy({ stateDirectory: at, vendor: proxy.vendor, port: Number(new URL(proxy.url).port) });
    onTestFinished(async () => await again.stop());
    proxy.vendor.expireAccess();
    expect((await call(again.url, tokens.access_token, "who_am_i")).body.result?.structuredContent).toEqual({
      person: "ann",
    });
  });
});

test("EISDIR: a folder in the place of a file is said to be one", async () => {
  const at = folder();
  const vault = fileVault(at, [KEY]);
  await vault.set("acme.person", "ann", 1);
  const file = fileIn(join(at, "acme.person"));
  rmSync(file);
  mkdirSync(file);
  for (const work of [
    async () => await vault.get("acme.person", "ann"),
    async () => await vault.list("acme.person"),
    async () => await vault.set("acme.person", "ann", 2),
  ]) {
    const { message, help } = await problemOf(work);
    expect(message).toBe(`${file} is a folder, and ought to be a file (EISDIR)`);
    expect(help).toBe("move the folder away");
  }
});

const NOBODY = { uid: 65_534, gid: 65_534, cwd: "/", encoding: "utf8" } as const;
const hasNobody = process.getuid?.() === 0 && spawnSync(process.execPath, ["--version"], NOBODY).status === 0;
if (!hasNobody)
  console.warn(
    "NOT TESTED: EACCES by another user, since only root may become one, who must be able to start this Node",
  );
test.skipIf(!hasNobody)("EACCES: another user is told the file, and what to do, at the start and later", async () => {
  const program = await buildProgram("../../../runtime/vault/vault-program");
  onTestFinished(() => program.remove());
  chmodSync(join(program.file, ".."), 0o755);
  const at = folder();
  chmodSync(at, 0o755);
  await fileVault(join(at, "vault"), [KEY]).set("acme.person", "ann", "canary");
  const said = execFileSync(process.execPath, [program.file, at], NOBODY);
  const lines = said
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as readonly [string, string]); // as the program writes them
  const help = "give this user a folder that it may write, for itself alone, or set TOOLWRIGHT_STATE_DIR to one";
  expect(lines).toHaveLength(5);
  expect(lines[0]?.[0]).toBe(
    `the state directory ${at} may not be used by this user (${lines[0]?.[0]?.includes("EPERM") ? "EPERM" : "EACCES"}), and people's sign-ins are kept there`,
  );
  for (const [message, fix] of lines.slice(1)) {
    expect(message).toMatch(
      new RegExp(`^${at}/vault/acme\\.person\\S* may not be used by this user \\((EACCES|EPERM)\\)$`),
    );
    expect(fix).toBe(help);
  }
});
