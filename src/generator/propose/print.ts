import { Scalar, stringify } from "yaml";
import type { Proposal, ProposedTool } from "./proposal.ts";

/** The text of a proposal: an API of tools.yaml, and the file of its tools when they would drown the rest. */
export interface ProposalText {
  /** The API as a member of `apis:`, its name not indented. */
  readonly api: string;
  /** The tools, when they stand in a file of their own. */
  readonly tools: string | undefined;
}

const LONG = 60; // tools, commented out or not: more are kept out of the root file
const WIDTH = 150; // columns of a line of tools.yaml

/**
 * Writes a proposal as YAML with comments, as a person would: short things on one line, everything that may be a variable quoted.
 *
 * @param toolsFile Where the tools go if there are many of them.
 */
export function printProposal(proposal: Proposal, toolsFile: string): ProposalText {
  const apart = proposal.tools.length > LONG;
  const tools = printTools(proposal.tools, proposal);
  const api = [
    `${proposal.name}:`,
    ...indent([
      `title: ${inline(proposal.title)}`,
      ...(proposal.source === undefined ? [] : [comment(`From ${proposal.source}`)]),
      `spec: ${inline(proposal.spec)}`,
      ...printServer(proposal),
      ...printCredentials(proposal),
      ...printRules(proposal),
      ...(apart ? [`tools: ${inline(toolsFile)}`] : ["tools:", ...indent(tools)]),
    ]),
  ];
  return { api: `${api.join("\n")}\n`, tools: apart ? `${tools.join("\n")}\n` : undefined };
}

function printServer({ server }: Proposal): string[] {
  const others = server.others.slice(0, 5);
  return [
    "servers:",
    ...(others.length > 0 ? [`  ${comment(`The description also names ${others.join(", ")}`)}`] : []),
    `  api: ${inline({ url: server.url, ...(Object.keys(server.variables).length > 0 && { variables: server.variables }) })}`,
  ];
}

function printCredentials({ credentials, unanswered }: Proposal): string[] {
  const left = unanswered.slice(0, 5).join(", ");
  const asks = left === "" ? [] : [comment(`The description asks for ${left}, which no credential here answers`)];
  if (credentials.length === 0 && left !== "") return asks;
  if (credentials.length === 0)
    return [
      comment(
        'The description asks for no credential. If the vendor does: credentials: { key: { bearer: "${NAME}" } }',
      ),
    ];
  return [
    ...asks,
    "credentials:",
    ...credentials.flatMap(({ name, settings, remark }) => [
      ...(remark === undefined ? [] : [`  ${comment(`${name}: ${remark}`)}`]),
      `  ${name}: ${inline(settings)}`,
    ]),
  ];
}

function printRules({ pagination }: Proposal): string[] {
  const rules = Object.entries(pagination);
  return rules.length === 0 ? [] : ["pagination:", ...rules.map(([name, rule]) => `  ${name}: ${inline(rule)}`)];
}

function printTools(tools: readonly ProposedTool[], { unusable }: Proposal): string[] {
  const on = tools.filter((tool) => tool.on);
  const off = tools.filter((tool) => !tool.on);
  const lines = on.flatMap((tool) => [
    ...tool.remarks.map(comment),
    `${tool.name}:`,
    ...indent(printSettings(tool.settings)),
  ]);
  if (on.length === 0) lines.push("{} # remove this line with the first tool that you allow");
  if (off.length > 0) {
    lines.push(
      "",
      comment(
        `${on.length > 0 ? `The other ${counted(off.length)}` : counted(off.length)}. To allow one, remove the \`# \` before it and run \`toolwright generate\`.`,
      ),
    );
    lines.push(
      ...off.flatMap((tool) => [
        ...tool.remarks.map((text) => comment(`  (${text})`)),
        `# ${tool.name}: ${inline(tool.settings)}`,
      ]),
    );
  }
  if (unusable.length > 0) {
    lines.push("", comment(`${counted(unusable.length)} cannot be made a tool yet:`));
    lines.push(...unusable.map(({ entry, reason }) => comment(`  ${entry.method} ${entry.path}: ${reason}`)));
  }
  return lines;
}

/** The settings of a tool, one a line. */
function printSettings(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    if (key === "description" || typeof value === "string") return block({ [key]: value });
    const line = `${key}: ${inline(value)}`;
    return line.length <= WIDTH ? [line] : block({ [key]: value });
  });
}

function block(value: unknown): string[] {
  return stringify(quoted(value), { lineWidth: 0, schema: "core", defaultStringType: "PLAIN" }).trimEnd().split("\n");
}

/** The same value with every text quoted that {@link isPlain} does not let stand as it is. */
function quoted(value: unknown): unknown {
  if (typeof value === "string") {
    const scalar = new Scalar(value);
    if (!isPlain(value)) scalar.type = Scalar.QUOTE_DOUBLE;
    return scalar;
  }
  if (Array.isArray(value)) return value.map(quoted);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, member]) => [quoted(key), quoted(member)]));
}

/** A value on one line, in flow style, spaced as people write it: `{ items: /tickets, fields: [id, subject] }`. */
function inline(value: unknown): string {
  if (typeof value === "string") return isPlain(value) && !/[,[\]]/.test(value) ? value : quote(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${inline(key)}: ${inline(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Whether a text needs no quotes in any YAML: braces, variables, numbers, and words that some readers take for something else do. */
function isPlain(text: string): boolean {
  if (/^(?:y|n|yes|no|on|off|null|true|false)$/i.test(text)) return false;
  return /^[A-Za-z/](?:[^\p{C}\p{Zl}\p{Zp}{}$#"`\\:]|:(?=\S))*$/u.test(text) && !/\s$/.test(text);
}

/** A JSON string is a double-quoted one of YAML; line separators are escaped for those who would break the line. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u0085\u2028\u2029\u007f-\u009f]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function counted(operations: number): string {
  return operations === 1 ? "1 operation" : `${operations} operations`;
}

/** One line that begins with `#`, whatever a vendor's text holds. */
function comment(text: string): string {
  return `# ${text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trimEnd()}`;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
