import { createHash } from "node:crypto";
import type { Server } from "../../definition/api.ts";
import { otherServer, unusableServer } from "../../diagnostics/messages.ts";
import type { Operation, Server as DescribedServer } from "../../spec/operation.ts";
import { keyOf } from "../tools-file/origin.ts";
import type { ToolContext } from "./context.ts";
import { nameOf } from "./name-of.ts";

/** The server of a call: one of tools.yaml by its name, or the operation's own. */
export interface ChosenServer {
  readonly name: string;
  readonly own?: Server;
}

/**
 * Where an operation with `servers` of its own is called, when tools.yaml names no server for the tool: there. An entry of tools.yaml with
 * the same URL is that server; otherwise it is one more, which no credential is shown to (T14).
 *
 *     https://uploads.acme.com/v2  →  the server `uploads_acme_com__v2`
 *
 * @param standard The server that is used otherwise.
 */
export function chooseOwnServer(context: ToolContext, operation: Operation, standard: string): ChosenServer {
  const { entry, spec, tool, report } = context;
  const [described] = operation.servers;
  if (!described) return { name: standard };
  const url = usable(described);
  const known = Object.entries(entry.settings.servers).find(
    ([, one]) => one.url !== undefined && trimmed(one.url) === url,
  );
  if (known) return { name: known[0] };
  // The first server of the whole description is what the first one of tools.yaml stands for, whatever its URL is there.
  const [first] = spec.summary.servers;
  if (first && filled(first) === filled(described)) return { name: standard };
  const at = keyOf(tool.origin);
  if (url === undefined) {
    report(
      unusableServer({ at, operation: nameOf(operation), url: described.url, standard, origin: operation.origin }),
    );
    return { name: standard };
  }
  const name = serverName(url, Object.keys(entry.settings.servers));
  report(otherServer({ at, operation: nameOf(operation), url, name, origin: operation.origin }));
  return { name, own: { url } };
}

/** The URL with the defaults of its variables. */
function filled({ url, variables }: DescribedServer): string {
  return trimmed(url.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => variables[name] || whole));
}

/** T14: a server that nobody of ours named is https or nothing, and says no more than where it is. */
function usable(server: DescribedServer): string | undefined {
  const text = filled(server);
  if (/[{}?#]/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "https:" && url.username + url.password === "" ? trimmed(url.href) : undefined;
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}

/** A name that no two URLs share, nor one of tools.yaml: where the URL does not read back from it, it gets some of the URL's digest. */
function serverName(url: string, taken: readonly string[]): string {
  const place = url.replace(/^https:\/\//, "");
  const plain = place.replaceAll("/", "__").replaceAll(/[^a-z0-9_-]/g, "_");
  const name = /^[a-z]/.test(plain) ? plain : `at_${plain}`;
  const told = /^[a-z][a-z0-9.-]*(?:\/[a-z0-9-]+)*$/.test(place) && name.length <= 64 && !taken.includes(name);
  return told ? name : `${name.slice(0, 50)}_${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}
