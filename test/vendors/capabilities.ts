import type { Credential, LocatedServer, Session } from "../../src/definition/api.ts";
import { effectOf } from "../../src/definition/call.ts";
import { orderOf } from "../../src/runtime/call/step-order.ts";
import type { VendorApi, VendorTool } from "./project.ts";

/** What a vendor can ask of the generator and the runtime, and how it is seen in what was generated. */
export const CAPABILITIES: Readonly<Record<string, (api: VendorApi) => boolean>> = {
  // Steps
  "several steps": some(({ steps }) => steps.length > 1),
  "a step that several tools share": ({ tools }) => {
    const all = tools.flatMap(({ definition }) => ("steps" in definition ? definition.steps : []));
    return new Set(all).size < all.length;
  },
  "a step that is skipped by a condition": some(
    ({ steps, calls }) => steps.length > 1 && calls.some(({ when }) => when !== undefined),
  ),
  "a row that is looked up": output("equals"),
  "an output in another shape": output("project"),
  "a step that ends the tool": some(({ steps }) => steps.some(({ stop }) => stop !== undefined)),
  "an answer that is kept": some(({ calls }) => calls.some(({ cacheSeconds = 0 }) => cacheSeconds > 0)),
  "reads side by side": some(({ steps }) => {
    const order = orderOf(steps).map(String);
    return steps.some(
      (step, index) =>
        order.indexOf(order[index] ?? "") < index && step.calls.every((call) => effectOf(call) === "read"),
    );
  }),
  "an answer made of several steps": some(({ definition }) => typeof definition.result?.value === "object"),
  // GraphQL
  "a GraphQL query": graphql("query "),
  "a GraphQL mutation": graphql("mutation "),
  "errors within a 200": ({ definition }) =>
    located(definition.servers).some(({ successCriteria = [] }) => successCriteria.length > 0),
  "a refused token told by a pattern": ({ definition }) =>
    located(definition.servers).some(({ unauthorizedCriteria = [] }) =>
      unauthorizedCriteria.some((one) => typeof one !== "string"),
    ),
  // Arguments and constants
  "a constant of the path": constant("pathParameters"),
  "a constant of the query": constant("query"),
  "a constant of a header": constant("header"),
  "a constant of the body": some(({ requests }) =>
    requests.some(({ body }) =>
      members(body?.payload).some((value) => ["number", "boolean"].includes(typeof value) || isPlainText(value)),
    ),
  ),
  "several tools on one operation": ({ tools }) => {
    const operations = tools.flatMap(({ requests }) => [
      ...new Set(requests.map(({ method, path, body }) => `${method} ${path} ${String(members(body?.payload)[0])}`)),
    ]);
    return new Set(operations).size < operations.length;
  },
  "a body in an array": some(({ requests }) => requests.some(({ body }) => Array.isArray(body?.payload))),
  "a dynamic map": some(({ shown }) => {
    const { properties = {} } = shown.inputSchema as {
      properties?: Record<string, { additionalProperties?: unknown }>;
    }; // the root of an input schema
    return Object.values(properties).some(
      ({ additionalProperties }) => additionalProperties !== undefined && additionalProperties !== false,
    );
  }),
  // Custom functions: what belongs to a tenant is a variable
  "a report of the tenant": custom(
    (text, tool) =>
      text.includes('"pathParameters"') && tool.calls.some(({ pagination }) => pagination?.filter && pagination.sort),
  ),
  "an automation of the tenant": custom((_, tool) =>
    tool.requests.some(({ method, pathParameters }) => method === "POST" && text(pathParameters).includes("$env.")),
  ),
  "a template of the tenant": custom((_, tool) => tool.requests.some(({ body }) => text(body).includes("$env."))),
  "a search of the tenant": custom((_, tool) => tool.requests.some(({ query }) => text(query).includes("$env."))),
  // Credentials
  "several headers at once, one new each time": credential(
    (one) => "headers" in one && Object.keys(one.headers).length > 1 && text(one.headers).includes("{$uuid}"),
  ),
  "OAuth 2, authorization code": credential((one) => "oauth2" in one && one.oauth2.grant === "authorization_code"),
  "OAuth 2, client credentials": credential((one) => "oauth2" in one && one.oauth2.grant === "client_credentials"),
  "a session that is begun and renewed": session(
    ({ establish, refresh }) => establish.length > 1 && refresh.length > 0,
  ),
  "a session with cookies": session(({ cookies }) => cookies === true),
  "a session out of the environment or a file": session(
    ({ seed, configFile }) => Object.keys(seed).length > 0 && configFile !== undefined,
  ),
  "one credential for several servers, and not for all": ({ definition: { servers, credentials = {} } }) =>
    Object.values(credentials).some(
      (one) => one.servers.length > 1 && one.servers.length < Object.keys(servers).length,
    ),
  ...Object.fromEntries(
    (["establish", "refresh", "check", "reload"] as const).map((action) => [
      `the tool that can ${action} a credential`,
      some(({ calls }) => calls.some(({ request }) => "action" in request && request.action === action)),
    ]),
  ),
  // Files
  "an upload in a form": some(
    ({ requests, shown }) =>
      requests.some(({ body }) => text(body?.contentType).includes("multipart/")) &&
      text(shown.inputSchema).includes('"base64"'),
  ),
  "an upload as base64": some(({ requests }) => requests.some(({ body }) => text(body).includes("#/base64"))),
  "an upload to a presigned URL": some(({ requests }) =>
    requests.some(({ url, body }) => url !== undefined && text(body).includes("#/bytes")),
  ),
  // People
  "a person who is asked": some(({ definition }) => definition.confirm === true),
};

function some(has: (tool: VendorTool) => boolean) {
  return ({ tools }: VendorApi) => tools.some(has);
}

function output(kind: "equals" | "project") {
  return some(({ steps }) =>
    steps.some(({ outputs = {} }) => Object.values(outputs).some((one) => typeof one === "object" && kind in one)),
  );
}

function graphql(kind: string) {
  return some(({ requests }) =>
    requests.some(({ body }) =>
      members(body?.payload).some((value) => typeof value === "string" && value.startsWith(kind)),
    ),
  );
}

function constant(place: "pathParameters" | "query" | "header") {
  return some(({ requests }) =>
    requests.some((request) => members(request[place]).some((value) => typeof value !== "object" && isConstant(value))),
  );
}

function custom(has: (definition: string, tool: VendorTool) => unknown) {
  return ({ definition: { needs = {} }, tools }: VendorApi) =>
    tools.some((tool) => Object.hasOwn(needs, tool.shown.name) && Boolean(has(text(tool.definition), tool)));
}

function credential(has: (one: Credential) => boolean) {
  return ({ definition: { credentials = {} } }: VendorApi) => Object.values(credentials).some(has);
}

function session(has: (one: Session) => boolean) {
  return credential((one) => "session" in one && one.session !== undefined && has(one.session));
}

function located(servers: VendorApi["definition"]["servers"]): readonly LocatedServer[] {
  return Object.values(servers).filter((server) => "url" in server);
}

/** Values of an object, or of the one in a list; of anything else none. */
function members(value: unknown): readonly unknown[] {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? Object.values(one) : [];
}

function isConstant(value: unknown): boolean {
  return typeof value !== "string" || isPlainText(value);
}

function isPlainText(value: unknown): boolean {
  return (
    typeof value === "string" &&
    !value.startsWith("$") &&
    !/^(query|mutation)\b/.test(value) &&
    /^[\w .-]+$/.test(value)
  );
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
