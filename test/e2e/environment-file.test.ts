import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentFile, environmentOf } from "../../src/cli/environment.ts";
import { emptyProject, type TestProject } from "./project.ts";
import { ownEnvironment, runAt } from "./server.ts";

// Somebody installs the package in a folder of theirs, puts a `.env` there, and starts a vendor that ships.
const ROOT = resolve(import.meta.dirname, "../..");
const KEY = "FRESHSERVICE_API_KEY=key-in-a-file\n";
let folder: TestProject;
let cli: string;

beforeAll(() => {
  folder = emptyProject({ "package.json": "{}", "work/readme.txt": "" });
  const installed = join(folder.directory, "node_modules/toolwright");
  for (const part of ["dist", "package.json", "tools.yaml", "specs/freshservice", "generated/freshservice"])
    cpSync(join(ROOT, part), join(installed, part), { recursive: true });
  cli = join(installed, "dist/cli.js");
});
afterAll(() => folder.remove());

async function urlOf(cwd: string, env: Readonly<Record<string, string>> = {}, more: readonly string[] = []) {
  const args = ["call", "fetchTickets", "{}", "--dry-run", ...more];
  const { out, note } = await runAt(cli, args, { cwd, env: ownEnvironment(env) });
  return { note, host: out === "" ? "" : new URL((JSON.parse(out) as { url: string }).url).host };
}

test("an API that does not ship is told where it would be looked for", async () => {
  const { code, note } = await runAt(cli, ["serve", "acme"], { cwd: folder.directory });
  expect(code).toBe(2);
  expect(note).toBe(
    `error: there is no API "acme" among those that ship with toolwright; there is freshservice\n  help: ${folder.directory} has no tools.yaml: go to your project's folder, or name it with \`--config\`\n`,
  );
});

describe("the .env of what ships with the package", () => {
  test("is that of the folder where one stands; the environment wins", async () => {
    expect(existsSync(join(folder.directory, "node_modules/toolwright/.env"))).toBe(false);
    folder.write(".env", `${KEY}FRESHSERVICE_DOMAIN=of-the-folder.example\n`);
    expect(await urlOf(folder.directory)).toEqual({ host: "of-the-folder.example", note: "" });
    const set = await urlOf(folder.directory, { FRESHSERVICE_DOMAIN: "of-the-environment.example" });
    expect(set.host).toBe("of-the-environment.example");
  });

  test("is named where variables are missing", async () => {
    folder.write(".env", KEY);
    const { note } = await urlOf(folder.directory);
    expect(note).toContain(`FRESHSERVICE_DOMAIN is not set`);
    expect(note).toContain(join(folder.directory, ".env"));
  });

  test("is no other folder's: neither one above, nor the current one beside a --config", async () => {
    folder.write(".env", `${KEY}FRESHSERVICE_DOMAIN=above.example\n`);
    expect((await urlOf(join(folder.directory, "work"))).note).toContain("are not set");
    const installed = join(folder.directory, "node_modules/toolwright");
    const named = await urlOf(folder.directory, {}, ["--config", installed]);
    expect(named.note).toContain(join(installed, ".env"));
  });

  test("may be a folder of that name, as Python makes them: there is none then", async () => {
    mkdirSync(join(folder.directory, "work/.env"));
    const { note } = await urlOf(join(folder.directory, "work"));
    expect(note).toContain("are not set");
    expect(note).not.toContain("EISDIR");
  });

  test("sends no telemetry anywhere: OTEL_ variables of a folder that is no project are another program's", () => {
    folder.write(".env", `${KEY}OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318\nTOOLWRIGHT_READ_ONLY=1\n`);
    const elsewhere = { directory: join(folder.directory, "node_modules/toolwright"), configFile: "tools.yaml" };
    const shipped = environmentOf({ ...elsewhere, startedIn: folder.directory });
    expect(shipped["OTEL_EXPORTER_OTLP_ENDPOINT"]).toBeUndefined();
    expect(shipped["FRESHSERVICE_API_KEY"]).toBe("key-in-a-file");
    expect(shipped["TOOLWRIGHT_READ_ONLY"]).toBe("1");
    const own = environmentOf({ ...elsewhere, directory: folder.directory });
    expect(own["OTEL_EXPORTER_OTLP_ENDPOINT"]).toBe("http://127.0.0.1:4318");
  });

  test("is the one beside the tools.yaml that ships, where there is one, as in a clone", () => {
    folder.write("clone/.env", "");
    folder.write(".env", KEY);
    const clone = { directory: join(folder.directory, "clone"), configFile: "tools.yaml", startedIn: folder.directory };
    expect(environmentFile(clone)).toBe(join(folder.directory, "clone/.env"));
    expect(environmentOf(clone)["FRESHSERVICE_API_KEY"]).toBeUndefined();
  });
});
