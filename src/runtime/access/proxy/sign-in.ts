import type { Authorization } from "../../credentials/begin-authorization.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import type { Vault } from "../../vault/vault.ts";
import type { Browser, Browsers } from "../browser.ts";
import { consentPage } from "./consent-page.ts";
import { html, sendPage } from "../page.ts";
import { keepPerson, type People } from "./people.ts";
import type { RegisteredClients } from "./registered-clients.ts";
import { ownForm } from "../form.ts";
import { UpstreamRefusedError } from "./upstream.ts";

/** What a sign-in goes through: our consent page, the vendor's pages, and back to the client. */
export interface SignInOptions {
  readonly api: string;
  readonly title: string;
  readonly provider: Provider;
  readonly vault: Vault;
  readonly clients: RegisteredClients;
  readonly browsers: Browsers;
  readonly people: People;
  /** Where the vendor sends people back to. */
  readonly callbackUrl: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** Of this server, for the `Origin` of forms. */
  readonly origin: string;
}

/** A sign-in that waits for the vendor's answer. */
interface Waiting {
  readonly uid: string;
  readonly browser: string;
  readonly begun: Authorization;
}

/** A person has this long at the vendor (A14: at most 10 minutes). */
const WAIT_SECONDS = 600;

/** `GET` shows what is asked for, `POST` takes the person's answer; nothing is remembered, and nothing sent to the vendor, before it. */
export async function consent(
  options: SignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
  uid: string,
): Promise<void> {
  const { provider, browsers } = options;
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (interaction?.uid !== uid) return refuse(response, 403, "This sign-in was begun in another browser, or is over.");
  if (request.method === "GET") {
    const client = await provider.Client.find(String(interaction.params["client_id"]));
    if (!client) return refuse(response, 400, "The program that sent you here is not known any more.");
    const browser = browsers.greet(request, response);
    return consentPage(response, {
      title: options.title,
      client,
      redirectUri: String(interaction.params["redirect_uri"]),
      scopes: grantedScopes(options, interaction.params),
      token: browser.token(uid),
    });
  }
  const browser = browsers.known(request);
  const form = await ownForm(request, { origin: options.origin, browser, purpose: uid });
  if (!form || !browser) {
    return refuse(response, 403, "That answer did not come from the page that asked.");
  }
  if (form.get("answer") !== "allow") {
    const result = { error: "access_denied", error_description: "the person said no" };
    return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  return await sendToVendor(options, response, { uid, browser });
}

async function sendToVendor(
  { api, vault, people, callbackUrl }: SignInOptions,
  response: ServerResponse,
  { uid, browser }: { readonly uid: string; readonly browser: Browser },
): Promise<void> {
  const begun = await people.upstream.begin(callbackUrl);
  const waiting: Waiting = { uid, browser: browser.key, begun };
  await vault.set(`${api}.state`, begun.state, waiting, WAIT_SECONDS);
  response.writeHead(303, { location: begun.url, "cache-control": "no-store", "referrer-policy": "no-referrer" }).end();
}

/** The vendor's answer: taken once, in the browser that went there, and only while the client still waits. */
export async function callback(
  options: SignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api, vault, provider, browsers } = options;
  const answered = new URL(options.callbackUrl);
  answered.search = new URL(request.url ?? "", options.origin).search;
  const state = answered.searchParams.get("state") ?? "";
  const waiting = (await vault.get(`${api}.state`, state)) as Waiting | undefined; // what `sendToVendor` put there
  if (!waiting || !(await vault.delete(`${api}.state`, state))) {
    return refuse(response, 400, "This sign-in is over, or was never begun here.");
  }
  if (browsers.known(request)?.key !== waiting.browser) {
    return refuse(response, 403, "This sign-in was begun in another browser.");
  }
  const interaction = await provider.Interaction.find(waiting.uid);
  if (!interaction) return refuse(response, 400, "The program that wanted to sign you in has given up.");
  try {
    const grantId = await grantFor(options, interaction.params, { answered, waiting });
    interaction.result = { login: { accountId: grantId.accountId, remember: false }, consent: { grantId: grantId.id } };
  } catch (error) {
    interaction.result = failure(error, options.title);
  }
  await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1000)));
  response
    .writeHead(303, { location: interaction.returnTo, "cache-control": "no-store", "referrer-policy": "no-referrer" })
    .end();
}

async function grantFor(
  options: SignInOptions,
  params: Readonly<Record<string, unknown>>,
  { answered, waiting }: { readonly answered: URL; readonly waiting: Waiting },
): Promise<{ readonly id: string; readonly accountId: string }> {
  const { api, provider, vault, clients, people, resources } = options;
  const clientId = String(params["client_id"]);
  const tokens = await people.upstream.finish(answered, waiting.begun);
  const accountId = await keepPerson(people, tokens);
  const grant = new provider.Grant({ accountId, clientId });
  const scope = grantedScopes(options, params).join(" ");
  grant.addOIDCScope(scope); // or the library asks once more (§5.2)
  const asked = [params["resource"] ?? resources[0]].flat();
  for (const resource of asked) grant.addResourceScope(String(resource), scope);
  const id = await grant.save();
  await vault.set(
    `${api}.browser`,
    id,
    { browser: waiting.browser },
    grant.exp === undefined ? undefined : grant.exp - Date.now() / 1000,
  );
  await clients.used(clientId);
  return { id, accountId };
}

/** What the client is told when the vendor said no, or could not be asked. */
function failure(error: unknown, title: string) {
  if (error instanceof UpstreamRefusedError && error.code === "access_denied") {
    return { error: "access_denied", error_description: `the person or ${title} said no` };
  }
  if (error instanceof UpstreamRefusedError) {
    return { error: "access_denied", error_description: `${title} did not sign the person in` };
  }
  return { error: "temporarily_unavailable", error_description: `${title} could not be asked` };
}

/** The scopes that a client asked for, in our order. */
function grantedScopes({ scopes }: SignInOptions, params: Readonly<Record<string, unknown>>): readonly string[] {
  const asked = String(params["scope"] ?? "").split(" ");
  return scopes.filter((scope) => asked.includes(scope));
}

/** A page that says no. */
export function refuse(response: ServerResponse, status: number, why: string): void {
  sendPage(response, {
    status,
    title: "This sign-in cannot go on",
    body: html`<p>${why}</p>
      <p>Start again from the program that you wanted to connect.</p>`,
  });
}
