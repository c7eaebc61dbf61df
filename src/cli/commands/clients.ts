import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Known, knownTo, type Revoked, revokeKnown } from "../../runtime/access/known.ts";
import { defaultStateDirectory } from "../../runtime/load/state-directory.ts";
import { openSharedState } from "../../runtime/shared-state/shared-state.ts";
import { openVault } from "../../runtime/vault/open-vault.ts";
import type { Vault } from "../../runtime/vault/vault.ts";
import { defineCommand, UserError } from "../command.ts";
import { environmentOf } from "../environment.ts";
import { apiDirectories, servingProject } from "../project.ts";
import { columns, paintOut, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "[API…] [--revoke ID]",
  about: `Lists who is known to a server that people share: with access.mode oauth-proxy the clients that registered and the people who are
signed in through them, with oauth-resource-server the accounts of the vendor's that people connected. --revoke ends a client
with everything that it was given, one sign-in, or the accounts of one person: from the next call on, also while the server
runs. People are shown by a hash (that of an account begins "caller" in serve --log); nothing here tells who they are.`,
  options: {
    revoke: { type: "string", value: "ID", help: "end this client, this sign-in, or these accounts" },
    json: { type: "boolean", help: "the same as JSON" },
    config: {
      type: "string",
      value: "FILE",
      help: "the project's tools.yaml (default: here, else what ships with toolwright)",
    },
  },
  examples: [
    ["toolwright clients", "who is connected?"],
    ["toolwright clients {api} --json", "for a script"],
  ],
  async run({ positionals, values, terminal }) {
    const project = servingProject(values.config);
    const apis = apiDirectories(project, positionals).map(({ name }) => name);
    const vault = await vaultOf(environmentOf(project));
    if (values.revoke !== undefined) return await revoke(vault, { apis, id: values.revoke, terminal });
    const known = await Promise.all(
      apis.map(async (api) => ({ api, ...(vault ? await knownTo(vault, api) : NOBODY) })),
    );
    terminal.out(
      values.json ? JSON.stringify(known, null, 2) : known.map((one) => overview(one, terminal)).join("\n\n"),
    );
    return 0;
  },
});

const NOBODY: Known = { clients: [], signIns: [], accounts: [] };

/** What replicas share, or the vault of this user's state directory; a look at one that there is not makes none. */
async function vaultOf(environment: Readonly<Record<string, string | undefined>>): Promise<Vault | undefined> {
  const shared = openSharedState(environment);
  await shared?.mustBeReached();
  if (shared) return openVault({ stateDirectory: undefined, shared, environment }).vault;
  const stateDirectory = defaultStateDirectory(environment);
  return existsSync(join(stateDirectory, "vault")) ? openVault({ stateDirectory, environment }).vault : undefined;
}

async function revoke(
  vault: Vault | undefined,
  { apis, id, terminal }: { readonly apis: readonly string[]; readonly id: string; readonly terminal: Terminal },
): Promise<number> {
  const ended: readonly Revoked[] = vault
    ? await Promise.all(apis.map(async (api) => await revokeKnown(vault, api, id)))
    : [];
  const total = (what: keyof Revoked) => ended.reduce((sum, { [what]: n }) => sum + n, 0);
  const [clients, signIns, accounts] = [total("clients"), total("signIns"), total("accounts")];
  if (clients + signIns + accounts === 0) {
    throw new UserError(
      `there is no client, no sign-in and no account "${id}"`,
      "see `toolwright clients` for their ids",
    );
  }
  const what = [count(clients, "client"), count(signIns, "sign-in"), count(accounts, "account")].join(", ");
  terminal.out(`ended: ${what}; it holds from the next call on`);
  return 0;
}

function overview({ api, clients, signIns, accounts }: Known & { readonly api: string }, terminal: Terminal): string {
  const style = paintOut(terminal);
  const counts = [
    count(clients.length, "registered client"),
    count(signIns.length, "sign-in"),
    count(accounts.length, "connected account"),
  ];
  const heading = `${style.bold(api)}: ${counts.join(", ")}`;
  const head = (...cells: string[]) => cells.map((cell) => style.dim(cell));
  const tables = [
    clients.length > 0 &&
      columns([
        head("client", "since", "name", "sends people back to"),
        ...clients.map(({ id, since, name, places }) => [id, day(since), name, places.join(", ")]),
      ]),
    signIns.length > 0 &&
      columns([
        head("sign-in", "since", "who", "client"),
        ...signIns.map(({ id, since, who, clientId }) => [id, day(since), who, clientId]),
      ]),
    accounts.length > 0 &&
      columns([
        head("account of", "since", "credential"),
        ...accounts.map(({ id, since, credential }) => [id, day(since), credential]),
      ]),
  ];
  return [heading, ...tables.filter((table) => table !== false)].join("\n\n");
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function day(since: number | undefined): string {
  return since === undefined ? "" : new Date(since).toISOString().slice(0, 16).replace("T", " ");
}
