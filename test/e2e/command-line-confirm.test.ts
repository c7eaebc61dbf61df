import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { endedWithTests } from "../children.ts";
import { startVendor, type Vendor } from "../runtime/call/vendor.ts";
import { CLI, ownEnvironment, run } from "./server.ts";

const GOLDEN = resolve(import.meta.dirname, "../golden");
const folder = mkdtempSync(join(tmpdir(), "confirm-"));
let vendor: Vendor;
beforeAll(async () => {
  vendor = await startVendor(() => ({ body: { submitted: true, note: { id: 1 } } }));
  for (const name of ["confirmed_tool", "multipart_upload"])
    cpSync(join(GOLDEN, name), join(folder, name), { recursive: true });
});
beforeEach(() => void (vendor.seen.length = 0));
afterAll(async () => {
  await vendor.close();
  rmSync(folder, { recursive: true });
});

const command = (args: readonly string[] = []) => [
  "call",
  "submit_essay",
  '{"id":7}',
  "--config",
  join(folder, "confirmed_tool"),
  "--server",
  vendor.url,
  ...args,
];

describe("what cannot be taken back, from a command line", () => {
  test("with nobody at the terminal it is not done, and the way is said", async () => {
    const { code, out, note } = await run(command(), { env: ownEnvironment() });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toContain("Acme: Submit essay (id: 7). This cannot be taken back. Do it?");
    expect(note).toContain("help: add --yes once it is wanted");
    expect(vendor.seen).toHaveLength(0);
  });

  test("--yes does it; a dry run asks for nothing", async () => {
    expect(await run(command(["--dry-run"]), { env: ownEnvironment() })).toMatchObject({ code: 0 });
    expect(vendor.seen).toHaveLength(0);
    const { code, out } = await run(command(["--yes"]), { env: ownEnvironment() });
    expect({ code, answer: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      answer: { submitted: true, note: { id: 1 } },
    });
    expect(vendor.seen).toMatchObject([{ method: "POST", path: "/essays/7/submit" }]);
  });

  // util-linux's `script` gives the process a terminal of its own.
  const terminal = spawnSync("script", ["--version"]).status === 0;
  test.skipIf(!terminal).each([
    ["y\n", 1, /"submitted": true/],
    ["yes\n", 1, /"submitted": true/],
    ["\n", 0, /said no/],
    ["n\n", 0, /said no/],
    ["\u0004", 0, /closed without an answer/],
  ])("at a terminal, a person who types %j decides", async (typed, sent, says) => {
    const line = [process.execPath, CLI, ...command()].map((word) => `'${word}'`).join(" ");
    const child = endedWithTests(
      spawn("script", ["-qec", line, "/dev/null"], { env: { ...ownEnvironment(), TERM: "dumb" } }),
    );
    let shown = "";
    child.stdout.on("data", (piece: Buffer) => {
      const before = shown;
      shown += piece.toString();
      if (shown.includes("[y/N]") && !before.includes("[y/N]")) child.stdin.write(typed);
    });
    await new Promise((done) => child.once("exit", done));
    expect(shown).toContain("Submit essay (id: 7)");
    expect(shown).toMatch(says);
    expect(vendor.seen).toHaveLength(sent);
  });
});

describe("T38 files, from a command line", () => {
  const open = join(folder, "open");
  beforeAll(() => {
    mkdirSync(open);
    writeFileSync(join(open, "note.txt"), "hello");
    writeFileSync(join(folder, "secret.txt"), "CANARY");
  });
  const upload = (path: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    run(
      [
        "call",
        "add_note",
        JSON.stringify({ ticket_id: 1, body: "See the file.", attachments: [{ path }] }),
        "--config",
        join(folder, "multipart_upload"),
        "--server",
        vendor.url,
        ...args,
      ],
      { env: ownEnvironment(env) },
    );

  test.each([
    ["--files", () => upload("note.txt", ["--files", open])],
    [
      "TOOLWRIGHT_FILES",
      () => upload("note.txt", [], { TOOLWRIGHT_FILES: [open, folder + "/confirmed_tool"].join(delimiter) }),
    ],
  ])("a folder is opened by %s", async (_, call) => {
    const { code, note } = await call();
    expect({ code, note }).toEqual({ code: 0, note: "" });
    expect(vendor.seen[0]?.body).toContain("hello");
  });

  test.each([
    ["no folder is open", [], /--files DIR, or TOOLWRIGHT_FILES/],
    ["a file is outside", ["--files", open], /is no readable file in a folder that is open/],
  ])("%s: refused, nothing is sent and nothing told", async (_, args, says) => {
    const { code, note } = await upload(join(folder, "secret.txt"), args);
    expect(code).toBe(1);
    expect(note).toMatch(says);
    expect(note).not.toContain("CANARY");
    expect(vendor.seen).toHaveLength(0);
  });

  test("the whole disk is not opened", async () => {
    const { code, note } = await upload("note.txt", ["--files", "/"]);
    expect(code).toBe(1);
    expect(note).toMatch(/would open the whole disk/);
  });
});
