import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "../problem.ts";
import { isHeaderText } from "../request/header.ts";
import type { OpenVault } from "../vault/open-vault.ts";
import type { Accounts } from "./accounts.ts";
import { type Browser, browsers } from "./browser.ts";
import { connectPage, donePage, notConnectedPage } from "./connect-page.ts";
import { ownForm } from "./form.ts";
import type { Authorization } from "../credentials/begin-authorization.ts";
import type { IssuerSignIn } from "./issuer-sign-in.ts";
import { under } from "./public-url.ts";

/** A person may take so long to find the key. */
const WAIT_SECONDS = 600;
const MAX_SECRET_CHARS = 4_096;
/** Of the forms that are shown here. */
const PURPOSE = "connect";

/** Links at which people connect accounts. */
export interface ConnectLinks {
  /** A link for this person and nobody else. */
  invite(person: Person): Promise<URL>;
  /** Answers at the link, and at the pages behind it. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/** A person whom the issuer knows. */
export interface Person {
  /** Of issuer, subject and client together. */
  readonly key: string;
  readonly subject: string;
  /** Where this server is reached. */
  readonly base: URL;
}

/** What links are made of. */
export interface ConnectLinksOptions {
  readonly api: string;
  readonly title: string;
  /** Credentials that a person connects. */
  readonly names: readonly string[];
  readonly accounts: Accounts;
  readonly vault: OpenVault;
  /** Paths of the MCP endpoint, the usual one first. */
  readonly paths: readonly string[];
  readonly signIn: IssuerSignIn;
  /** Told why nobody can be signed in. */
  readonly onFault?: ((error: Error) => void) | undefined;
}

/** Whom a link is for; the link itself is not kept, only its digest. */
interface Link {
  readonly key: string;
  readonly subject: string;
  readonly base: string;
}

/** A person who opened a link and was sent to the issuer. */
interface Underway {
  /** Under what the link is kept. */
  readonly link: string;
  readonly base: string;
  readonly browser: string;
  readonly begun: Authorization;
}

/** A person who was signed in, in this browser, as the one whom the link is for. */
interface Proven extends Link {
  readonly browser: string;
}

/**
 * Makes links that work once and for ten minutes. Who opens one signs in at the issuer first, and must be the one whom it is for:
 * otherwise anybody could send his own link to somebody else, who would paste a key there, and call the vendor with it from then on (T34).
 */
export function connectLinks(options: ConnectLinksOptions): ConnectLinks {
  const { api, title, names, accounts, paths, signIn, onFault } = options;
  const { vault, ring } = options.vault;
  const path = `/connect/${api}`;
  const callbackPath = `${path}/callback`;
  const kinds = { link: `${api}.link`, underway: `${api}.underway`, proven: `${api}.proven` };
  const browserKeys = ring.keysFor("browsers");
  const placeOf = (base: URL) => ({
    redirectUri: under(base, callbackPath).href,
    resources: paths.map((one) => under(base, one)),
  });

  /** The link was opened: whoever did is sent to the issuer. */
  async function open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const link = digest(queryOf(request).get("ticket") ?? "");
    const found = (await vault.get(kinds.link, link)) as Link | undefined; // as `invite` put it there
    if (!found) return notConnectedPage(response, "over");
    const base = new URL(found.base);
    const begun = await signIn.begin(placeOf(base));
    const browser = browsers(base, browserKeys).greet(request, response);
    const underway: Underway = { link, base: found.base, browser: browser.key, begun };
    await vault.set(kinds.underway, begun.state, underway, WAIT_SECONDS);
    response.writeHead(303, { location: begun.url, "referrer-policy": "no-referrer" }).end();
  }

  /** The issuer's answer: taken once, in the browser that opened the link, and of the person whom the link is for. */
  async function comeBack(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const state = queryOf(request).get("state") ?? "";
    const underway = (await vault.get(kinds.underway, state)) as Underway | undefined; // as `open` put it there
    if (!underway || !(await vault.delete(kinds.underway, state))) return notConnectedPage(response, "over");
    const base = new URL(underway.base);
    const browser = browsers(base, browserKeys).known(request);
    if (browser?.key !== underway.browser) return notConnectedPage(response, "not from here");
    const place = placeOf(base);
    const answered = new URL(place.redirectUri);
    answered.search = queryOf(request).toString();
    const { subject } = await signIn.finish(answered, underway.begun, place);
    const link = (await vault.get(kinds.link, underway.link)) as Link | undefined; // as above
    if (!link) return notConnectedPage(response, "over");
    if (link.subject !== subject) return notConnectedPage(response, "somebody else's");
    if (!(await vault.delete(kinds.link, underway.link))) return notConnectedPage(response, "over"); // of two, one goes on
    const id = randomBytes(24).toString("base64url");
    const proven: Proven = { ...link, browser: browser.key };
    await vault.set(kinds.proven, id, proven, WAIT_SECONDS);
    ask(response, { id, proven, browser });
  }

  function ask(response: ServerResponse, { id, proven, browser, wrong }: Shown): void {
    const action = under(new URL(proven.base), path);
    action.searchParams.set("id", id);
    const form = { action: action.href, token: browser.token(PURPOSE) };
    connectPage(response, { title, names, subject: proven.subject, form, ...(wrong !== undefined && { wrong }) });
  }

  /** The form was sent: by the browser that was signed in, and by no page elsewhere (CSRF). */
  async function connect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = queryOf(request).get("id") ?? "";
    const proven = (await vault.get(kinds.proven, id)) as Proven | undefined; // as `comeBack` put it there
    if (!proven) return notConnectedPage(response, "over");
    const base = new URL(proven.base);
    const browser = browsers(base, browserKeys).known(request);
    const form = await ownForm(request, { origin: base.origin, browser, purpose: PURPOSE });
    if (!form || browser?.key !== proven.browser) return notConnectedPage(response, "not from here");
    const disconnects = form.get("action") === "disconnect";
    const secrets = names.map((one) => [one, (form.get(`credential.${one}`) ?? "").trim()] as const);
    const wrong = disconnects ? undefined : secrets.find(([, secret]) => !isUsable(secret))?.[0];
    if (wrong !== undefined) return ask(response, { id, proven, browser, wrong });
    if (!(await vault.delete(kinds.proven, id))) return notConnectedPage(response, "over"); // of two, one is served
    for (const [credential, secret] of secrets) {
      if (disconnects) await accounts.disconnect(proven.key, credential);
      else await accounts.connect(proven.key, credential, secret);
    }
    donePage(response, title, disconnects);
  }

  async function respond(asked: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "" } = request;
    if (asked === callbackPath && method === "GET") return await comeBack(request, response);
    if (asked === path && method === "GET") return await open(request, response);
    if (asked === path && method === "POST") return await connect(request, response);
    response.writeHead(405, { allow: asked === path ? "GET, POST" : "GET", "content-length": "0" }).end();
  }

  return {
    async invite({ key, subject, base }) {
      const ticket = randomBytes(24).toString("base64url");
      await vault.set(kinds.link, digest(ticket), { key, subject, base: base.href } satisfies Link, WAIT_SECONDS);
      const url = under(base, path);
      url.searchParams.set("ticket", ticket);
      return url;
    },
    answer(asked, request, response) {
      if (asked !== path && asked !== callbackPath) return false;
      respond(asked, request, response).catch((error: unknown) => {
        if (response.headersSent) return void response.destroy();
        if (error instanceof Problem && error.code === "reauthorize")
          return notConnectedPage(response, "not signed in");
        onFault?.(error instanceof Error ? error : new Error(String(error)));
        notConnectedPage(response, "unavailable");
      });
      return true;
    },
  };
}

/** The form, and who is asked. */
interface Shown {
  readonly id: string;
  readonly proven: Proven;
  readonly browser: Browser;
  readonly wrong?: string;
}

function queryOf({ url = "" }: IncomingMessage): URLSearchParams {
  return new URL(url, "http://localhost").searchParams;
}

function digest(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}

function isUsable(secret: string): boolean {
  return secret !== "" && secret.length <= MAX_SECRET_CHARS && isHeaderText(secret);
}
