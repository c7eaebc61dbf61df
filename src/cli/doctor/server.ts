import { lookup } from "node:dns/promises";
import type { Finding } from "./finding.ts";

/** Long enough for a slow handshake, short enough for a person who waits. */
const TIMEOUT_MS = 8_000;
/** A clock that is further off breaks signed tokens and time filters. */
const MOST_SKEW_S = 60;

/** Looks at one server of the vendor: its name resolves, something answers, and its clock agrees with ours. Sends no credential. */
export async function checkServer(name: string, url: URL): Promise<readonly Finding[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  try {
    await lookup(host);
  } catch {
    return [
      {
        state: "problem",
        what: `server "${name}": the name ${host} does not resolve`,
        fix: "check the spelling of the host in its variable, and the network",
      },
    ];
  }
  try {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return [
      { state: "ok", what: `server "${name}": ${url.host} answers` },
      clockFinding(response.headers.get("date"), "the server's"),
    ];
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return [
      {
        state: "problem",
        what: `server "${name}": ${url.host} does not answer (${cause})`,
        fix: "check the network, a proxy, and that the port is right",
      },
    ];
  }
}

/** Holds this machine's clock against a `Date` header of somebody's: `the server's`. */
export function clockFinding(date: string | null, whose: string): Finding {
  if (date === null) return { state: "skipped", what: `clock: ${whose} is not told` };
  const skew = Math.round((Date.now() - Date.parse(date)) / 1000);
  if (Math.abs(skew) <= MOST_SKEW_S) return { state: "ok", what: `clock: agrees with ${whose}` };
  return {
    state: "warning",
    what: `clock: ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} ${whose}`,
    fix: "set this machine's clock by NTP",
  };
}
