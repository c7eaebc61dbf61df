import { connect } from "node:tls";
import type { ApiDefinition } from "../../definition/api.ts";
import { credentialVariables, readAccess } from "../../runtime/access/read-access.ts";
import { under } from "../../runtime/access/public-url.ts";
import { type AccessSettings, type OpenAccess, callersBring } from "../../runtime/access/settings.ts";
import { isLoopback } from "../../runtime/load/base-url.ts";
import { credentialsInEffect } from "../../runtime/credentials/in-effect.ts";
import { StartError } from "../../runtime/load/start-error.ts";
import type { Environment } from "../environment.ts";
import { clientFindings } from "./access-clients.ts";
import { checkIssuer, type IssuerFacts } from "./access-issuer.ts";
import type { Finding } from "./finding.ts";

const TIMEOUT_MS = 8_000;
/** Days before its end at which a certificate is worth a word. */
const RENEW_DAYS = 14;

/** Looks at who may call over HTTP: settings, public URL, issuer, static clients, and what each of the usual clients will do. */
export async function* checkAccess(definition: ApiDefinition, environment: Environment): AsyncGenerator<Finding> {
  if (!definition.access) return;
  let settings: AccessSettings;
  try {
    settings = readAccess(definition, environment);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    yield { state: "problem", what: error.message, fix: error.help };
    return;
  }
  yield { state: "ok", what: `access: ${settings.mode}` };
  if (settings.mode === "env") {
    yield* clientFindings(settings, definition, undefined);
    return;
  }
  yield* checkPublicUrl(settings, definition);
  yield* settings.clients.flatMap(({ clientId, redirectUris }) =>
    redirectUris.map((uri) => redirectFinding(clientId, uri)),
  );
  let facts: IssuerFacts | undefined;
  if (settings.mode === "oauth-resource-server") {
    const checked = await checkIssuer(settings);
    yield* checked.findings;
    facts = checked.facts;
    const callback =
      settings.signIn && settings.publicUrl && under(settings.publicUrl, `/connect/${definition.name}/callback`);
    if (callback) {
      const what = `the issuer sends people who connect an account back to ${callback.href}: it must be registered there`;
      yield { state: "ok", what };
    }
  } else if (settings.mode === "oauth-proxy") {
    facts = { registers: true, metadataDocuments: true };
    const { publicUrl } = settings;
    if (publicUrl) {
      const [callback, beside] = ["/oauth/callback", `/mcp/${definition.name}/oauth/callback`].map(
        (path) => under(publicUrl, path).href,
      );
      const what = `the vendor sends people back to ${callback}, or to ${beside} where other APIs are served beside it: it must be registered there`;
      yield { state: "ok", what };
    }
  }
  yield* clientFindings(settings, definition, facts);
}

/** Variables of credentials in whose place callers bring their own over HTTP: the server runs without them. */
export function broughtVariables(definition: ApiDefinition, environment: Environment): readonly string[] {
  try {
    const settings = readAccess(definition, environment);
    if (!callersBring(settings)) return [];
    const others = Object.entries(definition.credentials ?? {}).filter(
      ([name]) => settings.mode !== "oauth-proxy" || name !== settings.credential,
    );
    return others.flatMap(([, credential]) => credentialVariables(credential));
  } catch (error) {
    if (error instanceof StartError) return []; // told by checkAccess
    throw error;
  }
}

/** Variables of credentials that another takes the place of here, and of those that take no place. */
export function idleVariables(definition: ApiDefinition, environment: Environment): readonly string[] {
  try {
    const access = readAccess(definition, environment);
    const used = credentialsInEffect({ api: { definition }, access, environment });
    const credentials = Object.entries(definition.credentials ?? {});
    const needed = new Set(credentials.flatMap(([name, one]) => (used.includes(name) ? credentialVariables(one) : [])));
    const all = credentials.flatMap(([, one]) => credentialVariables(one));
    return all.filter((name) => !needed.has(name));
  } catch (error) {
    if (error instanceof StartError) return []; // as above
    throw error;
  }
}

/** The URL that clients use: there at all, in good certificate, and saying of itself what clients will ask. */
async function* checkPublicUrl(
  settings: AccessSettings & OpenAccess,
  { name }: ApiDefinition,
): AsyncGenerator<Finding> {
  const { publicUrl } = settings;
  if (!publicUrl) {
    const what = "access.public_url is not set: only this machine can reach the server";
    yield { state: "skipped", what };
    return;
  }
  if (publicUrl.protocol === "https:") yield await certificateFinding(publicUrl);
  if (settings.mode === "api-key-passthrough") return;
  const resource = under(publicUrl, "/mcp");
  const document = new URL(`/.well-known/oauth-protected-resource${resource.pathname}`, publicUrl);
  try {
    const answer = await fetch(document, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const said = answer.status === 200 ? ((await answer.json()) as { resource?: unknown }).resource : undefined; // as clients read it
    if (said === resource.href || said === `${resource.href}/${name}`) {
      yield { state: "ok", what: `metadata at ${document.href} name ${resource.href}` };
      return;
    }
    yield {
      state: "problem",
      what: `metadata at ${document.href}: ${said === undefined ? `answered ${answer.status}` : `name ${String(said)}, not ${resource.href}`}`,
      fix: "let the proxy in front hand on /.well-known/ too, with paths as they come, and check access.public_url",
    };
  } catch (error) {
    yield {
      state: "warning",
      what: `${publicUrl.host} does not answer (${reasonOf(error)})`,
      fix: "start the server, or check access.public_url and the proxy in front of it",
    };
  }
}

async function certificateFinding(url: URL): Promise<Finding> {
  try {
    const validTo = await certificateEnd(url);
    const days = Math.floor((validTo - Date.now()) / 86_400_000);
    const what = `TLS: the certificate of ${url.host} is good for ${days} days`;
    return days > RENEW_DAYS ? { state: "ok", what } : { state: "warning", what, fix: "renew it" };
  } catch (error) {
    return {
      state: "warning",
      what: `TLS: ${url.host} could not be checked (${reasonOf(error)})`,
      fix: "clients need a certificate that they trust, for this very name",
    };
  }
}

/** When the certificate that clients are shown ends; refused as a client would refuse it. */
async function certificateEnd({ hostname, port }: URL): Promise<number> {
  return await new Promise((resolve, reject) => {
    const socket = connect(
      { host: hostname, port: Number(port || 443), servername: hostname, timeout: TIMEOUT_MS },
      () => {
        resolve(Date.parse(socket.getPeerCertificate().valid_to));
        socket.destroy();
      },
    );
    socket.once("timeout", () => socket.destroy(new Error("no answer in time")));
    socket.once("error", reject);
  });
}

/** Where an authorization server may send people back to: https, this machine, or a scheme of an app's own (RFC 8252). */
function redirectFinding(clientId: string, uri: string): Finding {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const fits =
    url !== undefined &&
    url.hash === "" &&
    !/[*]/.test(uri) &&
    (url.protocol === "https:" ||
      (url.protocol === "http:" && isLoopback(url.hostname)) ||
      /^(?!https?:|javascript:|data:|file:|vbscript:)[a-z][a-z0-9+.-]*:$/.test(url.protocol));
  if (fits) return { state: "ok", what: `client ${clientId} is sent back to ${uri}` };
  return {
    state: "problem",
    what: `client ${clientId} would be sent back to ${uri}, which is no safe place`,
    fix: "write https://…, http://localhost:<port>/…, or an app's own scheme, whole and without *",
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
