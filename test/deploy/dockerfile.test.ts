import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endedWithTests } from "../children.ts";
import { connect } from "../e2e/clients.ts";
import { type Recorder, startRecorder } from "../e2e/recorder.ts";
import { emptyFolder, removeFolders } from "../pack/packing.ts";
import { ROOT } from "../docs/pages.ts";
import { stages, textsOf } from "./instructions.ts";

// There is no Docker in CI. What the Dockerfile's lines do is done here without it: the same commands in the same order, in folders of
// their own, then the entry point as user 10001 on files that it cannot write. Only `npm ci` gives way to the packages that are here.
const USER = 10001;
/** Whether a process of that user can be started: only root becomes somebody else, and Node may lie where others may not look. */
const canBeUser =
  process.getuid?.() === 0 && spawnSync(process.execPath, ["-e", "0"], { uid: USER, gid: USER, cwd: "/" }).status === 0;
const [build = [], image = []] = stages();
let context: string;
let root: string;
let recorder: Recorder;

beforeAll(async () => {
  recorder = await startRecorder((request) => ({ ticket: { id: 7, subject: `seen by ${request.authorization}` } }));
  context = emptyFolder();
  root = emptyFolder();
  chmodSync(root, 0o755);
  for (const path of contextFiles()) cpSync(join(ROOT, path), join(context, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(context, "node_modules"));
  const given = Object.fromEntries(textsOf(build, "ARG").map((text) => text.split("=")) as [string, string][]);
  const environment = { ...process.env, ...given };
  for (const command of textsOf(build, "RUN").filter((text) => !text.startsWith("npm ci")))
    execFileSync("sh", ["-c", command], { cwd: context, env: environment, stdio: "pipe" });
  for (const text of textsOf(image, "COPY")) {
    const [, from = "", to = ""] = /^--from=build \/build\/(\S+) (\/\S+)$/.exec(text) ?? [];
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(join(context, from), join(root, to));
  }
}, 60_000);
afterAll(async () => {
  await recorder.close();
  removeFolders();
});

/** What `.dockerignore` lets into the build: nothing but what it names. */
function contextFiles(): readonly string[] {
  const lines = readFileSync(join(ROOT, ".dockerignore"), "utf8").split("\n");
  expect(lines.find((line) => line !== "" && !line.startsWith("#"))).toBe("*");
  return lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
}

/** A path of the image in its folder here: `/app/server.mjs`. */
const inRoot = (text: string) => text.replaceAll(/\/(?=app\b|var\/lib\/toolwright\b)/g, `${root}/`);

test("T37 the build is given no secrets and nothing that was built elsewhere", () => {
  const files = contextFiles();
  for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
  for (const file of [".env", ".git", "node_modules", "dist", "packed"]) expect(files).not.toContain(file);
  const ignored = readFileSync(join(ROOT, ".dockerignore"), "utf8").split("\n");
  expect(ignored.slice(ignored.lastIndexOf("!generated") + 1)).toEqual(["**/.env", "**/.env.*", ""]); // the last rule that matches holds
});

test("the image is one file, run by a user who is nobody, ended by a signal", () => {
  expect(readdirSync(join(root, "app"))).toEqual(["server.mjs"]);
  expect(textsOf(image, "USER")).toEqual([`${USER}:${USER}`]);
  expect(textsOf(image, "STOPSIGNAL")).toEqual(["SIGTERM"]);
  expect(textsOf(image, "VOLUME")).toEqual(["/var/lib/toolwright"]);
  expect(image.at(0)?.text).toBe("node:22-slim");
  for (const name of ["ENTRYPOINT", "CMD"]) expect(Array.isArray(JSON.parse(textsOf(image, name)[0] ?? ""))).toBe(true); // exec form: signals arrive
});

describe.skipIf(!canBeUser)("as another user, with nothing to write but the volume", () => {
  test("it serves, is healthy, keeps its state private, and ends by SIGTERM with code 0", async () => {
    mkdirSync(join(root, "var/lib"), { recursive: true });
    for (const command of textsOf(image, "RUN")) execFileSync("sh", ["-c", inRoot(command)]);
    const state = join(root, "var/lib/toolwright");
    expect([statSync(state).mode & 0o777, statSync(state).uid]).toEqual([0o700, USER]);
    chmodSync(join(root, "app/server.mjs"), 0o444);
    chmodSync(join(root, "app"), 0o555);
    const before = listing(join(root, "app"));

    const [program = "", ...entry] = JSON.parse(inRoot(textsOf(image, "ENTRYPOINT")[0] ?? "")) as string[];
    const command = JSON.parse((textsOf(image, "CMD")[0] ?? "").replace('"8000"', '"0"')) as string[];
    const variables = Object.fromEntries(
      textsOf(image, "ENV").flatMap((text) => text.split(" ").map((pair) => inRoot(pair).split("="))),
    ) as Record<string, string>;
    const child = endedWithTests(
      spawn(program === "node" ? process.execPath : program, [...entry, ...command, "--server", recorder.url], {
        cwd: inRoot(textsOf(image, "WORKDIR")[0] ?? ""),
        uid: USER,
        gid: USER,
        env: {
          ...variables,
          FRESHSERVICE_DOMAIN: "acme.example",
          FRESHSERVICE_ACCESS: "api-key-passthrough",
          TOOLWRIGHT_PUBLIC_URL: "https://mcp.example.com",
          TMPDIR: join(root, "no-such-folder"), // not even a folder for temporary files
        },
        stdio: ["ignore", "inherit", "pipe"],
      }),
    );
    let notes = "";
    const port = await new Promise<string>((ready, fail) => {
      child.stderr.on("data", (chunk: Buffer) => {
        notes += chunk.toString();
        const [, found] = /http:\/\/localhost:(\d+)\/mcp/.exec(notes) ?? [];
        if (found !== undefined && notes.includes("Ctrl+C")) ready(found);
      });
      child.once("exit", (code) => fail(new Error(`it ended with ${code}: ${notes}`)));
    });

    const url = `http://127.0.0.1:${port}/mcp`;
    const key = { "x-freshservice-api-key": "key-of-a-caller" };
    expect(
      (await fetch(url, { method: "POST", body: "{}", headers: { "content-type": "application/json" } })).status,
    ).toBe(401);
    const client = await connect("SDK v2, 2026-07-28", { url, headers: key });
    expect((await client.call("fetchTicket", { ticket_id: 7 })).value).toMatchObject({ id: 7 });
    await client.close();
    expect(recorder.requests[0]?.authorization).toBe(`Basic ${Buffer.from("key-of-a-caller:X").toString("base64")}`);

    const [check = ""] = textsOf(image, "HEALTHCHECK").map((text) => text.slice(text.indexOf("CMD ") + 4));
    const [node = "", ...args] = JSON.parse(check.replace(":8000/", `:${port}/`)) as string[];
    expect(node).toBe("node");
    expect(spawnSync(process.execPath, args).status).toBe(0);

    const ended = new Promise((done) => child.once("exit", done));
    child.kill(textsOf(image, "STOPSIGNAL")[0] as NodeJS.Signals);
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
    expect(await ended).toBe(0); // after the 5 s in which a load balancer notices
    expect(spawnSync(process.execPath, args).status).toBe(1); // nobody is there
    expect(listing(join(root, "app"))).toEqual(before);
    for (const [path, mode] of privateModes(state)) expect(mode & 0o077, path).toBe(0);
    expect(privateModes(state).length).toBeGreaterThan(1); // the month's count was kept
  }, 60_000);

  test("a volume that belongs to root and is open to its group, as Kubernetes makes one, is kept private within", () => {
    const volume = join(root, "volume");
    mkdirSync(volume);
    chownSync(volume, 0, USER);
    chmodSync(volume, 0o2770);
    const args = [join(root, "app/server.mjs"), "--server", recorder.url];
    const request = {
      jsonrpc: "2.0",
      id: 2,
      method: "tools/call",
      params: { name: "fetchTicket", arguments: { ticket_id: 7 } },
    };
    const hello = {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
    };
    const env = {
      FRESHSERVICE_DOMAIN: "acme.example",
      FRESHSERVICE_API_KEY: "key",
      TOOLWRIGHT_STATE_DIR: join(volume, "state"),
    };
    return new Promise<void>((done, fail) => {
      const child = endedWithTests(
        spawn(process.execPath, args, { uid: USER, gid: USER, env, cwd: "/", stdio: ["pipe", "pipe", "inherit"] }),
      );
      let out = "";
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString();
        if (out.includes('"id":2')) child.stdin.end();
      });
      child.once("close", () => {
        try {
          expect(out).not.toContain('"isError":true');
          expect(privateModes(join(volume, "state")).length).toBeGreaterThan(1);
          for (const [path, mode] of privateModes(join(volume, "state"))) expect(mode & 0o077, path).toBe(0);
          done();
        } catch (error) {
          fail(error instanceof Error ? error : new Error(String(error)));
        }
      });
      child.stdin.write(`${JSON.stringify(hello)}\n${JSON.stringify(request)}\n`);
    });
  });
});
if (!canBeUser)
  console.warn(
    "the container's entry point was not tried as another user: only root can become one, and only if it may start Node",
  );

function listing(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => `${name} ${lstatSync(join(folder, name)).mtimeMs}`);
}

/** A folder and everything in it, with modes. */
function privateModes(folder: string): readonly (readonly [path: string, mode: number])[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  return [folder, ...paths].map((path) => [path, statSync(path).mode] as const);
}
