import { describe, expect, test } from "vitest";
import type { Access } from "../../../src/definition/access.ts";
import type { ApiDefinition } from "../../../src/definition/api.ts";
import type { Call } from "../../../src/definition/call.ts";
import type { Caller, Deployment } from "../../../src/runtime/deployment.ts";
import { credentialsInEffect } from "../../../src/runtime/credentials/in-effect.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { context } from "../call/deploy.ts";
import { stateDirectory } from "./deploy.ts";

const KEY = { ACME_KEY: "the-key" };
const TOKEN = { ACME_TOKEN: "the-token" };
const BASIC = `Basic ${Buffer.from("the-key:X").toString("base64")}`;
const CALL: Call = { request: { method: "GET", path: "/me", server: "api", credential: "key" } };
const ACCESS: Access = {
  mode: "$env.ACME_ACCESS:-env",
  apiKey: { credential: "key", header: "X-Acme-Key", scheme: "Acme-Key", pattern: "^[a-z-]+$" },
  resourceServer: { issuer: "https://issuer.example", upstream: "$env.ACME_UPSTREAM:-shared" },
  proxy: { credential: "person" },
};

function deploy(environment: Readonly<Record<string, string>>): Deployment {
  const definition: ApiDefinition = {
    name: "acme",
    title: "Acme",
    servers: { api: { url: "https://api.acme.example" } },
    credentials: {
      key: { servers: ["api"], basic: { username: "$env.ACME_KEY", password: "X" } },
      token: { servers: ["api"], insteadOf: "key", bearer: "$env.ACME_TOKEN" },
      person: {
        servers: ["api"],
        insteadOf: "key",
        oauth2: {
          grant: "authorization_code",
          authorizationUrl: "https://login.acme.example/authorize",
          tokenUrl: "https://login.acme.example/token",
          clientId: "$env.ACME_CLIENT_ID",
        },
      },
    },
    access: ACCESS,
    tools: {},
  };
  const api = { definition, catalog: { tools: [] } };
  return createDeployment({
    api,
    mode: "live",
    environment,
    accessEnvironment: environment,
    stateDirectory: stateDirectory(),
  });
}

async function shown(deployment: Deployment, caller?: Caller): Promise<string | undefined> {
  const { headers } = await fillRequest(
    CALL,
    { inputs: {}, steps: {}, environment: deployment.environment },
    deployment,
    { ...context(), caller },
  );
  return new Headers(headers).get("authorization") ?? undefined;
}

describe("with the server's own credentials", () => {
  test.each([
    ["the one that is named", KEY, BASIC],
    ["the other, where only its variables are set", TOKEN, "Bearer the-token"],
    ["the one that is named, where both are set", { ...KEY, ...TOKEN }, BASIC],
    ["an empty variable is one that is not set", { ACME_KEY: "", ...TOKEN }, "Bearer the-token"],
    [
      "the same where an issuer elsewhere lets people share it",
      { ...TOKEN, ACME_ACCESS: "oauth-resource-server" },
      "Bearer the-token",
    ],
  ])("%s", async (_, environment, authorization) => {
    expect(await shown(deploy(environment))).toBe(authorization);
  });

  test("where none is set, the variables of the one that is named are missing, and no others", () => {
    expect(() => deploy({})).toThrow("Acme needs ACME_KEY, which is not set");
  });
});

describe("where callers bring theirs", () => {
  const caller = (asked: string[]): Caller => ({
    key: "0".repeat(32),
    subject: undefined,
    clientId: undefined,
    scopes: [],
    credentials: {
      secret: (credential) => {
        asked.push(credential);
        return Promise.resolve("brought");
      },
    },
  });
  const brought = { key: `Basic ${Buffer.from("brought:X").toString("base64")}`, person: "Bearer brought" };

  test.each([
    ["oauth-proxy", "person", { ACME_CLIENT_ID: "client" }],
    ["api-key-passthrough", "key", {}],
  ] as const)("%s shows what comes by %s, and the server's own never", async (mode, name, more) => {
    const asked: string[] = [];
    const deployment = deploy({ ...KEY, ...TOKEN, ...more, ACME_ACCESS: mode });
    expect(await shown(deployment, caller(asked))).toBe(brought[name]);
    expect(asked).toEqual([name]);
    expect(credentialsInEffect(deployment)).toEqual([name]);
    expect(deployment.environment).not.toHaveProperty("ACME_KEY");
    expect(deployment.environment).not.toHaveProperty("ACME_TOKEN");
    await expect(shown(deployment)).rejects.toThrow("Callers bring their own credential here");
  });

  test("the sign-in's own variables are needed, and no key is", () => {
    expect(() => deploy({ ACME_ACCESS: "oauth-proxy", ...KEY })).toThrow("Acme needs ACME_CLIENT_ID, which is not set");
  });
});
