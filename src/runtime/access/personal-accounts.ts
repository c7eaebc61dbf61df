import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { CallerCredentials, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { isHeaderText } from "../request/header.ts";
import type { Vault } from "../vault/vault.ts";
import { connectPage, donePage, refusedPage, sendPage } from "./connect-page.ts";
import { under } from "./public-url.ts";

/** A person may take so long to find the key. */
const TICKET_SECONDS = 600;
const MAX_FORM_BYTES = 32 * 1024;
const MAX_SECRET_CHARS = 4_096;

/** Accounts at the vendor that people connected, each his own. */
export interface PersonalAccounts {
  credentialsOf(person: Person): CallerCredentials;
  /** Answers the page at which a person connects an account. */
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

/** Whom a link is for; the link itself is not kept, only its digest. */
interface Ticket {
  readonly key: string;
  readonly subject: string;
}

/**
 * Keeps what people show the vendor, sealed, one secret for each credential of the API.
 *
 * Whoever has connected nothing yet is told where to: by a link that is his alone, that works once and for ten minutes.
 */
export function personalAccounts(deployment: Deployment, vault: Vault): PersonalAccounts {
  const { name, title, credentials = {} } = deployment.api.definition;
  const path = `/connect/${name}`;
  const kinds = { account: `${name}.account`, ticket: `${name}.ticket` };
  const names = Object.keys(credentials).filter((one) => credentials[one]?.insteadOf === undefined);

  async function invite({ key, subject, base }: Person, why: string): Promise<Problem> {
    const ticket = randomBytes(24).toString("base64url");
    await vault.set(kinds.ticket, digest(ticket), { key, subject } satisfies Ticket, TICKET_SECONDS);
    const url = under(base, path);
    url.searchParams.set("ticket", ticket);
    return new Problem(
      "credential_rejected",
      `${why} Show the person this link, which is for nobody else and works for ten minutes: ${url.href} Then call again.`,
    );
  }

  async function ticketOf(given: string | null): Promise<Ticket | undefined> {
    const found = given === null || given === "" ? undefined : await vault.get(kinds.ticket, digest(given));
    return found as Ticket | undefined; // we put it there
  }

  async function connect(form: URLSearchParams): Promise<string> {
    const given = form.get("ticket");
    const ticket = await ticketOf(given);
    const secrets = names.map(
      (credential) => [credential, (form.get(`credential.${credential}`) ?? "").trim()] as const,
    );
    const wrong = secrets.find(([, secret]) => !isUsable(secret));
    if (ticket && wrong && form.get("action") !== "disconnect") {
      return connectPage({ title, names, ticket: given ?? "", subject: ticket.subject, wrong: wrong[0] });
    }
    // Of two who send the same form, one is served.
    if (!ticket || !(await vault.delete(kinds.ticket, digest(given ?? "")))) return refusedPage(title);
    for (const [credential, secret] of secrets) {
      const id = accountId(ticket.key, credential);
      if (form.get("action") === "disconnect") await vault.delete(kinds.account, id);
      else
        await vault.set(kinds.account, id, { secret, subject: ticket.subject, connectedAt: new Date().toISOString() });
    }
    return donePage(title, form.get("action") === "disconnect");
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET" || request.method === "HEAD") {
      const given = new URL(request.url ?? "", "http://localhost").searchParams.get("ticket");
      const ticket = await ticketOf(given);
      const page = ticket && connectPage({ title, names, ticket: given ?? "", subject: ticket.subject });
      return sendPage(request, response, page === undefined ? 404 : 200, page ?? refusedPage(title));
    }
    // A form of another site may not be sent here, even by somebody who has a link (CSRF).
    const { "sec-fetch-site": site, "content-type": type = "" } = request.headers;
    const foreign = site !== undefined && site !== "same-origin";
    if (request.method !== "POST" || foreign || !type.startsWith("application/x-www-form-urlencoded"))
      return sendPage(request, response, 405, refusedPage(title));
    if (!(Number(request.headers["content-length"]) <= MAX_FORM_BYTES))
      return sendPage(request, response, 413, refusedPage(title));
    sendPage(request, response, 200, await connect(new URLSearchParams(await text(request))));
  }

  return {
    credentialsOf: (person) => ({
      async secret(credential, rejected) {
        const id = accountId(person.key, credential);
        if (rejected) {
          throw await invite(
            person,
            `${title} does not accept the account that was connected for this person any longer.`,
          );
        }
        const stored = (await vault.get(kinds.account, id)) as { readonly secret: string } | undefined; // as connect wrote it
        if (stored) return stored.secret;
        throw await invite(person, `No account of ${title} is connected for this person yet.`);
      },
    }),
    answer(asked, request, response) {
      if (asked !== path) return false;
      void respond(request, response).catch(() => {
        if (!response.headersSent) sendPage(request, response, 500, refusedPage(title));
      });
      return true;
    },
  };
}

function accountId(key: string, credential: string): string {
  return `${key} ${credential}`;
}

function digest(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}

function isUsable(secret: string): boolean {
  return secret !== "" && secret.length <= MAX_SECRET_CHARS && isHeaderText(secret);
}
