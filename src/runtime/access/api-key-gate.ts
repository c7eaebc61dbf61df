import type { IncomingMessage } from "node:http";
import type { Caller, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { apiKeyKey } from "./caller-key.ts";
import { openBounds } from "./bounds.ts";
import { callerAddress } from "./caller-address.ts";
import type { Gate } from "./gate.ts";
import type { ApiKeySettings } from "./settings.ts";
import { openStandings } from "./standings.ts";

/** No vendor's key is longer; the pattern is not tried on more. */
const MAX_KEY_CHARS = 1_024;
/** Three parts of base64url, the first of them a JSON object: somebody's token (RFC 7519), never a key. */
const JWT = /^eyJ[\w-]*\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?$/;

/** What the gate is made of. */
export interface ApiKeyGateOptions {
  readonly deployment: Deployment;
  readonly settings: ApiKeySettings;
  /** Keys are known by it; undefined: each process has its own. */
  readonly secret: Uint8Array | undefined;
  /** A proxy in front says in `X-Forwarded-For` where a caller is. */
  readonly trustProxy: boolean;
}

/**
 * Lets in whoever brings what looks like a key of the vendor's. Whether it is one, only the vendor knows: it is shown to the vendor and
 * to nobody else, for this one request.
 *
 * This is not an authorization of MCP. A missing or malformed key is refused; the server's own key never takes its place.
 */
export function apiKeyGate({ deployment, settings, secret, trustProxy }: ApiKeyGateOptions): Gate {
  const { title, name } = deployment.api.definition;
  const standings = openStandings(title, openBounds(deployment.shared));
  const refuse = (why: string) => refused(settings, title, why);
  return {
    authenticate: (request) => {
      const given = keyIn(request, settings);
      if ("refused" in given) return Promise.resolve(refuse(given.refused));
      const { key } = given;
      if (key.length > MAX_KEY_CHARS || JWT.test(key) || !settings.pattern.test(key))
        return Promise.resolve(refuse(`That is no key of ${title}.`));
      const known = apiKeyKey(name, key, secret);
      const standing = standings.of(known, callerAddress(request, trustProxy));
      return Promise.resolve({ ...caller(deployment, settings, key, known), standing });
    },
  };
}

/** The key that a request carries: in the header of its own, by the scheme of its own, or bare where that is allowed. */
function keyIn(
  { headers }: IncomingMessage,
  { header, scheme, rawAuthorization }: ApiKeySettings,
): { readonly key: string } | { readonly refused: string } {
  const dedicated = headers[header];
  const authorization = headers.authorization?.trim();
  // Whoever sends a token means to be known by it: no key beside it makes up for that.
  if (authorization !== undefined && /^(?:bearer|dpop)\b/i.test(authorization))
    return { refused: "Tokens are not taken here." };
  if (typeof dedicated === "string") return { key: dedicated.trim() };
  if (authorization === undefined || authorization === "") return { refused: "There is no key." };
  const [, word = "", rest] = /^(\S+)(?: +(\S+))?$/.exec(authorization) ?? [];
  if (rest !== undefined && word.toLowerCase() === scheme.toLowerCase()) return { key: rest };
  if (!rawAuthorization) return { refused: "The key is not where it belongs." };
  if (rest === undefined) return { key: word };
  if (word.toLowerCase() !== "basic") return { refused: "The key is not where it belongs." };
  return { key: Buffer.from(rest, "base64").toString("utf8").split(":")[0] ?? "" }; // RFC 7617, with anything as the password
}

function caller(deployment: Deployment, settings: ApiKeySettings, secret: string, key: string): Caller {
  const { title } = deployment.api.definition;
  return {
    key,
    subject: undefined,
    clientId: undefined,
    scopes: [],
    credentials: {
      secret: (credential, rejected) => {
        if (credential === settings.credential && !rejected) return Promise.resolve(secret);
        const why = rejected
          ? `${title} does not accept the key that came with this request. Whoever asks must check the key in the settings of their client.`
          : `This needs a credential of ${title} that no key stands for. Asking again does not help.`;
        return Promise.reject(new Problem("credential_rejected", why));
      },
    },
  };
}

/** A challenge that is no `Bearer`, so that no client takes it for the beginning of OAuth. */
function refused({ header, scheme }: ApiKeySettings, title: string, why: string): Response {
  const message = `${why} Send your key of ${title} as the header ${header}, or as Authorization: ${scheme} <key>.`;
  return Response.json(
    { error: "unauthorized", message },
    { status: 401, headers: { "www-authenticate": `${scheme} realm="${title.replaceAll(/[^\w .-]/g, "")}"` } },
  );
}
