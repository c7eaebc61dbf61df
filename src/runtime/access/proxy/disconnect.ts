import type { IncomingMessage, ServerResponse } from "node:http";
import { html, sendPage } from "../page.ts";
import { forgetPerson } from "./people.ts";
import { ownForm } from "../form.ts";
import { refuse, type SignInOptions } from "./sign-in.ts";
import { endSignIn, type SignIn, signInsOf } from "./sign-ins.ts";

/** `GET` lists what a person connected from this browser, `POST` ends one of it, from the next call on. */
export async function disconnect(
  options: SignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api, title, vault, browsers, people } = options;
  const browser = browsers.greet(request, response);
  const own = await ownSignIns(options, browser.key);
  if (request.method === "GET") return await show(options, response, own, browser.token("disconnect"));
  const form = await ownForm(request, { origin: options.origin, browser, purpose: "disconnect" });
  if (!form) {
    return refuse(response, 403, "That answer did not come from the page that asked.");
  }
  const ended = own.find(({ jti }) => jti === form.get("id"));
  if (!ended) return refuse(response, 400, "That connection is over already.");
  const last = (await signInsOf(vault, api)).every(
    ({ jti, accountId }) => jti === ended.jti || accountId !== ended.accountId,
  );
  if (last) await forgetPerson(people, ended.accountId);
  await endSignIn(vault, api, ended);
  sendPage(response, {
    status: 200,
    title: "Disconnected",
    body: html`<p>It cannot use ${title} as you any more.</p>
      <p><a href="disconnect">Other connections</a></p>`,
  });
}

async function ownSignIns({ api, vault }: SignInOptions, browser: string): Promise<readonly SignIn[]> {
  const begun = new Set<string>();
  for (const { id, value } of await vault.list(`${api}.browser`)) {
    if ((value as { readonly browser: string }).browser === browser) begun.add(id); // as `sign-in.ts` puts it there
  }
  return (await signInsOf(vault, api)).filter(({ jti }) => begun.has(jti));
}

async function show(
  { title, provider }: SignInOptions,
  response: ServerResponse,
  own: readonly SignIn[],
  token: string,
): Promise<void> {
  const rows = await Promise.all(
    own.map(async ({ jti, clientId, iat }) => {
      const client = await provider.Client.find(clientId).catch(() => undefined);
      const since = new Date(iat * 1000).toISOString().slice(0, 10);
      return html`<dt>${client?.clientName ?? clientId}</dt>
        <dd>
          since ${since}
          <form method="post">
            <input type="hidden" name="token" value="${token}" /><input type="hidden" name="id" value="${jti}" />
            <button>Disconnect</button>
          </form>
        </dd>`;
    }),
  );
  sendPage(response, {
    status: 200,
    title: `What uses ${title} as you`,
    body:
      rows.length > 0
        ? html`<p>Connected from this browser:</p>
            <dl>${rows}</dl>`
        : html`<p>Nothing was connected from this browser.</p>`,
  });
}
