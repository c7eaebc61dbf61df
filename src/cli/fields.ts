import type { ToolHead } from "../definition/tool.ts";
import { tokensFor } from "../generator/emit/sizes.ts";
import type { Deployment } from "../runtime/deployment.ts";
import { columns, paintOut, type Terminal } from "./terminal.ts";

/** The same deployment with a tool that shows everything the vendor answers: no projection, no cleaning. */
export function unprojected(deployment: Deployment, tool: string): Deployment {
  const { definition } = deployment.api;
  const load = definition.tools[tool];
  const whole = async () => {
    const module = (await load?.()) ?? {};
    return Object.fromEntries(
      Object.entries(module).map(([name, exported]) => {
        const { fields: _fields, project: _project, text: _text, ...result } = (exported as ToolHead).result ?? {}; // a tool module exports its tool
        return [name, { ...(exported as object), result: { ...result, keepNulls: true } }];
      }),
    );
  };
  return {
    ...deployment,
    api: { ...deployment.api, definition: { ...definition, tools: { ...definition.tools, [tool]: whole } } },
  };
}

/** What YAML takes for a text without quotes, in a flow list too. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|[yn])$)[A-Za-z_][\w.]*$/i;

interface Field {
  readonly path: string;
  bytes: number;
  seen: number;
}

/**
 * A table of what each field of an answer costs, the dearest first, and a `result.fields` that keeps those with something in them.
 *
 * @param value the answer of an {@link unprojected} tool: `{ items: [...] }` or one object.
 */
export function fieldTable(value: Readonly<Record<string, unknown>>, terminal: Terminal): string {
  const items = Array.isArray(value["items"]) ? (value["items"] as readonly unknown[]) : [value];
  const fields = new Map<string, Field>();
  for (const item of items) measure(item, "", fields);
  const whole = Buffer.byteLength(JSON.stringify(items));
  if (fields.size === 0) return `nothing to measure: the answer has ${items.length} items and no field`;
  const sorted = [...fields.values()].sort((a, b) => b.bytes - a.bytes);
  const rows = sorted.map(({ path, bytes, seen }) => [
    path,
    String(bytes).padStart(7),
    `${((100 * bytes) / whole).toFixed(1)} %`.padStart(7),
    seen === 0 ? "always null" : items.length > 1 ? `filled in ${seen} of ${items.length}` : "",
  ]);
  const kept = [...fields.values()]
    .filter(({ seen }) => seen > 0)
    .map(({ path }) => (PLAIN.test(path) ? path : JSON.stringify(path)));
  const style = paintOut(terminal);
  return [
    `${items.length} ${items.length === 1 ? "object" : "items"}, ${whole} bytes, about ${tokensFor(whole)} tokens`,
    "",
    columns([["field", "  bytes", "  share", ""].map((head) => style.dim(head)), ...rows]),
    "",
    style.dim("# for tools.yaml; take out what the model does not need"),
    `result: { fields: [${kept.join(", ")}] }`,
  ].join("\n");
}

/** Counts the bytes that each member adds; objects are opened one level, arrays of objects as `name[].member`. */
function measure(item: unknown, prefix: string, fields: Map<string, Field>): void {
  if (typeof item !== "object" || item === null) return;
  for (const [name, value] of Object.entries(item)) {
    const inner = Array.isArray(value)
      ? (value as readonly unknown[]).filter((entry) => typeof entry === "object" && entry !== null)
      : [];
    if (prefix === "" && inner.length > 0) {
      for (const entry of inner) measure(entry, `${name}[].`, fields);
      continue;
    }
    const path = `${prefix}${name}`;
    const field = fields.get(path) ?? { path, bytes: 0, seen: 0 };
    field.bytes += Buffer.byteLength(JSON.stringify({ [name]: value })) - 1; // without one brace, with the comma's place
    if (value !== null) field.seen += 1;
    fields.set(path, field);
  }
}
