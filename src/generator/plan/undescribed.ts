import type { Body, Parameters, Request } from "../../definition/request.ts";
import type { ExpressionText } from "../../definition/template.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidSetting } from "../../diagnostics/messages.ts";
import type { Operation } from "../../spec/operation.ts";
import type { RequestSettings } from "../tools-file/call-schema.ts";
import { within } from "../tools-file/origin.ts";
import type { JsonValue } from "../tools-file/parameter-schema.ts";
import { withEffect } from "./annotations.ts";
import { chooseCredential, chooseServer } from "./choices.ts";
import type { Route, ToolContext } from "./context.ts";
import { bindingTemplate } from "./fillings.ts";

/** A request that tools.yaml writes out, or an action of a credential, as a route of an operation that nobody described. */
export function planUndescribed(context: ToolContext): Route | undefined {
  const { tool, step } = context;
  const { request, action } = tool.settings;
  const when = step?.when === undefined ? [] : [step.when].flat();
  const about = { origin: tool.origin, when, pagination: undefined };
  if (action !== undefined) {
    const credential = chooseCredential(context, {}, { origin: tool.origin, server: undefined });
    if (credential === undefined) return undefined;
    const reads = action === "check" || action === "reload";
    const operation = { ...UNDESCRIBED, origin: tool.origin, ...(reads && { effect: "read" as const }) };
    return { ...about, operation, server: "", credential, undescribed: { action: { credential, action } } };
  }
  if (!request) return undefined;
  const origin = within(tool.origin, "request");
  const server = chooseServer(context, request, { origin, usual: undefined });
  if (server === undefined || !checkPlace(context, request, { origin, server })) return undefined;
  const credential =
    request.url === undefined ? chooseCredential(context, {}, { origin: tool.origin, server }) : "none";
  if (credential === undefined) return undefined;
  const { method, path = "" } = request;
  return {
    ...about,
    operation: withEffect(context, { ...UNDESCRIBED, origin, method, path }),
    server,
    credential: credential === "none" ? undefined : credential,
    undescribed: { request },
  };
}

const UNDESCRIBED: Operation = {
  origin: { file: "", pointer: "" },
  method: "POST",
  path: "",
  operationId: undefined,
  summary: "",
  description: "",
  tags: [],
  deprecated: false,
  parameters: [],
  requestBody: undefined,
  responses: [],
  security: [],
  servers: [],
  definitions: {},
};

/** A path goes to a server of the vendor, a URL of an answer to hosts that are named for it. */
function checkPlace(
  { entry, report }: ToolContext,
  { url }: RequestSettings,
  { origin, server }: { readonly origin: Origin; readonly server: string },
): boolean {
  const foreign = entry.settings.servers[server]?.hosts !== undefined;
  if (foreign === (url !== undefined)) return true;
  const expected = foreign ? `a \`url\`: the server "${server}" has \`hosts\`` : "a server with `hosts`";
  const got = foreign ? "a path" : `"${server}", which has a URL of its own`;
  const example = foreign ? "url: $steps.urls.outputs.url" : 'storage: { hosts: ["*.acme.com"] }';
  report(
    invalidSetting({
      at: within(origin, foreign ? "path" : "url"),
      problem: { kind: "wrong value", expected, got, example },
    }),
  );
  return false;
}

/** The request that tools.yaml writes out. */
export function planWrittenRequest({ server, credential }: Route, settings: RequestSettings): Request {
  const { method, path = "", url, path_parameters, query, header, cookie, body, content_type: contentType } = settings;
  return {
    method,
    path,
    server,
    ...(url !== undefined && { url: url as ExpressionText }), // the grammar lets only `$…` through
    ...(credential !== undefined && { credential }),
    ...(path_parameters && { pathParameters: templatesOf(path_parameters) }),
    ...(query && { query: templatesOf(query) }),
    ...(header && { header: templatesOf(header) }),
    ...(cookie && { cookie: templatesOf(cookie) }),
    ...(body !== undefined && {
      body: { ...(contentType !== undefined && { contentType }), payload: bindingTemplate(body) } satisfies Body,
    }),
  };
}

/** A mapping as the value of a parameter would be taken for a value with its style. */
function templatesOf(values: Readonly<Record<string, JsonValue>>): Parameters {
  const entries = Object.entries(values).map(([name, value]) => {
    const template = bindingTemplate(value);
    return [name, typeof template === "object" && template !== null ? { value: template } : template] as const;
  });
  return Object.fromEntries(entries);
}
