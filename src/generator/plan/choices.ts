import type { Origin } from "../../diagnostics/diagnostic.ts";
import { unknownCredential, unknownPagination, unknownServer } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { within } from "../tools-file/origin.ts";
import type { RouteSettings } from "../tools-file/tool-schema.ts";
import type { Paging, ToolContext } from "./context.ts";

/** The server of a call: its own word, the tool's, the operation's, the first; undefined: there is none of that name. */
export function chooseServer(
  { entry, tool, report }: ToolContext,
  settings: Pick<RouteSettings, "server">,
  { origin, usual }: { readonly origin: Origin; readonly usual: string | undefined },
): string | undefined {
  const known = Object.keys(entry.settings.servers);
  const own = settings.server ?? tool.settings.server;
  const name = own ?? usual ?? known[0] ?? "";
  if (known.includes(name)) return name;
  const ofTool = within(settings.server === undefined ? tool.origin : origin, "server");
  const at = own === undefined && usual !== undefined ? within(entry.origin, "graphql", "server") : ofTool;
  report(unknownServer({ at, name, near: nearest(name, known).map((one) => ({ name: one })), known }));
  return undefined;
}

interface Chosen {
  readonly origin: Origin;
  /** Where the call goes, which must be a server that may see the credential; undefined: nothing is called, the credential alone is meant. */
  readonly server: string | undefined;
}

/** The credential of a call: the wanted one, or the first that its server may see. `none`: nothing of ours is sent. */
export function chooseCredential(
  { entry, tool, report }: ToolContext,
  settings: Pick<RouteSettings, "credential">,
  { origin, server }: Chosen,
): string | undefined {
  const credentials = entry.settings.credentials ?? {};
  const wanted = settings.credential ?? tool.settings.credential;
  if (wanted === "none") return "none";
  // A credential is for the servers of tools.yaml; a server that only the description names is none of them.
  const servers = Object.keys(entry.settings.servers);
  const usable = Object.keys(credentials).filter(
    (name) =>
      credentials[name]?.instead_of === undefined && // which is never named: it comes in the place of another
      (server === undefined || (credentials[name]?.servers ?? servers).includes(server)),
  );
  if (wanted === undefined) return usable[0] ?? "none";
  if (usable.includes(wanted)) return wanted;
  const at = within(settings.credential === undefined ? tool.origin : origin, "credential");
  report(
    unknownCredential({
      at,
      name: wanted,
      near: nearest(wanted, usable).map((one) => ({ name: one })),
      known: [...usable, "none"],
    }),
  );
  return undefined;
}

/** The rule of paging of a route: its own, the tool's, `none`; undefined when it names one that does not exist. */
export function choosePaging(
  { entry, tool, report }: ToolContext,
  settings: RouteSettings,
  origin: Origin,
): Paging | "none" | undefined {
  const wanted = settings.pagination ?? tool.settings.pagination;
  if (wanted === undefined || wanted === "none") return "none";
  const at = within(settings.pagination === undefined ? tool.origin : origin, "pagination");
  if (typeof wanted !== "string") return { rule: wanted, origin: at };
  const rules = entry.settings.pagination ?? {};
  const rule = Object.hasOwn(rules, wanted) ? rules[wanted] : undefined;
  if (rule) return { rule, origin: within(entry.origin, "pagination", wanted) };
  const known = Object.keys(rules);
  const near = nearest(wanted, known).map((name) => ({ name, at: within(entry.origin, "pagination", name) }));
  report(unknownPagination({ at, name: wanted, near, known }));
  return undefined;
}
