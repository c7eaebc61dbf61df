import type { LocatedServer, Server } from "../../definition/api.ts";
import type { Criterion } from "../../definition/call.ts";
import { invalidSetting } from "../../diagnostics/messages.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { within } from "../tools-file/origin.ts";
import { templateOf, variablesIn } from "../tools-file/variables.ts";
import type { ApiContext, Report } from "./context.ts";

/** GraphQL tells of errors within a 200 (GraphQL October 2021 §7.1.2): without this, a failure would be an empty answer. */
const GRAPHQL_SUCCESS = ["!$response.body#/errors/0"];

/** Servers by name. A `${NAME}` within a URL becomes one of the URL's own variables. */
export function planServers({ entry, report }: ApiContext): Record<string, Server> {
  const { graphql } = entry.settings;
  const ofGraphql = graphql && (graphql.server ?? Object.keys(entry.settings.servers)[0]);
  const servers = Object.entries(entry.settings.servers).map(([name, settings]): [string, Server] => {
    const usual = name === ofGraphql ? GRAPHQL_SUCCESS : undefined;
    const { url = "", hosts, variables = {}, success_criteria = usual, unauthorized_criteria } = settings;
    if (hosts) return [name, { hosts: hosts.map((host) => host.toLowerCase()) }];
    const located = locatedAt(url, variables);
    const known = Object.keys(located.variables ?? {});
    checkUrl(report, located.url, { at: within(entry.origin, "servers", name, "url"), known, addVariable: true });
    return [
      name,
      {
        ...located,
        ...(success_criteria && { successCriteria: success_criteria as Criterion[] }), // the grammar checked the expressions
        ...(unauthorized_criteria && { unauthorizedCriteria: unauthorized_criteria as Criterion[] }),
      },
    ];
  });
  return Object.fromEntries(servers);
}

function locatedAt(url: string, variables: Readonly<Record<string, string>>): LocatedServer {
  const spelled = url.replaceAll(/\$\{([A-Z][A-Z0-9_]*)(?::-[^{}]*)?\}/g, (_, variable: string) => `{${variable}}`);
  const own = variablesIn(url).map(({ name, fallback }) => [
    name,
    `$env.${name}${fallback === undefined ? "" : `:-${fallback}`}`,
  ]);
  const given = Object.entries(variables).map(([name, text]) => [name, templateOf(text)]);
  const all = Object.fromEntries([...own, ...given]) as Record<string, string>; // entries of two texts
  return { url: spelled, ...(Object.keys(all).length > 0 && { variables: all }) };
}

/** Where a URL stands, and the `{variables}` that have a value. */
interface Place {
  readonly at: Origin;
  readonly known: readonly string[];
  /** The value of a missing variable belongs beside the URL; otherwise with a server. */
  readonly addVariable: boolean;
}

/** T14: requests go where tools.yaml says, over TLS unless it is this machine, and every variable of a URL is accounted for. */
export function checkUrl(report: Report, url: string, { at, known, addVariable }: Place): void {
  for (const [, variable = ""] of url.matchAll(/\{([^{}$]*)\}/g)) {
    if (known.includes(variable)) continue;
    const value = `${variable}: "\${${variable.toUpperCase().replaceAll(/\W/g, "_")}}"`;
    report(
      invalidSetting({
        at,
        problem: addVariable
          ? { kind: "missing key", key: variable, example: `variables: { ${value} }` }
          : { kind: "wrong value", expected: "a variable of a server", got: `{${variable}}`, example: "/oauth/token" },
      }),
    );
  }
  if (/^\{[^{}]*\}/.test(url)) return; // the variable brings the scheme: the runtime checks it
  const spelled = url.replaceAll(/:\{[^{}]*\}(?=\/|$)/g, ":1").replaceAll(/\{[^{}]*\}/g, "x"); // a port is a number
  const parsed = URL.canParse(spelled) ? new URL(spelled) : undefined;
  const loopback = parsed !== undefined && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(parsed.hostname);
  const safe =
    parsed !== undefined &&
    parsed.username === "" &&
    (parsed.protocol === "https:" || (parsed.protocol === "http:" && loopback));
  if (safe) return;
  const example = "https://api.acme.com/v1";
  report(invalidSetting({ at, problem: { kind: "wrong value", expected: "an https URL", got: `"${url}"`, example } }));
}
