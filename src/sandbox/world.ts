import { createGate, type Gate } from "./admission.ts";
import { createCollections } from "./collections.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { Authority } from "./oauth/authorize.ts";
import { createTokens } from "./oauth/tokens.ts";
import type { Row } from "./row.ts";
import type { SandboxFile } from "./sandbox-file.ts";
import { createSessions } from "./session/sessions.ts";
import type { World } from "./situation.ts";
import { createStorage } from "./storage.ts";

/** A vendor's state: what its servers share, and those who guard it. */
export interface State {
  readonly world: World;
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly authority: Authority | undefined;
  /** Names who signs in from now on, by key; false when there is no such user. */
  readonly signIn: (user: unknown) => boolean;
}

/**
 * @param exampleOf the example of an operation's successful answer.
 * @param storageUrl of the server that presigned URLs lead to.
 */
export function createState(
  file: SandboxFile,
  exampleOf: (operationId: string) => unknown,
  storageUrl: () => string,
  clock: () => number,
): State {
  const collections = createCollections(file, exampleOf, clock);
  const headers = [file.credentials.headers, file.credentials.session].flatMap((of) => Object.keys(of ?? {}));
  const ledger = createLedger(
    headers.map((name) => name.toLowerCase()),
    clock,
  );
  const count = (what: string) => ledger.count(what);
  const tokens = file.oauth && createTokens(file.oauth, clock, count);
  const sessions = file.session && createSessions(file.session, clock, count);
  const gate = createGate(file.credentials, { tokens, sessions });

  const users = file.oauth?.users.collection ?? file.session?.users;
  const userBy = (field: string, value: unknown): Row | undefined =>
    users === undefined ? undefined : collections.find(users, field, value);
  const key = users === undefined ? "id" : collections.rule(users).key;
  const keyOf = (name: unknown) => {
    const fields = [key, ...(file.oauth?.users.match ?? [])];
    return fields.map((field) => userBy(field, name)).find((row) => row !== undefined)?.[key];
  };
  let signedIn = file.oauth && keyOf(file.oauth.users.default);

  const forbidden = ["authorization", "cookie", ...gate.headers, ...(file.storage?.refuse ?? [])];
  const storage =
    file.storage &&
    createStorage(file.storage, [...new Set(forbidden.map((name) => name.toLowerCase()))], storageUrl, clock);
  return {
    world: { file, collections, sessions, storage, clock, userOf: (user) => userBy(key, user) },
    gate,
    ledger,
    authority: file.oauth && tokens && { rule: file.oauth, tokens, userOf: keyOf, signedIn: () => signedIn },
    signIn(user) {
      const found = keyOf(user);
      signedIn = found ?? signedIn;
      return found !== undefined;
    },
  };
}
