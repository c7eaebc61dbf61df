import type { JWTPayload } from "jose";
import { randomBytes } from "node:crypto";
import { Problem } from "../../problem.ts";
import type { CallerCredentials, Deployment } from "../../deployment.ts";
import type { Vault } from "../../vault/vault.ts";
import { endSignInsOf, type SignIn, signInOf } from "./sign-ins.ts";
import { UpstreamRefusedError, type UpstreamOAuth, type UpstreamTokens } from "./upstream.ts";

/** What the people of an API are kept with. */
export interface People {
  readonly deployment: Deployment;
  readonly vault: Vault;
  readonly upstream: UpstreamOAuth;
  /** The credential that their tokens are for. */
  readonly credential: string;
  /** Renewed tokens that could not be kept, by person: the vendor has taken those before them back. */
  readonly unsaved: Map<string, UpstreamTokens>;
  /** Told why they could not. */
  readonly told: (error: unknown) => void;
}

/** A token is renewed when less than this is left of it, so that no call meets its end. */
const DUE_MS = 60_000;

/**
 * Keeps what the vendor gave for a person.
 *
 * @returns who it is: the vendor's word for it where there is one, otherwise a name of this connection alone.
 */
export async function keepPerson({ vault, deployment, unsaved }: People, tokens: UpstreamTokens): Promise<string> {
  const subject = tokens.subject ?? randomBytes(16).toString("hex");
  await vault.set(personKind(deployment), subject, tokens);
  unsaved.delete(subject);
  return subject;
}

/** Forgets what the vendor gave for a person, and gives it back where the vendor takes it. */
export async function forgetPerson(people: People, subject: string): Promise<void> {
  const { vault, deployment, upstream, unsaved } = people;
  const kept = await tokensOf(people, subject);
  unsaved.delete(subject);
  await vault.delete(personKind(deployment), subject);
  if (kept) await upstream.revoke(kept).catch(() => undefined); // the person can do so at the vendor
}

/** What the person of a verified token of ours brings for the vendor; undefined: that sign-in was ended. */
export async function credentialsOf(people: People, claims: JWTPayload): Promise<CallerCredentials | undefined> {
  const signIn = await signInOf(people.vault, apiOf(people.deployment), claims);
  if (!signIn || !(await tokensOf(people, signIn.accountId))) return undefined;
  let shown: string | undefined;
  let renewed = false;
  return {
    async secret(credential, rejected) {
      const { title } = people.deployment.api.definition;
      if (credential !== people.credential) {
        throw new Problem(
          "credential_rejected",
          `This tool needs a credential of ${title}'s that nobody can sign in for here.`,
        );
      }
      if (rejected && renewed) {
        throw new Problem(
          "credential_rejected",
          `${title} refused the sign-in "${credential}" of this person, and a renewed one too. The person may lack the rights for this in ${title}; if not, disconnect this server in the client and connect it again.`,
        );
      }
      const tokens = await currentTokens(people, signIn, rejected ? shown : undefined);
      if (rejected) renewed = true;
      shown = tokens.accessToken;
      return shown;
    },
  };
}

/**
 * The tokens of a person, renewed when they are due or when the vendor refused the one that is named. Of everybody who wants that at
 * once, in any process, one asks the vendor: two who trade a rotating refresh token in end the sign-in (§1, 9).
 */
async function currentTokens(people: People, signIn: SignIn, refused: string | undefined): Promise<UpstreamTokens> {
  const { vault, deployment } = people;
  const usable = ({ accessToken, expiresAt }: UpstreamTokens) =>
    refused === undefined ? expiresAt === undefined || expiresAt - Date.now() > DUE_MS : accessToken !== refused;
  const kept = await tokensOf(people, signIn.accountId);
  if (kept && usable(kept)) return kept;
  return await vault.locked(personKind(deployment), signIn.accountId, async () => {
    const current = await tokensOf(people, signIn.accountId);
    if (current && usable(current)) return current;
    if (!current) throw ended(people);
    return await renew(people, signIn, current, refused !== undefined);
  });
}

async function renew(
  people: People,
  signIn: SignIn,
  current: UpstreamTokens,
  refused: boolean,
): Promise<UpstreamTokens> {
  const { deployment, upstream } = people;
  const { title } = deployment.api.definition;
  const { refreshToken, subject, expiresAt } = current;
  const stillGood = expiresAt === undefined || expiresAt > Date.now();
  if (refreshToken === undefined) {
    if (!refused && stillGood) return current; // nothing newer will come: it is used to its end
    if (!stillGood) {
      await end(people, signIn.accountId);
      throw ended(people);
    }
    throw new Problem(
      "credential_rejected",
      `${title} refused the sign-in "${people.credential}" of this person, and gave nothing to renew it with. Disconnect this server in the client and connect it again.`,
    );
  }
  try {
    const renewed = { ...(await upstream.refresh(refreshToken)), ...(subject !== undefined && { subject }) };
    await keepRenewed(people, signIn.accountId, renewed);
    return renewed;
  } catch (error) {
    if (error instanceof UpstreamRefusedError && error.code === "invalid_grant") {
      await end(people, signIn.accountId);
      throw ended(people);
    }
    if (!refused && stillGood) return current; // it still holds for this call, and the next one asks again
    const why = error instanceof UpstreamRefusedError ? ` (${error.code})` : "";
    throw new Problem(
      error instanceof UpstreamRefusedError ? "credential_rejected" : "upstream_unreachable",
      `${title} could not be asked to renew the sign-in "${people.credential}" of this person${why}. Try again later.`,
      { retryable: !(error instanceof UpstreamRefusedError) },
    );
  }
}

/** A vendor that rotates has taken the old ones back by now, so this process goes on with the new ones wherever they can be kept. */
async function keepRenewed(people: People, subject: string, renewed: UpstreamTokens): Promise<void> {
  const { vault, deployment, unsaved, told } = people;
  try {
    await vault.set(personKind(deployment), subject, renewed);
    unsaved.delete(subject);
  } catch (error) {
    if (unsaved.get(subject) !== renewed) told(error); // once, however often it is tried
    unsaved.set(subject, renewed);
    deployment.shared?.whenBack(() => {
      if (unsaved.get(subject) === renewed) void keepRenewed(people, subject, renewed);
    });
  }
}

/** Our own grants end with the vendor's: from the next request on, clients are told to ask the person to sign in. */
async function end({ vault, deployment, unsaved }: People, subject: string): Promise<void> {
  unsaved.delete(subject);
  await endSignInsOf(vault, apiOf(deployment), subject);
  await vault.delete(personKind(deployment), subject);
}

function ended({ deployment, credential }: People): Problem {
  const { title } = deployment.api.definition;
  return new Problem(
    "credential_rejected",
    `${title} no longer accepts the sign-in "${credential}" of this person. The next call asks the person to sign in again.`,
  );
}

async function tokensOf({ vault, deployment, unsaved }: People, subject: string): Promise<UpstreamTokens | undefined> {
  const held = unsaved.get(subject);
  if (held) return held;
  return (await vault.get(personKind(deployment), subject)) as UpstreamTokens | undefined; // what this file put there
}

function apiOf({ api }: Deployment): string {
  return api.definition.name;
}

function personKind(deployment: Deployment): string {
  return `${apiOf(deployment)}.person`;
}
