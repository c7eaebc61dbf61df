import type { Deployment } from "../runtime/deployment.ts";
import type { ServedApi, Withheld } from "../runtime/load/narrow.ts";
import { columns, paint, type Terminal } from "./terminal.ts";

/** What a client's log, or a person who tries it in a terminal, sees once a server listens on standard input. */
export function stdioNotice(apis: readonly ServedApi[]): string {
  const served = apis.map(({ deployment, tools, withheld }) => {
    const { title } = deployment.api.definition;
    const place = standInOf(deployment);
    const what = place === undefined ? title : `SANDBOX, a stand-in for ${title} with invented data, at ${place}`;
    return `${what}: ${tools.length} tools${withheld.length > 0 ? ` (not served: ${withheldText(withheld)})` : ""}`;
  });
  return `${served.join("; ")}; waiting for an MCP client on standard input`;
}

/** What a person sees once an HTTP server listens: what it is, where it is, what to paste, what to ask. */
export function banner(apis: readonly ServedApi[], urls: Readonly<Record<string, string>>, terminal: Terminal): string {
  const style = paint(terminal);
  const only = apis.length === 1;
  const blocks = apis.map(({ deployment, tools, withheld }) => {
    const { name, title, examples = [] } = deployment.api.definition;
    const local = only ? (urls[name] ?? "").replace(/\/[^/]*$/, "") : (urls[name] ?? "");
    const url = publicUrlOf(deployment, local);
    const place = standInOf(deployment);
    const heading =
      place !== undefined
        ? `${style.yellow("SANDBOX")}  ${style.bold(title)}, ${tools.length} tools on a stand-in with invented data; nothing reaches the real ${title}`
        : `${style.green("LIVE")}  ${style.bold(title)}, ${tools.length} tools`;
    const rows = [
      ["MCP URL", style.cyan(url)],
      ["Claude Code", `claude mcp add --transport http ${name} ${url}${headerOf(deployment)}`],
      ...(url === local ? [] : [["Listens at", local]]),
      ...accessRows(deployment),
      ...(examples[0] ? [["Try", `"${examples[0].ask}"`]] : []),
      ...(place === undefined ? [] : [["Stand-in", style.cyan(place)]]),
      ...(withheld.length > 0 ? [["Not served", withheldText(withheld)]] : []),
    ];
    return `${heading}\n\n${columns(rows)
      .split("\n")
      .map((line) => `  ${line}`)
      .join("\n")}`;
  });
  return `\n${blocks.join("\n\n")}\n\n  Ctrl+C stops it.\n`;
}

/** Base URL of the stand-in for an API's first server, for curl and scripts; undefined when calls go to the vendor. */
function standInOf({ mode, servers }: Deployment): string | undefined {
  return mode === "sandbox" ? Object.values(servers)[0]?.href : undefined;
}

/** `CF_a (set ACME_REPORT), CF_b (set ACME_BOOK)` */
function withheldText(withheld: readonly Withheld[]): string {
  return withheld.map(({ tool, variables }) => `${tool} (set ${variables.join(", ")})`).join(", ");
}

/** Where clients come in from elsewhere: the operator's public URL, with the endpoint's path. */
function publicUrlOf({ access }: Deployment, local: string): string {
  const base = access && access.mode !== "env" ? access.publicUrl : undefined;
  return base === undefined ? local : `${base.href.replace(/\/$/, "")}${new URL(local).pathname}`;
}

/** What a caller adds who brings a key. */
function headerOf({ access, api }: Deployment): string {
  const header = access?.mode === "api-key-passthrough" ? api.definition.access?.apiKey?.header : undefined;
  return header === undefined ? "" : ` --header "${header}: <your key>"`;
}

function accessRows({ access }: Deployment): readonly (readonly string[])[] {
  if (!access || access.mode === "env") return [];
  const upstream = access.mode === "oauth-resource-server" ? `, upstream ${access.upstream}` : "";
  return [["Access", `${access.mode}${upstream}`]];
}
