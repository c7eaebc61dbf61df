import type { ServerResponse } from "node:http";
import { html, sendPage } from "./page.ts";

/** What the page at which a person connects an account says. */
interface ConnectPage {
  readonly title: string;
  /** Credentials of the API; one field each. */
  readonly names: readonly string[];
  /** For whom: what the issuer calls the person who has just signed in there. */
  readonly subject: string;
  /** Where the form goes, and what comes back with it. */
  readonly form: { readonly action: string; readonly token: string };
  /** A credential whose value cannot be one. */
  readonly wrong?: string;
}

/** A form for what the vendor gave the person: a key, or a token. */
export function connectPage(response: ServerResponse, { title, names, subject, form, wrong }: ConnectPage): void {
  const fields = names.map(
    (name) =>
      html`<label
          >${names.length === 1 ? `Your API key or token of ${title}` : `${title}: ${name}`}
          <input type="password" name="credential.${name}" autocomplete="off" spellcheck="false" autofocus
        /></label>
        ${wrong === name ? html`<p role="alert">That cannot be one: it must be one line of plain text.</p>` : ""}`,
  );
  sendPage(response, {
    status: 200,
    title: `Connect ${title}`,
    body: html`<p>For <strong>${subject}</strong>, as you have just signed in.</p>
      <form method="post" action="${form.action}">
        <input type="hidden" name="token" value="${form.token}" />
        ${fields}
        <p>It is kept sealed on this server and shown to ${title} only, for what you ask your assistant to do.</p>
        <button class="main" name="action" value="connect">Connect</button>
        <button name="action" value="disconnect" formnovalidate>Disconnect what is connected</button>
      </form>`,
  });
}

/** It worked. */
export function donePage(response: ServerResponse, title: string, disconnected: boolean): void {
  sendPage(response, {
    status: 200,
    title: disconnected ? `${title} is not connected any longer` : `${title} is connected`,
    body: html`<p>You can close this window and go on in your assistant.</p>`,
  });
}

/** Why nothing was connected. */
export type NotConnected = "over" | "somebody else's" | "not from here" | "not signed in" | "unavailable";

const REASONS: Readonly<
  Record<NotConnected, { readonly status: number; readonly title: string; readonly why: string }>
> = {
  over: {
    status: 404,
    title: "This link does not work",
    why: "It works once, and for ten minutes. Ask your assistant again for a new one.",
  },
  "somebody else's": {
    status: 403,
    title: "This link is for somebody else",
    why: "You are signed in as another person than the one who asked for it, and nothing was connected. If somebody sent it to you, that person would have used your account as his own.",
  },
  "not from here": {
    status: 403,
    title: "Nothing was connected",
    why: "That answer did not come from the page that asked, in the browser that was signed in. Ask your assistant again for a link.",
  },
  "not signed in": {
    status: 403,
    title: "Nothing was connected",
    why: "You were not signed in. Open the link again, and sign in as the person for whom your assistant works.",
  },
  unavailable: {
    status: 503,
    title: "You cannot be signed in just now",
    why: "Nothing was connected. Try the link again in a while; if that does not help, whoever runs this server finds the reason in its log.",
  },
};

/** Nothing was connected. */
export function notConnectedPage(response: ServerResponse, reason: NotConnected): void {
  const { status, title, why } = REASONS[reason];
  sendPage(response, { status, title, body: html`<p>${why}</p>` });
}
