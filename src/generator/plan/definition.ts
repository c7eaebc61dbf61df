import type { Credential, Limits, Server } from "../../definition/api.ts";
import type { ExpressionText } from "../../definition/template.ts";
import { invalidSetting, longInstructions, unknownServer } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import type { CredentialSettings } from "../tools-file/api-schema.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { templateOf, variablesIn } from "../tools-file/variables.ts";
import type { ApiContext } from "./context.ts";
import { cleanText } from "./describe.ts";
import { titleOf } from "./names.ts";
import { lookUpOperation } from "./routes.ts";
import { sentPath } from "./sent-path.ts";
import type { ApiPlan } from "./tool-plan.ts";

const LONG_INSTRUCTIONS = 2048; // characters; hosts show about as many

/** Decides what the tools of an API share, but for the examples, which need the tools. */
export function planDefinition(context: ApiContext): Omit<ApiPlan["definition"], "examples"> {
  const { entry, report } = context;
  const { settings } = entry;
  const instructions = settings.instructions === undefined ? undefined : cleanText(settings.instructions);
  if (instructions !== undefined && instructions.length > LONG_INSTRUCTIONS) {
    report(
      longInstructions({
        at: within(entry.origin, "instructions"),
        length: instructions.length,
        most: LONG_INSTRUCTIONS,
      }),
    );
  }
  const limits = settings.limits && planLimits(context, settings.limits);
  const identity = settings.identity && mapValues(settings.identity, identityTemplate);
  return {
    title: settings.title === undefined ? titleOf(entry.name) : cleanText(settings.title),
    servers: planServers(context),
    ...(settings.credentials && { credentials: planCredentials(context, settings.credentials) }),
    ...(limits && { limits }),
    ...(instructions !== undefined && instructions !== "" && { instructions }),
    ...(identity && { identity }),
  };
}

/** Servers by name. A `${NAME}` within a URL becomes one of the URL's own variables. */
function planServers(context: ApiContext): Record<string, Server> {
  return mapEntries(context.entry.settings.servers, (name, { url, variables = {} }): Server => {
    const spelled = url.replaceAll(/\$\{([A-Z][A-Z0-9_]*)(?::-[^{}]*)?\}/g, (_, variable: string) => `{${variable}}`);
    const own = variablesIn(url).map(({ name: variable, fallback }) => [
      variable,
      `$env.${variable}${fallback === undefined ? "" : `:-${fallback}`}`,
    ]);
    const all = { ...Object.fromEntries(own), ...mapValues(variables, templateOf) } as Record<string, string>; // entries of two texts
    checkUrl(context, name, { url: spelled, variables: Object.keys(all) });
    return { url: spelled, ...(Object.keys(all).length > 0 && { variables: all }) };
  });
}

/** T14: a server is where tools.yaml says, over TLS unless it is this machine, and every variable of it is accounted for. */
function checkUrl(
  { entry, report }: ApiContext,
  name: string,
  { url, variables }: { url: string; variables: readonly string[] },
): void {
  const at = within(entry.origin, "servers", name, "url");
  for (const [, variable = ""] of url.matchAll(/\{([^{}]*)\}/g)) {
    if (variables.includes(variable)) continue;
    const example = `variables: { ${variable}: "\${${variable.toUpperCase().replaceAll(/\W/g, "_")}}" }`;
    report(invalidSetting({ at, problem: { kind: "missing key", key: variable, example } }));
  }
  if (/^\{[^{}]*\}/.test(url)) return; // the variable brings the scheme: the runtime checks it
  const parsed = tryUrl(url.replaceAll(/\{[^{}]*\}/g, "x"));
  const loopback = parsed !== undefined && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(parsed.hostname);
  const safe =
    parsed !== undefined &&
    parsed.username === "" &&
    (parsed.protocol === "https:" || (parsed.protocol === "http:" && loopback));
  if (safe) return;
  report(
    invalidSetting({
      at,
      problem: { kind: "wrong value", expected: "an https URL", got: `"${url}"`, example: "https://api.acme.com/v1" },
    }),
  );
}

function tryUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function planCredentials(
  { entry, report }: ApiContext,
  credentials: Readonly<Record<string, CredentialSettings>>,
): Record<string, Credential> {
  const known = Object.keys(entry.settings.servers);
  return mapEntries(credentials, (name, settings): Credential => {
    const { basic, bearer, headers, query, servers = known } = settings;
    for (const [index, server] of servers.entries()) {
      if (known.includes(server)) continue;
      const at = within(entry.origin, "credentials", name, "servers", index);
      report(unknownServer({ at, name: server, near: nearest(server, known).map((one) => ({ name: one })), known }));
    }
    if (basic)
      return { servers, basic: { username: templateOf(basic.username), password: templateOf(basic.password) } };
    if (bearer !== undefined) return { servers, bearer: templateOf(bearer) };
    if (headers) return { servers, headers: mapValues(headers, templateOf) };
    return { servers, query: mapValues(query ?? {}, templateOf) };
  });
}

function planLimits(context: ApiContext, settings: NonNullable<ApiContext["entry"]["settings"]["limits"]>): Limits {
  const { calls, upstream, operations = {}, headers, source } = settings;
  const byOperation = Object.entries(operations).flatMap(([reference, limits]) => {
    const at = keyOf(within(context.entry.origin, "limits", "operations", reference));
    const operation = lookUpOperation(context, reference, at);
    // Requests are counted by what is sent.
    return operation ? [[`${operation.method} ${sentPath(operation.path).path}`, listOf(limits)] as const] : [];
  });
  const { remaining, cost } = headers ?? {};
  return {
    ...(calls !== undefined && { calls: listOf(calls) }),
    ...(upstream !== undefined && { upstream: listOf(upstream) }),
    ...(byOperation.length > 0 && { operations: Object.fromEntries(byOperation) }),
    ...(source !== undefined && { source: cleanText(source) }),
    ...(headers && { headers: { ...(remaining !== undefined && { remaining }), ...(cost !== undefined && { cost }) } }),
  };
}

function listOf(limits: string | readonly string[]): string[] {
  return (typeof limits === "string" ? [limits] : limits).map(templateOf);
}

/** Identities are always filled in when the server runs. */
function identityTemplate(text: string): ExpressionText {
  return templateOf(text) as ExpressionText; // the grammar lets only one variable through
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return mapEntries(record, (_, value) => change(value));
}

function mapEntries<From, To>(
  record: Readonly<Record<string, From>>,
  change: (name: string, value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}
