import type { ServerResponse } from "node:http";
import { html, sendPage } from "../page.ts";
import { redirectPlace } from "./redirect-policy.ts";

/** What a person is asked. */
export interface ConsentQuestion {
  /** The vendor, as people know it. */
  readonly title: string;
  readonly client: {
    readonly clientId: string;
    readonly clientName?: string | undefined;
    readonly clientIdMetadataDocument?: boolean | undefined;
  };
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Comes back with the answer. */
  readonly token: string;
}

/** Asks a person. A client's name is what it says of itself, so the place that it sends people to stands beside it. */
export function consentPage(response: ServerResponse, question: ConsentQuestion): void {
  const { title, client, redirectUri, scopes, token } = question;
  const name = plain(client.clientName ?? "") || "A program without a name";
  const published = URL.canParse(client.clientId) ? new URL(client.clientId).host : undefined;
  const scope = scopes.length > 0 ? scopes.join(", ") : "nothing";
  sendPage(response, {
    status: 200,
    title: `${name} wants to use ${title} as you`,
    body: html`<dl>
        <dt>It calls itself</dt>
        <dd>${name}</dd>
        ${
          published === undefined
            ? ""
            : html`<dt>It is described at</dt>
                <dd>${published}</dd>`
        }
        <dt>You will be sent back to</dt>
        <dd><strong>${redirectPlace(redirectUri)}</strong></dd>
        <dt>It asks for</dt>
        <dd>${scope}</dd>
      </dl>
      <p>
        Go on only if you have just asked ${name} to connect, and know where you will be sent. ${title} will then ask
        you to sign in.
      </p>
      <form method="post">
        <input type="hidden" name="token" value="${token}" />
        <button class="main" name="answer" value="allow">Continue to ${title}</button>
        <button name="answer" value="deny">Cancel</button>
      </form>`,
  });
}

/** Without what turns text around or cannot be seen, and not longer than a name is. */
function plain(name: string): string {
  const seen = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").trim();
  return seen.length > 80 ? `${seen.slice(0, 80)}…` : seen;
}
