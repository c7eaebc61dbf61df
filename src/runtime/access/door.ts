import type { IncomingMessage, ServerResponse } from "node:http";
import type { Deployment } from "../deployment.ts";
import type { OpenVault } from "../vault/open-vault.ts";
import type { Gate } from "./gate.ts";
import type { Issuer } from "./issuer.ts";
import { allScopes } from "./scopes.ts";
import type { AccessSettings, OpenAccess, ProxySettings, ResourceServerSettings, SignInSettings } from "./settings.ts";
import { under } from "./public-url.ts";

/** What stands before the MCP endpoint of one API. */
export interface Door {
  readonly deployment: Deployment;
  readonly settings: AccessSettings;
  /** Paths of the endpoint, the usual one first. */
  readonly paths: readonly string[];
  /** Undefined: whoever started the server is the only caller. */
  readonly gate: Gate | undefined;
  /** Where tokens come from; undefined: the mode knows none. */
  readonly issuer: TokenIssuer | undefined;
  /** Answers at paths of the mode's own: sign-in pages, a page to connect an account. False: it is none of them. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean;
  close(): Promise<void>;
}

/** An issuer of tokens, as discovery names it. */
export interface TokenIssuer {
  readonly name: string;
  /** Of an issuer elsewhere, whose metadata are shown to clients that look for them here. Undefined: it answers for itself. */
  readonly elsewhere: Issuer | undefined;
}

/** What a door is made of. */
export interface DoorOptions {
  readonly deployment: Deployment;
  readonly paths: readonly string[];
  /** Where this server is reached when the operator named no public URL: its own address on this machine. */
  readonly ownUrl: URL;
  /** Opened only by the modes that keep something. */
  readonly vault: () => Promise<OpenVault>;
  /** A proxy in front says in `X-Forwarded-*` how it was called, and by whom. */
  readonly trustProxy: boolean;
  readonly onFault?: ((error: Error) => void) | undefined;
}

/**
 * Makes the door that the settings ask for. What a mode needs is read only when it holds: one person on this machine needs none of it.
 *
 * @throws {StartError} when the state directory cannot keep what the mode keeps.
 */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { deployment, paths } = options;
  const settings: AccessSettings = deployment.access ?? { mode: "env" };
  const plain = {
    deployment,
    settings,
    paths,
    gate: undefined,
    issuer: undefined,
    answer: () => false,
    close: nothing,
  };
  if (settings.mode === "env") return plain;
  if (settings.mode === "api-key-passthrough") {
    const { apiKeyGate } = await import("./api-key-gate.ts");
    const [key] = (await options.vault()).ring.keysFor("api keys");
    return { ...plain, gate: apiKeyGate({ deployment, settings, secret: key?.key, trustProxy: options.trustProxy }) };
  }
  if (settings.mode === "oauth-proxy") return { ...plain, ...(await proxyDoor(options, settings)) };
  return { ...plain, ...(await resourceServerDoor(options, settings)) };
}

type Part = Pick<Door, "gate" | "issuer" | "answer" | "close">;

async function resourceServerDoor(options: DoorOptions, settings: ResourceServerSettings): Promise<Part> {
  const { deployment, paths, trustProxy, onFault } = options;
  const { bearerGate } = await import("./bearer-gate.ts");
  const { verifierOf } = await import("./verify-token.ts");
  const { issuerAt } = await import("./issuer.ts");
  const { openBounds } = await import("./bounds.ts");
  const verify = verifierOf(settings, openBounds(deployment.shared));
  const issuer = issuerAt(settings.issuer);
  const personal = settings.signIn && (await personalAccounts(settings.signIn));
  const name = settings.issuer.pathname === "/" ? settings.issuer.origin : settings.issuer.href;
  const gate = bearerGate({
    settings,
    issuer: name,
    verify,
    audience: settings.audience,
    credentials: ({ subject }, key, { base }) =>
      Promise.resolve(personal?.credentialsOf({ key, subject, base }) ?? "shared"),
    trustProxy,
    onFault,
  });
  return {
    gate,
    issuer: { name, elsewhere: issuer },
    answer: (path, request, response) => personal?.answer(path, request, response) ?? false,
    close: nothing,
  };

  async function personalAccounts(signIn: SignInSettings) {
    const { personalAccounts: open } = await import("./personal-accounts.ts");
    const { issuerSignIn } = await import("./issuer-sign-in.ts");
    const { issuer: url, audience } = settings;
    return open({
      deployment,
      vault: await options.vault(),
      paths,
      signIn: issuerSignIn({ issuer, url, settings: signIn, audience, verify }),
      onFault,
    });
  }
}

async function proxyDoor(options: DoorOptions, settings: ProxySettings): Promise<Part> {
  const { deployment, paths, vault, trustProxy, onFault } = options;
  const { bearerGate } = await import("./bearer-gate.ts");
  const { verifyJwt } = await import("./verify-token.ts");
  const { openProxy } = await import("./proxy/open-proxy.ts");
  const publicUrl = settings.publicUrl ?? options.ownUrl;
  const server = await openProxy({
    deployment,
    settings,
    publicUrl,
    resources: paths.map((path) => under(publicUrl, path)),
    scopes: allScopes(settings.scopes),
    vault: await vault(),
    trustProxy,
    onFault,
  });
  const rules = { issuers: [server.issuer], keys: server.keys, algorithms: server.algorithms, ownTokens: true };
  const gate = bearerGate({
    settings,
    issuer: server.issuer,
    verify: async (token, audiences) => await verifyJwt(token, audiences, rules),
    audience: undefined,
    credentials: async ({ claims }) => await server.credentialsOf(claims),
    trustProxy,
    onFault,
  });
  return {
    gate,
    issuer: { name: server.issuer, elsewhere: undefined },
    answer: (path, request, response) => server.answer(path, request, response),
    close: async () => await server.close(),
  };
}

async function nothing(): Promise<void> {}

/** The settings of a door whose mode tells callers apart. */
export function openAccessOf({ settings }: Pick<Door, "settings">): OpenAccess | undefined {
  return settings.mode === "env" ? undefined : settings;
}
