import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endedWithTests } from "../children.ts";
import { CLIENTS, connect } from "../e2e/clients.ts";
import { ACME_ENVIRONMENT, acmeProject, type TestProject } from "../e2e/project.ts";
import { ownEnvironment, run, serve, type Serving } from "../e2e/server.ts";
import { legacy, modern, raw } from "../mcp/fixture/raw.ts";
import { emptyFolder, removeFolders } from "../pack/packing.ts";
import { documented, replaced } from "./documented.ts";

// The snippets of docs/deploy.md in real proxies, where these are installed: Debian's packages nginx and caddy.
const PAGE_MS = 300;

/** A vendor with 300 tickets that takes its time for each page, and notices who leaves. */
async function startSlowVendor() {
  const seen: { aborted: boolean }[] = [];
  const server = createServer((request, response) => {
    const entry = { aborted: false };
    seen.push(entry);
    response.on("close", () => (entry.aborted = !response.writableFinished));
    const page = Number(new URL(request.url ?? "", "http://localhost").searchParams.get("page"));
    const tickets = Array.from({ length: page <= 3 ? 100 : 0 }, (_, i) => ({
      id: page * 100 + i,
      subject: "x".repeat(20),
    }));
    setTimeout(() => response.end(JSON.stringify({ tickets })), request.url?.includes("closed") ? 30_000 : PAGE_MS);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `http://127.0.0.1:${port}`, seen, close: () => (server.closeAllConnections(), server.close()) };
}

/** What docs/deploy.md starts the server with. */
const PUBLIC = ["--public-url", "https://mcp.example.com", "--trust-proxy"];
const KEY = { "x-acme-key": "secret" };

let vendor: Awaited<ReturnType<typeof startSlowVendor>>;
let project: TestProject;
let serving: Serving;
beforeAll(async () => {
  vendor = await startSlowVendor();
  project = acmeProject();
  const access =
    '    access: { mode: "${ACME_ACCESS:-env}", api_key: { credential: key, header: X-Acme-Key, scheme: Acme-Key, pattern: "^[a-z]+$" } }\n';
  project.edit("tools.yaml", "    limits:", `${access}    limits:`);
  await run(["generate"], { cwd: project.directory });
  serving = await serve(
    ["acme", "--server", vendor.url, ...PUBLIC],
    ownEnvironment({ ...ACME_ENVIRONMENT, ACME_ACCESS: "api-key-passthrough" }),
    project.directory,
  );
}, 60_000);
afterAll(async () => {
  vendor.close(); // what is still asked of it ends with it
  await serving.stop();
  project.remove();
  removeFolders();
});

/** The port on which the server listens. */
const upstream = () => new URL(serving.url).port;

/** A proxy that runs, in one process. */
interface Running {
  readonly port: number;
  stop(): Promise<unknown>;
}

interface Proxy {
  readonly name: string;
  /** Starts it on a free port with its snippet. */
  readonly start: () => Promise<Running>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function started(command: string, args: readonly string[], port: number, env: Record<string, string> = {}) {
  const child = endedWithTests(
    spawn(command, [...args], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } }),
  );
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async () => (child.kill("SIGKILL"), await ended); // connections that clients keep open are nothing to wait for
  let notes = "";
  child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
  for (let i = 0; i < 100; i++) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}: ${notes}`);
    const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined);
    if (answer?.status === 200) return { port, stop };
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${command} did not start: ${notes}`);
}

const NGINX: Proxy = {
  name: "nginx",
  async start() {
    const folder = emptyFolder();
    const port = await freePort();
    const site = replaced(
      replaced(documented("nginx", "### nginx"), "127.0.0.1:8000", `127.0.0.1:${upstream()}`),
      "443 ssl http2",
      `127.0.0.1:${port}`,
    );
    const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    const plain = site.replaceAll(/^ *ssl_.*\n/gm, "");
    const config = `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${paths.join("\n")}\n${plain}}\n`;
    writeFileSync(join(folder, "nginx.conf"), config);
    return await started("nginx", ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], port);
  },
};

const CADDY: Proxy = {
  name: "caddy",
  async start() {
    const folder = emptyFolder();
    const port = await freePort();
    const site = replaced(
      replaced(documented("caddy", "### Caddy"), "127.0.0.1:8000", `127.0.0.1:${upstream()}`),
      "mcp.example.com",
      `http://:${port}`,
    );
    writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n${site}`);
    const args = ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")];
    return await started("caddy", args, port, { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder });
  },
};

const installed = (command: string) => spawnSync(command, ["version"]).error === undefined;

describe.each([NGINX, CADDY])("behind $name", ({ name, start }) => {
  const there = installed(name);
  if (!there) console.warn(`${name} is not installed: its snippet in docs/deploy.md was not tried here`);
  let proxy: Running | undefined;
  beforeAll(async () => {
    if (there) proxy = await start();
  });
  afterAll(async () => void (await proxy?.stop()));
  const url = () => `http://127.0.0.1:${proxy?.port}/mcp`;

  test.skipIf(!there).each(CLIENTS)("%s hears of progress while the call runs", async (kind) => {
    const client = await connect(kind, { url: url(), headers: KEY });
    const heard: number[] = [];
    const { value } = await client.call(
      "list_tickets",
      { limit: 300 },
      { onProgress: () => heard.push(performance.now()) },
    );
    const ended = performance.now();
    await client.close();
    expect(value?.["items"]).toHaveLength(300);
    expect(heard.length).toBeGreaterThanOrEqual(3);
    // Each page takes the vendor so long: what was collected on the way would come at once.
    expect(ended - (heard[0] ?? ended)).toBeGreaterThan(1.5 * PAGE_MS);
    expect((heard[1] ?? 0) - (heard[0] ?? 0)).toBeGreaterThan(0.5 * PAGE_MS);
  });

  const params = { name: "list_tickets", arguments: { state: "closed" } };
  test.skipIf(!there).each([
    ["2026-07-28", modern("tools/call", params)],
    ["before", legacy("tools/call", params)],
  ])("a client that leaves ends its call at the vendor (%s)", async (_era, given) => {
    const before = vendor.seen.length;
    const leave = new AbortController();
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...KEY,
      ...given.headers,
    };
    const call = fetch(url(), {
      method: "POST",
      body: given.body,
      headers: headers as Record<string, string>,
      signal: leave.signal,
    });
    const ended = call.then((answer) => answer.text()).catch(() => "left");
    await expect.poll(() => vendor.seen.length - before, { interval: 5, timeout: 5_000 }).toBe(1);
    leave.abort();
    expect(await ended).toBe("left");
    await expect.poll(() => vendor.seen[before]?.aborted, { interval: 5, timeout: 5_000 }).toBe(true);
    expect(vendor.seen).toHaveLength(before + 1); // no proxy sent it again
  });

  test.skipIf(!there)(
    "the host reaches the server as it came: the public one is answered to, another is not",
    async () => {
      const asked = async (host: string) =>
        (await raw(url(), { method: "GET", path: "/readyz", headers: { host } })).status;
      expect(await asked("mcp.example.com")).toBe(200);
      expect(await asked("evil.example")).toBe(403);
    },
  );

  test.skipIf(!there)("a body of more than 4 MB reaches no vendor", async () => {
    const given = modern("tools/call", { name: "create_ticket", arguments: { subject: "x".repeat(4.3e6) } });
    const before = vendor.seen.length;
    const answer = raw(url(), { body: given.body, headers: { ...given.headers, ...KEY } });
    // nginx refuses it; the server does behind Caddy, which then finds its own sending cut off.
    const refusals = name === "nginx" ? [413] : [413, 502, "closed"];
    expect(refusals).toContain(
      await answer.then(
        ({ status }) => status,
        () => "closed",
      ),
    );
    expect(vendor.seen).toHaveLength(before);
  });
});

test("without an access mode the public host is not answered to: everybody would use the server's own credentials", async () => {
  const open = await serve(
    ["acme", "--server", vendor.url, ...PUBLIC],
    ownEnvironment(ACME_ENVIRONMENT),
    project.directory,
  );
  expect((await raw(open.url, { method: "GET", path: "/readyz", headers: { host: "mcp.example.com" } })).status).toBe(
    403,
  );
  await open.stop();
});

test.skipIf(!installed("nginx") || !installed("openssl"))("nginx takes its snippet as it stands, TLS included", () => {
  const folder = emptyFolder();
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = [
    "-subj",
    "/CN=mcp.example.com",
    "-days",
    "1",
    "-nodes",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
  ];
  expect(spawnSync("openssl", ["req", "-x509", ...subject, "-keyout", key, "-out", certificate]).status).toBe(0);
  const site = documented("nginx", "### nginx")
    .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`);
  writeFileSync(join(folder, "nginx.conf"), `pid ${folder}/pid;\nevents {}\nhttp {\n${site}}\n`);
  const { status, stderr } = spawnSync("nginx", ["-t", "-e", "stderr", "-c", join(folder, "nginx.conf")], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  expect(stderr).not.toContain("[warn]");
});
