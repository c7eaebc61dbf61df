import { existsSync } from "node:fs";
import { join } from "node:path";
import { knownTo, revokeKnown } from "../../runtime/access/proxy/known.ts";
import { defaultStateDirectory } from "../../runtime/load/state-directory.ts";
import { openVault } from "../../runtime/vault/open-vault.ts";
import type { Vault } from "../../runtime/vault/vault.ts";
import { defineCommand, UserError } from "../command.ts";
import { environmentOf } from "../environment.ts";
import { apiDirectories, servingProject } from "../project.ts";
import { columns, paintOut, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "[API…] [--revoke ID]",
  about: `Lists the clients that registered with this server and the people who are signed in through them, for APIs that are served with
access.mode oauth-proxy. --revoke ends a client with everything that it was given, or one sign-in: from its next call on, also
while the server runs. People are shown by a hash; nothing here tells who they are.`,
  options: {
    revoke: { type: "string", value: "ID", help: "end this client, or this sign-in" },
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
    const vault = vaultOf(environmentOf(project));
    if (values.revoke !== undefined) return await revoke(vault, { apis, id: values.revoke, terminal });
    const known = await Promise.all(
      apis.map(async (api) => ({ api, ...(vault ? await knownTo(vault, api) : { clients: [], signIns: [] }) })),
    );
    terminal.out(
      values.json ? JSON.stringify(known, null, 2) : known.map((one) => overview(one, terminal)).join("\n\n"),
    );
    return 0;
  },
});

/** The vault of this user's state directory; a look at one that there is not makes none. */
function vaultOf(environment: Readonly<Record<string, string | undefined>>): Vault | undefined {
  const stateDirectory = defaultStateDirectory(environment);
  return existsSync(join(stateDirectory, "vault")) ? openVault({ stateDirectory, environment }).vault : undefined;
}

async function revoke(
  vault: Vault | undefined,
  { apis, id, terminal }: { readonly apis: readonly string[]; readonly id: string; readonly terminal: Terminal },
): Promise<number> {
  let clients = 0;
  let signIns = 0;
  for (const api of apis) {
    const ended = vault ? await revokeKnown(vault, api, id) : { clients: 0, signIns: 0 };
    clients += ended.clients;
    signIns += ended.signIns;
  }
  if (clients + signIns === 0) {
    throw new UserError(`there is no client and no sign-in "${id}"`, "see `toolwright clients` for their ids");
  }
  terminal.out(`ended: ${count(clients, "client")}, ${count(signIns, "sign-in")}; it holds from the next call on`);
  return 0;
}

type Known = Awaited<ReturnType<typeof knownTo>> & { readonly api: string };

function overview({ api, clients, signIns }: Known, terminal: Terminal): string {
  const style = paintOut(terminal);
  const heading = `${style.bold(api)}: ${count(clients.length, "registered client")}, ${count(signIns.length, "sign-in")}`;
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
  ];
  return [heading, ...tables.filter((table) => table !== false)].join("\n\n");
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function day(since: number | undefined): string {
  return since === undefined ? "" : new Date(since).toISOString().slice(0, 16).replace("T", " ");
}
