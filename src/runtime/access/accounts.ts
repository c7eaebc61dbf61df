import type { Vault } from "../vault/vault.ts";

/** Accounts of the vendor's that people connected, each person his own, sealed in the vault. */
export interface Accounts {
  /** What a person shows the vendor; undefined: nothing is connected. */
  secretOf(person: string, credential: string): Promise<string | undefined>;
  connect(person: string, credential: string, secret: string): Promise<void>;
  /** @returns whether there was one. */
  disconnect(person: string, credential: string): Promise<boolean>;
  /** Everybody who connected something, the newest first. */
  list(): Promise<readonly KnownAccount[]>;
}

/** That a person connected an account; not what he shows the vendor. */
export interface KnownAccount {
  /** Key of the person: `caller` in the log of calls. */
  readonly person: string;
  /** Name of the credential, as tools.yaml has it. */
  readonly credential: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

interface Stored {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
}

/** The accounts of an API's people. */
export function accountsOf(vault: Vault, api: string): Accounts {
  const kind = `${api}.account`;
  const idOf = (person: string, credential: string) => `${person} ${credential}`; // a person's key has no space
  return {
    async secretOf(person, credential) {
      const stored = (await vault.get(kind, idOf(person, credential))) as Stored | undefined; // as `connect` put it there
      return stored?.secret;
    },
    async connect(person, credential, secret) {
      await vault.set(kind, idOf(person, credential), { secret, connectedAt: Date.now() } satisfies Stored);
    },
    disconnect: async (person, credential) => await vault.delete(kind, idOf(person, credential)),
    async list() {
      const known = (await vault.list(kind)).map(({ id, value }) => {
        const [person = "", credential = ""] = id.split(" ");
        return { person, credential, since: (value as Stored).connectedAt }; // as above
      });
      return known.sort((one, other) => other.since - one.since);
    },
  };
}
