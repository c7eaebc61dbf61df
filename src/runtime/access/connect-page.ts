import type { IncomingMessage, ServerResponse } from "node:http";
import { escapeHtml } from "../request/html.ts";

/** What the page at which a person connects an account says. */
interface ConnectPage {
  readonly title: string;
  /** Credentials of the API; one field each. */
  readonly names: readonly string[];
  readonly ticket: string;
  /** For whom: what the issuer calls the person. */
  readonly subject: string;
  /** A credential whose value cannot be one. */
  readonly wrong?: string;
}

/** A form for what the vendor gave the person: a key, or a token. */
export function connectPage({ title, names, ticket, subject, wrong }: ConnectPage): string {
  const fields = names.map((name) => {
    const label = names.length === 1 ? `Your API key or token of ${title}` : `${title}: ${name}`;
    return `<label>${escapeHtml(label)}
<input type="password" name="credential.${escapeHtml(name)}" autocomplete="off" spellcheck="false" autofocus></label>${
      wrong === name ? `<p role="alert">That cannot be one: it must be one line of plain text.</p>` : ""
    }`;
  });
  return page(
    `Connect ${title}`,
    `<h1>Connect ${escapeHtml(title)}</h1>
<p>For <strong>${escapeHtml(subject)}</strong>. If that is not you, close this page: somebody else sent you his link.</p>
<form method="post">
<input type="hidden" name="ticket" value="${escapeHtml(ticket)}">
${fields.join("\n")}
<p>It is kept sealed on this server and shown to ${escapeHtml(title)} only, for what you ask your assistant to do.</p>
<button name="action" value="connect">Connect</button>
<button name="action" value="disconnect" formnovalidate>Disconnect what is connected</button>
</form>`,
  );
}

/** It worked. */
export function donePage(title: string, disconnected: boolean): string {
  const what = disconnected ? `${title} is not connected any longer` : `${title} is connected`;
  return page(what, `<h1>${escapeHtml(what)}.</h1><p>You can close this window and go on in your assistant.</p>`);
}

/** The link is used up, too old, or none. */
export function refusedPage(title: string): string {
  return page(
    `Connect ${title}`,
    `<h1>This link does not work.</h1><p>It works once, and for ten minutes. Ask your assistant again for a new one.</p>`,
  );
}

/** Sends a page that loads nothing, stands in no frame, and is remembered nowhere. */
export function sendPage(request: IncomingMessage, response: ServerResponse, status: number, html: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer", // the URL holds the ticket
      "cache-control": "no-store",
    })
    .end(request.method === "HEAD" ? undefined : html);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 10vh auto; padding: 0 1rem }
label, input { display: block; width: 100%; box-sizing: border-box }
input { font: inherit; padding: .5rem; margin: .25rem 0 1rem }
button { font: inherit; padding: .5rem 1rem; margin-right: .5rem }
</style></head><body>
${body}
</body></html>
`;
}
