import type { ProposedCredential } from "../../generator/propose/access.ts";
import type { Proposal, ProposedTool } from "../../generator/propose/proposal.ts";
import { variablesIn } from "../../generator/tools-file/variables.ts";
import type { Spec } from "../../spec/spec.ts";
import { columns, paint, type Terminal } from "../terminal.ts";

/** What a report is about, besides the proposal. */
export interface Reported {
  readonly spec: Spec;
  readonly files: readonly string[];
  /** The project's folder, when it is not the current one. */
  readonly directory: string | undefined;
  readonly terminal: Terminal;
  /** Mistakes of the description that were mended while reading it. */
  readonly problems: number;
}

/** Tells what was found, what was written and what to do next. */
export function report(proposal: Proposal, { spec, files, directory, terminal, problems }: Reported): string {
  const style = paint(terminal);
  const { summary, entries } = spec;
  const on = proposal.tools.filter((tool) => tool.on);
  const writing = on.filter(({ reads }) => !reads).length;
  const rules = Object.keys(proposal.pagination);
  const missing = [...new Set(variablesOf(proposal))];
  const found = columns([
    [
      "  operations",
      `${entries.length}${proposal.unusable.length > 0 ? `, ${proposal.unusable.length} of them cannot be tools yet` : ""}`,
    ],
    [
      "  allowed",
      `${on.length} (${on.length - writing} read, ${writing} write)${on.length < proposal.tools.length ? `, ${proposal.tools.length - on.length} more are listed and commented out` : ""}`,
    ],
    ["  server", proposal.server.url],
    ["  credential", proposal.credentials.map(tellCredential).join("; ") || "none: the description asks for none"],
    ["  paging", rules.length > 0 ? rules.join(", ") : "none found"],
    ...(problems > 0
      ? [["  mended", `${problems} mistakes of the description; \`toolwright generate\` shows them`]]
      : []),
  ]);
  const first = on.find(isEasy) ?? on[0];
  const steps = [
    ...(directory === undefined ? [] : [`cd ${directory}`]),
    "toolwright generate",
    `toolwright tools ${proposal.name}`,
    first && isEasy(first) ? `toolwright call ${first.name} --dry-run` : `toolwright serve ${proposal.name} --http`,
  ];
  return [
    `${style.bold(proposal.title)} ${summary.version} (${summary.format})`,
    found,
    "",
    `wrote ${files.join(", ")}`,
    ...(missing.length > 0 ? [`set   ${missing.join(", ")} (in .env, or in the environment)`] : []),
    "",
    style.bold("next"),
    ...steps.map((line) => `  ${style.cyan(line)}`),
  ].join("\n");
}

/** A way in, on one line: `token: bearer, ACME_TOKEN`. */
export function tellCredential({ name, settings, remark }: ProposedCredential): string {
  const [kind = ""] = Object.keys(settings);
  const names = [...new Set(variablesIn(JSON.stringify(settings)).map((variable) => variable.name))];
  const how =
    kind === "headers"
      ? `header ${Object.keys(Object(settings["headers"])).join(" and ")}`
      : kind === "query"
        ? `query parameter ${Object.keys(Object(settings["query"])).join(" and ")}`
        : kind;
  return `${name}: ${how}, ${names.join(" and ")}${remark === undefined ? "" : ` (${remark})`}`;
}

/** A tool that can be called without being told anything. */
function isEasy({ reads, entry, settings }: ProposedTool): boolean {
  return reads && !entry.path.includes("{") && settings["pagination"] !== undefined;
}

function variablesOf({ server, credentials }: Proposal): string[] {
  const text = JSON.stringify([server.url, server.variables, credentials.map(({ settings }) => settings)]);
  return variablesIn(text).flatMap(({ name, fallback }) => (fallback === undefined ? [name] : []));
}
