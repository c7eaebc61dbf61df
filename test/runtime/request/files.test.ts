import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { file } from "../../../src/runtime/file.ts";
import { Problem } from "../../../src/runtime/problem.ts";
import { fileReader } from "../../../src/runtime/request/files.ts";

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

const path = (name: string) => file().parse({ path: name });

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
  const refusal = await fileReader([root])(path(name), "attachment").catch((error: unknown) => error);
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
  const read = await fileReader([join(folder, "nowhere"), root])(path(name), "attachment");
  expect(read).toMatchObject({ name: shown });
  expect(Buffer.from(read.bytes).toString()).toBe(text);
});

test("T38 without a root no path is read", async () => {
  await expect(fileReader([])(path(join(root, "a.txt")), "attachment")).rejects.toMatchObject({
    code: "invalid_arguments",
  });
});

test("T38 the files of one request share 40 MB", async () => {
  const read = fileReader([root]);
  const megabytes = (count: number) =>
    file().parse({ name: "x", base64: Buffer.alloc(count * 1024 * 1024).toString("base64") });
  await read(megabytes(30), "a");
  await expect(read(megabytes(11), "b")).rejects.toMatchObject({ facts: { arguments: [{ argument: "b" }] } });
});

test("content by base64 keeps its name, without any folder", async () => {
  const base64 = Buffer.from("x").toString("base64");
  const read = fileReader([]);
  expect(await read(file().parse({ name: "..\\..\\a\r\n.pdf", base64 }), "a")).toMatchObject({
    name: "a.pdf",
    contentType: "application/pdf",
  });
  expect(await read(file().parse({ base64 }), "a")).toMatchObject({
    name: "file",
    contentType: "application/octet-stream",
  });
});
