import type { ServedApi } from "../runtime/load/narrow.ts";
import type { Deployment } from "../runtime/deployment.ts";
import { columns, paint, type Terminal } from "./terminal.ts";

/** What a client's log, or a person who tries it in a terminal, sees once a server listens on standard input. */
export function stdioNotice(apis: readonly ServedApi[]): string {
  const served = apis.map(({ deployment, tools }) => {
    const { title } = deployment.api.definition;
    const what = deployment.mode === "sandbox" ? `SANDBOX, a stand-in for ${title} with invented data` : title;
    return `${what}: ${tools.length} tools`;
  });
  return `${served.join("; ")}; waiting for an MCP client on standard input`;
}

/** What a person sees once an HTTP server listens: what it is, where it is, what to paste, what to ask. */
export function banner(apis: readonly ServedApi[], urls: Readonly<Record<string, string>>, terminal: Terminal): string {
  const style = paint(terminal);
  const only = apis.length === 1;
  const blocks = apis.map(({ deployment, tools }) => {
    const { name, title, examples = [] } = deployment.api.definition;
    const local = only ? (urls[name] ?? "").replace(/\/[^/]*$/, "") : (urls[name] ?? "");
    const url = publicUrlOf(deployment, local);
    const sandbox = deployment.mode === "sandbox";
    const heading = sandbox
      ? `${style.yellow("SANDBOX")}  ${style.bold(title)}, ${tools.length} tools on a stand-in with invented data; nothing reaches the real ${title}`
      : `${style.green("LIVE")}  ${style.bold(title)}, ${tools.length} tools`;
    const rows = [
      ["MCP URL", style.cyan(url)],
      ["Claude Code", `claude mcp add --transport http ${name} ${url}${headerOf(deployment)}`],
      ...accessRows(deployment),
      ...(examples[0] ? [["Try", `"${examples[0].ask}"`]] : []),
    ];
    return `${heading}\n\n${columns(rows)
      .split("\n")
      .map((line) => `  ${line}`)
      .join("\n")}`;
  });
  return `\n${blocks.join("\n\n")}\n\n  Ctrl+C stops it.\n`;
}

/** Where clients come in from elsewhere: the operator's public URL, with the endpoint's path. */
function publicUrlOf({ access }: Deployment, local: string): string {
  const base = access && access.mode !== "env" ? access.publicUrl : undefined;
  return base === undefined ? local : `${base.href.replace(/\/$/, "")}${new URL(local).pathname}`;
}

/** What a caller adds who brings a key. */
function headerOf({ access }: Deployment): string {
  return access?.mode === "api-key-passthrough" ? ` --header "${access.header}: <your key>"` : "";
}

function accessRows({ access }: Deployment): readonly (readonly string[])[] {
  if (!access || access.mode === "env") return [];
  const upstream = access.mode === "oauth-resource-server" ? `, upstream ${access.upstream}` : "";
  return [["Access", `${access.mode}${upstream}`]];
}
