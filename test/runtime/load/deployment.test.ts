import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ApiDefinition } from "../../../src/definition/api.ts";
import { createDeployment, type DeploymentOptions, serverOverrides } from "../../../src/runtime/load/deployment.ts";
import { StartError } from "../../../src/runtime/load/start-error.ts";
import { defaultStateDirectory } from "../../../src/runtime/load/state-directory.ts";

const acme: ApiDefinition = {
  name: "acme",
  title: "Acme",
  servers: { api: { url: "https://{domain}/api/v2", variables: { domain: "$env.ACME_DOMAIN" } } },
  credentials: { key: { servers: ["api"], basic: { username: "$env.ACME_API_KEY", password: "X" } } },
  limits: { calls: ["{$env.ACME_CALLS_PER_MINUTE:-100}/minute", "5000/month"] },
  identity: { agent_id: "$env.ACME_AGENT_ID" },
  tools: {},
};
const set = { ACME_DOMAIN: "acme.example.com", ACME_API_KEY: "k" };

function deploy(options: Partial<DeploymentOptions> = {}, definition: ApiDefinition = acme) {
  return createDeployment({ api: { definition, catalog: { tools: [] } }, mode: "live", environment: set, ...options });
}

function failure(run: () => unknown): StartError {
  try {
    run();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("variables", () => {
  test("all that are missing are named together; identity and fallbacks are optional", () => {
    const error = failure(() => deploy({ environment: {} }));
    expect(error.missing).toEqual(["ACME_API_KEY", "ACME_DOMAIN"]);
    expect(error.message).toBe("Acme needs ACME_API_KEY, ACME_DOMAIN, which are not set");
    expect(error.help).toContain("ACME_API_KEY=… ACME_DOMAIN=…");
  });

  test("an empty variable is one that is not set", () => {
    expect(failure(() => deploy({ environment: { ...set, ACME_API_KEY: "" } })).missing).toEqual(["ACME_API_KEY"]);
  });

  test.each([
    ["bearer", { servers: ["api"], bearer: "$env.A" }],
    ["headers", { servers: ["api"], headers: { "X-Key": "Key {$env.A}" } }],
    ["query", { servers: ["api"], query: { api_key: "$env.A" } }],
  ] as const)("%s credentials are looked at", (_kind, key) => {
    expect(failure(() => deploy({}, { ...acme, credentials: { key } })).missing).toEqual(["A"]);
  });

  test("a server whose calls go elsewhere needs none of its own", () => {
    const { servers } = deploy({
      environment: { ACME_API_KEY: "k" },
      serverOverrides: { api: "https://staging.example.com/" },
    });
    expect(servers["api"]?.href).toBe("https://staging.example.com/");
  });

  test("a limit that is no number is refused now, not by the first call", () => {
    expect(failure(() => deploy({ environment: { ...set, ACME_CALLS_PER_MINUTE: "many" } })).message).toBe(
      "ACME_CALLS_PER_MINUTE must be a whole number of 1 or more: it is a limit of Acme",
    );
    expect(deploy({ environment: { ...set, ACME_CALLS_PER_MINUTE: "7" } }).readOnly).toBe(false);
  });
});

describe("T14 where requests go is the operator's word alone", () => {
  test("a host variable makes the base URL", () => {
    expect(deploy().servers["api"]?.href).toBe("https://acme.example.com/api/v2");
  });

  test.each([
    "https://acme.example.com",
    "acme.example.com/",
    "acme.example.com/other",
    "user@evil.example",
    "user:secret@evil.example",
    "acme.example.com#",
    "acme.example.com?x=",
    "evil.example\\",
    "evil.example%2f",
    "a b",
    "acme.example.com\n",
    "-acme",
    "{domain}",
    "$env.HOME",
  ])("%j is no host name", (domain) => {
    const error = failure(() => deploy({ environment: { ...set, ACME_DOMAIN: domain } }));
    expect(error.message).toContain("ACME_DOMAIN must be a host name alone");
    expect(error.message + error.help).not.toContain("secret"); // T37: what is wrong with a value, never the value
  });

  test.each(["..", "a/../b", ".", "a?b", "a#b", "a%2e", ""])("%j is no path", (tenant) => {
    const definition = {
      ...acme,
      servers: { api: { url: "https://acme.example.com/{tenant}/api", variables: { tenant: "$env.TENANT" } } },
    };
    failure(() => deploy({ environment: { ...set, TENANT: tenant } }, definition));
  });

  test.each([
    ["https://acme.example.com/api/", "https://acme.example.com/api"],
    ["http://127.0.0.1:9000/api", "http://127.0.0.1:9000/api"],
    ["http://[::1]:9000", "http://[::1]:9000/"],
    ["http://localhost:9000//", "http://localhost:9000/"],
  ])("%s is a base URL", (url, base) => {
    expect(deploy({ serverOverrides: { api: url } }).servers["api"]?.href).toBe(base);
  });

  test.each([
    ["http://acme.example.com", "must use https"],
    ["http://127.0.0.1.evil.example", "must use https"],
    ["ftp://acme.example.com", "must use https"],
    ["https://u:p@acme.example.com", "user name or password"],
    ["https://acme.example.com/?", "query or a fragment"],
    ["https://acme.example.com/#x", "query or a fragment"],
    ["acme.example.com", "is not a URL"],
  ])("%s is refused", (url, why) => {
    expect(failure(() => deploy({ serverOverrides: { api: url } })).message).toContain(why);
  });

  test("a variable that the URL starts with may be a whole URL, under the same rules", () => {
    const definition = { ...acme, servers: { api: { url: "{base}/v1", variables: { base: "$env.BASE" } } } };
    expect(deploy({ environment: { ...set, BASE: "https://acme.example.com" } }, definition).servers["api"]?.href).toBe(
      "https://acme.example.com/v1",
    );
    expect(
      failure(() => deploy({ environment: { ...set, BASE: "http://acme.example.com" } }, definition)).message,
    ).toContain("must use https");
  });

  test("a port may be a variable, and holds nothing but one", () => {
    const at = (port: string) => () =>
      deploy(
        { environment: { ...set, PORT: port } },
        { ...acme, servers: { api: { url: "https://acme.example.com:{port}/v1", variables: { port: "$env.PORT" } } } },
      );
    expect(at("8443")().servers["api"]?.href).toBe("https://acme.example.com:8443/v1");
    for (const port of ["evil.example", "443@evil.example", "443/../..", "99999999"]) failure(at(port));
  });

  test("an override names a server that there is", () => {
    expect(failure(() => deploy({ serverOverrides: { apo: "https://a.example" } })).message).toBe(
      'Acme has no server "apo"; did you mean api?',
    );
    expect(serverOverrides(acme, ["https://a.example/?a=b"])).toEqual({ api: "https://a.example/?a=b" });
    expect(serverOverrides(acme, ["api=https://a.example"])).toEqual({ api: "https://a.example" });
    const several = { ...acme, servers: { ...acme.servers, files: { url: "https://files.example" } } };
    expect(failure(() => serverOverrides(several, ["https://a.example"])).help).toBe(
      "say which one: --server api=https://a.example",
    );
  });
});

describe("sandbox", () => {
  test("every server must be a stand-in on this machine", () => {
    expect(failure(() => deploy({ mode: "sandbox" })).message).toContain("no stand-in");
    expect(
      failure(() => deploy({ mode: "sandbox", serverOverrides: { api: "https://acme.example.com" } })).message,
    ).toContain("another machine");
    expect(deploy({ mode: "sandbox", serverOverrides: { api: "http://127.0.0.1:1/api" } }).mode).toBe("sandbox");
  });

  test("it leaves nothing behind", () => {
    expect(deploy({ mode: "sandbox", serverOverrides: { api: "http://127.0.0.1:1" } }).stateDirectory).toBeUndefined();
  });
});

test("upload roots are real folders", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-roots-"));
  expect(deploy({ uploadRoots: [folder] }).uploadRoots).toEqual([realpathSync(folder)]);
  rmSync(folder, { recursive: true });
  expect(failure(() => deploy({ uploadRoots: [folder] })).message).toContain("is not a folder");
});

test.each([
  [{ TOOLWRIGHT_STATE_DIR: "/srv/state", XDG_STATE_HOME: "/x" }, "linux", "/srv/state"],
  [{ XDG_STATE_HOME: "/x", HOME: "/home/a" }, "linux", "/x/toolwright"],
  [{ XDG_STATE_HOME: "relative", HOME: "/home/a" }, "linux", "/home/a/.local/state/toolwright"],
  [{ HOME: "/home/a" }, "darwin", "/home/a/.local/state/toolwright"],
  [{ LOCALAPPDATA: "/appdata" }, "win32", "/appdata/toolwright"],
] as const)("state of %j on %s lives in %s", (environment, platform, folder) => {
  expect(defaultStateDirectory(environment, platform)).toBe(folder);
});
