import { writeSync } from "node:fs";
import { writeWhole } from "../../../src/runtime/state-files/whole-file.ts";

// Writes a file of 20 to 74 KB again and again until it is killed: `node writing-process.mjs <file>`. Says `.` after the first.
const [file = ""] = process.argv.slice(2);
const seed = { salt: "0".repeat(32), digest: "0".repeat(64) };
for (let i = 0; ; i++) {
  const values = { accessToken: "x".repeat(20_000 + (i % 7) * 9_000) };
  writeWhole(file, JSON.stringify({ version: 1, seed, values, obtainedAt: i }));
  if (i === 0) writeSync(1, ".");
}
