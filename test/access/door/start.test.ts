import { describe, expect, test } from "vitest";
import type { Access } from "../../../src/definition/access.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { ACME } from "../../mcp/fixture/bundle.ts";
import { raw, legacy } from "../../mcp/fixture/raw.ts";
import { KEY_ACCESS, serveDoor } from "./fixture/door.ts";

const { definition, catalog } = await loadApi(ACME);
const { apiKey } = KEY_ACCESS;
const server = { issuer: "{$env.ISSUER:-}", upstream: "shared" };

/** What a start says, with an access and an environment. */
function start(access: Access, environment: Record<string, string> = {}, more = {}) {
  const all = { ACME_DOMAIN: "acme.example.com", ACME_API_KEY: "k", ...environment };
  try {
    const { access: read } = createDeployment({
      api: { definition: { ...definition, access, ...more }, catalog },
      mode: "live",
      environment: all,
      accessEnvironment: all,
    });
    return { mode: read?.mode };
  } catch (error) {
    return { message: String(error), help: (error as { help?: string }).help };
  }
}

describe("security that is half there does not start, and says which line is missing", () => {
  const cases: readonly (readonly [string, Access, Record<string, string>, string, string])[] = [
    ["a mode that is none", { mode: "oauth" }, {}, 'has the mode "oauth"', "env, api-key-passthrough"],
    ["a mode that is nearly one", { mode: "api-key-passthru" }, {}, "did you mean api-key-passthrough?", "access.mode"],
    [
      "a mode whose variable is not set",
      { mode: "$env.ACME_ACCESS" },
      {},
      "access.mode of Acme needs ACME_ACCESS",
      "ACME_ACCESS=…",
    ],
    [
      "keys without api_key",
      { mode: "api-key-passthrough" },
      {},
      "has no access.api_key",
      "write access.api_key in tools.yaml",
    ],
    [
      "tokens without resource_server",
      { mode: "oauth-resource-server" },
      {},
      "has no access.resource_server",
      "write access.resource_server",
    ],
    [
      "tokens without an issuer",
      { mode: "oauth-resource-server", resourceServer: server },
      {},
      "has no access.resource_server.issuer",
      "set ISSUER=…",
    ],
    [
      "an issuer by plain http",
      { mode: "oauth-resource-server", resourceServer: server },
      { ISSUER: "http://issuer.example" },
      "must use https",
      "https://",
    ],
    [
      "an issuer that is no URL",
      { mode: "oauth-resource-server", resourceServer: server },
      { ISSUER: "issuer" },
      "is not a URL",
      "https://",
    ],
    [
      "an upstream that is none",
      { mode: "oauth-resource-server", resourceServer: { issuer: "https://i.example", upstream: "mine" } },
      {},
      'upstream "mine"',
      "per-person, or to shared",
    ],
    [
      "accounts of people's own without a way to tell who connects them",
      { mode: "oauth-resource-server", resourceServer: { issuer: "https://i.example", upstream: "per-person" } },
      {},
      "has no access.resource_server.sign_in.client_id",
      "write access.resource_server.sign_in.client_id in tools.yaml",
    ],
    [
      "introspection without its secret",
      {
        mode: "oauth-resource-server",
        resourceServer: {
          issuer: "https://i.example",
          upstream: "shared",
          introspection: { url: "https://i.example/x", clientId: "me", clientSecret: "{$env.CHECK:-}" },
        },
      },
      {},
      "has no access.resource_server.introspection.client_secret",
      "set CHECK=…",
    ],
    ["a proxy without proxy", { mode: "oauth-proxy" }, {}, "has no access.proxy", "write access.proxy"],
    [
      "a proxy of a credential that is not there",
      { mode: "oauth-proxy", proxy: { credential: "signin" } },
      {},
      'the credential "signin"',
      "mend access.proxy.credential",
    ],
    [
      "a public URL that is none",
      { mode: "api-key-passthrough", publicUrl: "mcp.example.com", ...(apiKey && { apiKey }) },
      {},
      "access.public_url mcp.example.com, which is not a URL",
      "https://",
    ],
    [
      "a key in the header of credentials",
      { mode: "api-key-passthrough", apiKey: { ...mend(), header: "Authorization" } },
      {},
      "cannot take a key as Authorization",
      "X-Acme-Api-Key",
    ],
    [
      "a key in a header of MCP's",
      { mode: "api-key-passthrough", apiKey: { ...mend(), header: "Mcp-Name" } },
      {},
      "cannot take a key as Mcp-Name",
      "X-Acme-Api-Key",
    ],
    [
      "a key as Bearer",
      { mode: "api-key-passthrough", apiKey: { ...mend(), scheme: "Bearer" } },
      {},
      "by the scheme Bearer",
      "Acme-Key",
    ],
    [
      "a key for a credential that is not there",
      { mode: "api-key-passthrough", apiKey: { ...mend(), credential: "other" } },
      {},
      'the credential "other"',
      "access.api_key.credential",
    ],
    [
      "a pattern that is none",
      { mode: "api-key-passthrough", apiKey: { ...mend(), pattern: "[" } },
      {},
      "has the pattern [",
      "access.api_key.pattern",
    ],
  ];
  test.each(cases)("%s", (_what, access, environment, message, help) => {
    const failed = start(access, environment);
    expect(failed.message).toContain(message);
    expect(failed.help).toContain(help);
  });

  test("a credential of two variables cannot be brought as one key", () => {
    const credentials = {
      key: { servers: ["api"], basic: { username: "$env.ACME_USER", password: "$env.ACME_PASS" } },
    };
    expect(start({ mode: "api-key-passthrough", apiKey: mend() }, {}, { credentials }).message).toContain(
      "reads 2 variables",
    );
  });
});

function mend() {
  if (!apiKey) throw new Error("the fixture takes keys");
  return apiKey;
}

describe("what is whole starts", () => {
  test.each([
    ["env", { mode: "env" }, {}],
    ["an empty mode is env", { mode: "{$env.ACME_ACCESS:-env}" }, { ACME_ACCESS: "" }],
    [
      "one file for every mode",
      { ...KEY_ACCESS, resourceServer: server },
      { ACME_ACCESS: "oauth-resource-server", ISSUER: "https://issuer.example" },
    ],
  ] as [string, Access, Record<string, string>][])("%s", (_what, access, environment) => {
    expect(start(access, environment).message).toBeUndefined();
  });

  test("a static client without an id in the environment is left out", () => {
    const clients = [
      { clientId: "{$env.ONE:-}", redirectUris: ["https://claude.ai/api/mcp/auth_callback"] },
      { clientId: "$env.TWO", redirectUris: ["https://claude.ai/api/mcp/auth_callback"] },
    ];
    const environment = { ACME_DOMAIN: "acme.example.com", ACME_ACCESS: "api-key-passthrough", TWO: "two" };
    const { access } = createDeployment({
      api: { definition: { ...definition, access: { ...KEY_ACCESS, clients } }, catalog },
      mode: "live",
      environment,
      accessEnvironment: environment,
    });
    expect(access).toMatchObject({ clients: [{ clientId: "two" }] });
  });
});

describe("A1 without HTTP there is one caller", () => {
  test("stdio and the command line ignore access, and use the environment's credential", () => {
    const environment = { ACME_DOMAIN: "acme.example.com", ACME_API_KEY: "k", ACME_ACCESS: "nonsense" };
    const api = { definition: { ...definition, access: KEY_ACCESS }, catalog };
    const { access, environment: seen } = createDeployment({ api, mode: "live", environment });
    expect([access, seen["ACME_API_KEY"]]).toEqual([undefined, "k"]);
  });
});

describe("env is for this machine", () => {
  test("off it: refused, unless a switch that is named unsafe says so", async () => {
    const environment = { ACME_ACCESS: "env" };
    await expect(serveDoor({ host: "0.0.0.0", environment })).rejects.toMatchObject({
      message: "everyone who reaches 0.0.0.0 could use Acme with your credentials: its access.mode is env",
    });
    const open = await serveDoor({ host: "0.0.0.0", environment, unsafeOpen: true });
    expect((await raw(open.url, legacy("ping"))).status).toBe(200);
    await open.close();
  });

  test("the person of the environment is told to nobody else", async () => {
    const instructionsOf = async (url: string, headers: Record<string, string>) => {
      const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } };
      return (await raw(url, { ...legacy("initialize", params), headers })).json.result?.["instructions"];
    };
    const env = await serveDoor({ environment: { ACME_ACCESS: "env" } });
    const keys = await serveDoor();
    expect(await instructionsOf(env.url, {})).toContain("agent_id 42");
    expect(await instructionsOf(keys.url, { "x-acme-api-key": "annskey0123456789ann" })).not.toContain("42");
    await env.close();
    await keys.close();
  });
});
