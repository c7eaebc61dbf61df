import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "./fixture/other-process.ts";
import { startVendor, type Vendor } from "./fixture/vendor.ts";

let vendor: Vendor;
let stateDirectory: string;
beforeAll(async () => {
  vendor = await startVendor();
  stateDirectory = mkdtempSync(join(tmpdir(), "toolwright-quiet-"));
});
afterAll(async () => {
  await vendor.close();
  rmSync(stateDirectory, { recursive: true, force: true });
});

test("bundled, the authorization server starts and prints nothing of its own on a person's terminal", async () => {
  const program = await buildProgram("quiet-program");
  const told = JSON.stringify({ stateDirectory, vendor: { issuer: vendor.issuer, api: vendor.api } });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program.file, told]);
  program.remove();
  expect(stderr).toBe("");
  expect(stdout).toBe("console.warn was put back: true\nissuer: http://localhost:8000\n");
});
