import { StartError } from "../../runtime/load/start-error.ts";
import { openSharedState, type SharedState } from "../../runtime/shared-state/shared-state.ts";
import type { Environment } from "../environment.ts";
import type { Finding } from "./finding.ts";

/** Looks at what replicas share: whether Redis is there, what it is, and whether it keeps what it is given. Nothing shows its URL's password. */
export async function checkSharedState(environment: Environment): Promise<readonly Finding[]> {
  let shared: SharedState | undefined;
  try {
    shared = openSharedState(environment);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return [{ state: "problem", what: error.message, fix: error.help }];
  }
  if (!shared) return [];
  try {
    return [...(await reachFindings(shared)), ...(await keepFindings(shared))];
  } finally {
    shared.close();
  }
}

async function reachFindings(shared: SharedState): Promise<readonly Finding[]> {
  const { shown, prefix, replicas, inTheClear } = shared.settings;
  const { reachable, server, why } = await shared.reached();
  if (!reachable) {
    const what = `Redis at ${shown} cannot be used (${why ?? "closed"})`;
    return [{ state: "problem", what, fix: `check TOOLWRIGHT_REDIS_URL, and that the server runs and takes its user` }];
  }
  const what = `${server} at ${shown} answers; keys begin with ${prefix}; without it each of ${replicas} replicas keeps to its part`;
  const clear: Finding = {
    state: "warning",
    what: `what goes to ${shown} can be read on the way, its password too`,
    fix: "use rediss:// (TLS), unless nobody else is on that network",
  };
  return [{ state: "ok", what }, ...(inTheClear ? [clear] : [])];
}

/** What is lost when Redis restarts, or throws away what it has no room for. A server that does not tell is taken as it is. */
async function keepFindings(shared: SharedState): Promise<readonly Finding[]> {
  if (!shared.standing().reachable) return [];
  const info = await shared.ask(async (client) => await client.info()).catch(() => "");
  const says = (name: string) => new RegExp(`^${name}:([^\r\n]*)`, "m").exec(info)?.[1];
  const findings: Finding[] = [];
  if (says("aof_enabled") === "0") {
    const what =
      "Redis keeps no log of what it is given (appendonly no): a restart may lose sign-ins, and calls of the month";
    findings.push({
      state: "warning",
      what,
      fix: "set appendonly yes, or make sure that its last snapshot is recent enough",
    });
  }
  const policy = says("maxmemory_policy") ?? "noeviction";
  if (policy !== "noeviction") {
    const what = `Redis throws away what it was given when it is full (maxmemory-policy ${policy})`;
    findings.push({ state: "warning", what, fix: "set maxmemory-policy noeviction" });
  }
  return findings;
}
