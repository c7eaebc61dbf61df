import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Every folder that a test makes lies in one folder of the run, which goes with it: what a test forgets, or a crash leaves, fills nobody's disk. */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-test-"));
  chmodSync(folder, 0o755); // some tests start processes of another user
  for (const variable of ["TMPDIR", "TEMP", "TMP"]) process.env[variable] = folder; // what `tmpdir()` reads, on each system
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
