import type { Origin } from "../../diagnostics/diagnostic.ts";
import { operationAmbiguous, operationNotFound, unreachableRoute } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { findOperation } from "../../spec/find-operation.ts";
import type { OperationEntry } from "../../spec/operation.ts";
import { resolveOperation } from "../../spec/resolve-operation.ts";
import { within } from "../tools-file/origin.ts";
import type { RouteSettings } from "../tools-file/tool-schema.ts";
import { withEffect } from "./annotations.ts";
import { chooseCredential, choosePaging, chooseServer } from "./choices.ts";
import type { ApiContext, Route, ToolContext } from "./context.ts";
import { nameOf } from "./name-of.ts";
import { chooseOwnServer } from "./own-server.ts";
import { planUndescribed } from "./undescribed.ts";

/** The routes of a tool, its one `operation` among them as a route without a condition; undefined when one cannot be taken. */
export function planRoutes(context: ToolContext): readonly Route[] | undefined {
  const { tool } = context;
  const { operation, routes, request } = tool.settings;
  const listed = routes
    ? routes.map((settings, index) => planRoute(context, settings, within(tool.origin, "routes", index)))
    : [
        request || operation === undefined
          ? planUndescribed(context)
          : planRoute(context, { operation, when: context.step?.when }, tool.origin),
      ];
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
  const named = chooseServer(context, settings, { origin, usual: entry?.server });
  const pagination = choosePaging(context, settings, origin);
  const { operation, diagnostics = [] } = entry ? resolveOperation(spec, entry) : {};
  const isNamed = (settings.server ?? context.tool.settings.server) !== undefined;
  const { name: server, own } =
    operation && named !== undefined && !isNamed ? chooseOwnServer(context, operation, named) : { name: named };
  const credential = server === undefined ? undefined : chooseCredential(context, settings, { origin, server });
  if (!operation || server === undefined || credential === undefined || pagination === undefined) return undefined;
  for (const problem of diagnostics) report(problem);
  return {
    // What a check answers is how the credential stands, whatever the vendor says.
    operation: withEffect(context, context.tool.settings.action ? { ...operation, responses: [] } : operation),
    origin,
    when: settings.when === undefined ? [] : [settings.when].flat(),
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
    const path = reference.slice(reference.indexOf(" "));
    const samePath = byPath ? [...names.keys()].filter((name) => name.endsWith(path)) : []; // which method is meant nobody knows
    const meant = samePath.length > 0 ? samePath : nearest(reference, [...names.keys()]).slice(0, 1);
    const near = meant.map((name) => {
      const origin = names.get(name)?.origin ?? at;
      const whole = byPath || origin.offset !== undefined; // a GraphQL document has no members to point at
      return { name, at: whole ? origin : within(origin, "operationId") };
    });
    report(operationNotFound({ at, reference, file: spec.summary.file, near }));
  }
  return entry;
}
