import type { Origin } from "../../diagnostics/diagnostic.ts";
import {
  operationAmbiguous,
  operationNotFound,
  unknownCredential,
  unknownPagination,
  unknownServer,
  unreachableRoute,
} from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { findOperation } from "../../spec/find-operation.ts";
import type { OperationEntry } from "../../spec/operation.ts";
import { resolveOperation } from "../../spec/resolve-operation.ts";
import { within } from "../tools-file/origin.ts";
import type { RouteSettings } from "../tools-file/tool-schema.ts";
import { nameOf } from "./name-of.ts";
import { chooseOwnServer } from "./own-server.ts";
import type { ApiContext, Paging, Route, ToolContext } from "./context.ts";

/** The routes of a tool, its one `operation` among them as a route without a condition; undefined when one cannot be taken. */
export function planRoutes(context: ToolContext): readonly Route[] | undefined {
  const { tool } = context;
  const { operation, routes } = tool.settings;
  const listed = routes
    ? routes.map((settings, index) => planRoute(context, settings, within(tool.origin, "routes", index)))
    : [planRoute(context, { operation: operation ?? "" }, tool.origin)];
  const found = listed.filter((route) => route !== undefined);
  if (found.length < listed.length) return undefined;
  for (const [index, route] of found.entries()) {
    if (route.when.length === 0 && index < found.length - 1)
      context.report(unreachableRoute({ at: route.origin, route: nameOf(route.operation) }));
  }
  return found;
}

function planRoute(context: ToolContext, settings: RouteSettings, origin: Origin): Route | undefined {
  const { spec, report } = context;
  const entry = lookUpOperation(context, settings.operation, within(origin, "operation"));
  const named = chooseServer(context, settings, origin);
  const pagination = choosePaging(context, settings, origin);
  const { operation, diagnostics = [] } = entry ? resolveOperation(spec, entry) : {};
  const isNamed = (settings.server ?? context.tool.settings.server) !== undefined;
  const { name: server, own } =
    operation && named !== undefined && !isNamed ? chooseOwnServer(context, operation, named) : { name: named };
  const credential = server === undefined ? undefined : chooseCredential(context, settings, { origin, server });
  if (!operation || server === undefined || credential === undefined || pagination === undefined) return undefined;
  for (const problem of diagnostics) report(problem);
  return {
    operation,
    origin,
    when: typeof settings.when === "string" ? [settings.when] : (settings.when ?? []),
    pagination: pagination === "none" ? undefined : pagination,
    server,
    ...(own && { ownServer: own }),
    credential: credential === "none" ? undefined : credential,
  };
}

/** The one operation that a reference means; otherwise it is reported which ones come near. */
export function lookUpOperation(
  { spec, report }: ApiContext,
  reference: string,
  at: Origin,
): OperationEntry | undefined {
  const found = findOperation(spec, reference);
  if (found.length > 1) {
    report(
      operationAmbiguous({ at, reference, matches: found.map((entry) => ({ name: nameOf(entry), at: entry.origin })) }),
    );
    return undefined;
  }
  const [entry] = found;
  if (!entry) {
    const byPath = reference.includes(" ");
    const names = new Map(spec.entries.map((one) => [byPath ? nameOf(one) : (one.operationId ?? nameOf(one)), one]));
    const near = nearest(reference, [...names.keys()]).map((name) => {
      const origin = names.get(name)?.origin ?? at;
      return { name, at: byPath ? origin : within(origin, "operationId") };
    });
    report(operationNotFound({ at, reference, file: spec.summary.file, near }));
  }
  return entry;
}

function chooseServer(
  { entry, tool, report }: ToolContext,
  settings: RouteSettings,
  origin: Origin,
): string | undefined {
  const known = Object.keys(entry.settings.servers);
  const name = settings.server ?? tool.settings.server ?? known[0] ?? "";
  if (known.includes(name)) return name;
  const at = within(settings.server === undefined ? tool.origin : origin, "server");
  report(unknownServer({ at, name, near: nearest(name, known).map((one) => ({ name: one })), known }));
  return undefined;
}

interface Chosen {
  readonly origin: Origin;
  readonly server: string;
}

/** The credential of a call: the wanted one, or the first that its server may see. `none`: nothing of ours is sent. */
function chooseCredential(
  { entry, tool, report }: ToolContext,
  settings: RouteSettings,
  { origin, server }: Chosen,
): string | undefined {
  const credentials = entry.settings.credentials ?? {};
  const wanted = settings.credential ?? tool.settings.credential;
  if (wanted === "none") return "none";
  // A credential is for the servers of tools.yaml; a server that only the description names is none of them.
  const servers = Object.keys(entry.settings.servers);
  const usable = Object.keys(credentials).filter((name) => (credentials[name]?.servers ?? servers).includes(server));
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
function choosePaging(
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
