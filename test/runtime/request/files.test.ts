import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { file } from "../../../src/runtime/file.ts";
import { Problem } from "../../../src/runtime/problem.ts";
import type { FileInput } from "../../../src/runtime/file.ts";
import { knownFile } from "../../../src/runtime/request/file-part.ts";
import { openFiles } from "../../../src/runtime/request/files.ts";
import { fillTemplate } from "../../../src/runtime/request/template.ts";
import type { FilledFile } from "../../../src/runtime/request/types.ts";
import { scopeOf } from "./fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "files-"));
const root = join(folder, "root");
mkdirSync(join(root, "sub"), { recursive: true });
mkdirSync(join(folder, "root-sibling"));
writeFileSync(join(root, "a.txt"), "hello");
writeFileSync(join(root, "..hidden"), "fine");
writeFileSync(join(root, "sub", "b.bin"), "b");
writeFileSync(join(folder, "outside.txt"), "CANARY");
writeFileSync(join(folder, "root-sibling", "c.txt"), "CANARY");
writeFileSync(join(root, "large.bin"), "");
truncateSync(join(root, "large.bin"), 2 * 1024 ** 3); // sparse
symlinkSync(join(folder, "outside.txt"), join(root, "link.txt"));
symlinkSync(folder, join(root, "up"));
symlinkSync(join(root, "a.txt"), join(root, "inner.txt"));
execFileSync("mkfifo", [join(root, "pipe")]);
afterAll(() => rmSync(folder, { recursive: true }));

function relink(target: string, link: string): void {
  rmSync(link);
  symlinkSync(target, link);
}

const path = (name: string) => file().parse({ path: name });
const request = { method: "PUT", path: "/", server: "api" } as const;

/** Opens a file as a call does, for the argument `attachment`. */
async function open(roots: readonly string[], input: FileInput): Promise<FilledFile> {
  await openFiles({ attachment: input }, request, roots);
  const opened = knownFile(input);
  if (!opened) throw new Error("it was not opened");
  return opened;
}

async function contentOf({ read }: FilledFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of read()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test.each([
  "/etc/passwd",
  "../outside.txt",
  "sub/../../outside.txt",
  join(folder, "outside.txt"),
  join(folder, "root-sibling", "c.txt"),
  "link.txt",
  "up/outside.txt",
  "pipe",
  "sub",
  ".",
  "",
  "/proc/self/environ",
  "large.bin",
  "missing.txt",
  "a.txt\u0000.png",
])("T38 file upload reads arbitrary local files: %j is refused", async (name) => {
  const refusal = await open([root], path(name)).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Problem);
  expect(refusal).toMatchObject({ code: "invalid_arguments", facts: { arguments: [{ argument: "attachment" }] } });
  expect(String(refusal)).not.toContain("CANARY");
  expect(String(refusal)).not.toContain(folder);
});

test.each([
  ["a.txt", "a.txt", "hello"],
  [join(root, "a.txt"), "a.txt", "hello"],
  ["sub/b.bin", "b.bin", "b"],
  ["..hidden", "..hidden", "fine"],
  ["inner.txt", "inner.txt", "hello"], // a link that stays inside
])("T38 a file within a root is read: %s", async (name, shown, text) => {
  const opened = await open([join(folder, "nowhere"), root], path(name));
  expect(opened).toMatchObject({ name: shown, size: text.length });
  expect(await contentOf(opened)).toBe(text);
});

test("T38 without a root no path is read, and it is said what opens one", async () => {
  const refusal = await open([], path(join(root, "a.txt"))).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "invalid_arguments" });
  expect(String(refusal)).toMatch(/--files DIR, or TOOLWRIGHT_FILES/);
});

test("T38 the files of one call share 100 MB", async () => {
  for (const name of ["one.bin", "two.bin"]) {
    writeFileSync(join(root, name), "");
    truncateSync(join(root, name), 60 * 1024 ** 2);
  }
  await openFiles({ one: path("one.bin") }, request, [root]);
  await expect(openFiles({ one: path("one.bin"), list: [path("two.bin")] }, request, [root])).rejects.toMatchObject({
    facts: { arguments: [{ argument: "list" }] },
  });
});

test("T38 a file that has to be held in memory as text has a lower bound", async () => {
  writeFileSync(join(root, "held.bin"), "");
  truncateSync(join(root, "held.bin"), 41 * 1024 ** 2);
  const body = { payload: { data: "$inputs.a#/base64" } };
  await expect(openFiles({ a: path("held.bin") }, { ...request, body }, [root])).rejects.toMatchObject({
    facts: { arguments: [{ argument: "a", message: expect.stringContaining("40 MB") }] },
  });
});

test.each([
  ["another file in its place", () => renameSync(join(root, "other.txt"), join(root, "swap.txt"))],
  ["a link in its place", () => relink(join(folder, "outside.txt"), join(root, "swap.txt"))],
  ["one that grew", () => writeFileSync(join(root, "swap.txt"), "here and more")],
  ["one that shrank", () => truncateSync(join(root, "swap.txt"), 1)],
])("T38 between the look and the sending: %s is noticed", async (_, change) => {
  rmSync(join(root, "swap.txt"), { force: true });
  writeFileSync(join(root, "swap.txt"), "here");
  writeFileSync(join(root, "other.txt"), "gone");
  const opened = await open([root], path("swap.txt"));
  change();
  const refusal = await contentOf(opened).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "invalid_arguments" });
  expect(String(refusal)).not.toContain("CANARY");
});

test("every part of a file is there for a template", async () => {
  const body = { payload: "$inputs.attachment#/base64" };
  const inputs = { attachment: path("a.txt") };
  await openFiles(inputs, { ...request, body }, [root]);
  const scope = scopeOf(inputs);
  const parts = Object.fromEntries(
    ["name", "type", "size", "base64"].map((part) => [part, fillTemplate(`$inputs.attachment#/${part}`, scope)]),
  );
  expect(parts).toEqual({ name: "a.txt", type: "text/plain", size: 5, base64: "aGVsbG8=" });
  expect(fillTemplate("$inputs.attachment#/path", scope)).toBeUndefined();
  expect(fillTemplate("$inputs.attachment#/bytes", scope)).toBe(inputs.attachment);
});

test("content by base64 keeps its name, without any folder", async () => {
  const base64 = Buffer.from("x").toString("base64");
  expect(await open([], file().parse({ name: "..\\..\\a\r\n.pdf", base64 }))).toMatchObject({
    name: "a.pdf",
    contentType: "application/pdf",
  });
  expect(await open([], file().parse({ base64 }))).toMatchObject({
    name: "file",
    contentType: "application/octet-stream",
  });
});
