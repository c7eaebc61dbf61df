import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endChildren, endedWithTests, WATCHING_PARENT } from "./children.ts";

const LASTING = ["-e", "setInterval(() => {}, 1000)"];

test("what a test leaves running is ended after its file", async () => {
  const child = endedWithTests(spawn(process.execPath, LASTING));
  const ended = once(child, "exit");
  await endChildren();
  expect(await ended).toEqual([null, "SIGKILL"]);
});

test("a process that watches its parent ends when that is killed", async () => {
  const grandchild = [...WATCHING_PARENT, "-e", "console.log(process.pid); setInterval(() => {}, 1000)"];
  const command = JSON.stringify([process.execPath, grandchild, { stdio: "inherit" }]);
  const program = `require("node:child_process").spawn(...${command}); setInterval(() => {}, 1000)`;
  const parent = endedWithTests(spawn(process.execPath, ["-e", program]));
  const [said] = (await once(parent.stdout, "data")) as [Buffer]; // what `data` hands over
  const pid = Number(said.toString());
  expect(isRunning(pid)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => isRunning(pid), { interval: 50, timeout: 10_000 }).toBe(false);
});

test("every test that starts a process says so", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const starting = files.filter((file) => file.endsWith(".ts") && !file.startsWith("corpus"));
  for (const file of starting) {
    const text = readFileSync(join(import.meta.dirname, file), "utf8");
    const [unsaid] = /(?<!endedWithTests\(\s*)(?<![."'`/\w])spawn\(.*/.exec(text) ?? [];
    expect(unsaid, file).toBeUndefined();
  }
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch {
    return false;
  }
}
