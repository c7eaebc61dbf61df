import { isSafe } from "../plan/annotations.ts";
import { titleOf } from "../plan/names.ts";
import type { ToolContext } from "../plan/context.ts";
import { within } from "../tools-file/origin.ts";
import { parameterOf } from "../tools-file/pagination-schema.ts";
import { proposeParameters } from "./arguments.ts";
import { describeTool } from "./describe-tool.ts";
import { chooseFields } from "./fields.ts";
import { plainText } from "./plain-text.ts";
import type { ProposedTool } from "./proposal.ts";
import type { Looked } from "./looked.ts";
import { referenceTo, type Rehearsal } from "./trial.ts";
import { isAdding, isReading } from "./verbs.ts";

/** What was decided of a tool before its own settings. */
export interface ToolOptions {
  readonly name: string;
  /** Name of its rule of paging. */
  readonly rule: string | undefined;
  /** Name of its credential, when it is not the first one. */
  readonly credential: string | undefined;
  readonly rehearsal: Rehearsal;
}

const READING = new Set(["get", "list", "search", "find", "query", "filter", "lookup", "count"]);
const SECRET = /token|session|key|secret|link|login|auth|password|lock|upload/;

/**
 * Whether an operation changes nothing: by its method, or because it is a question that is sent by POST.
 * A GET that is called after what it does, `/tickets/{id}/restore`, is no reading.
 */
export function readsOnly({ entry, verb, nouns }: Pick<Looked, "entry" | "verb" | "nouns">): boolean {
  if (isSafe(entry)) return isReading(verb);
  return (
    entry.method === "POST" && READING.has(verb) && !nouns.some(({ words }) => words.some((word) => SECRET.test(word)))
  );
}

/** Proposes the settings of one tool, as far as a trial accepts them; otherwise the reason why it can be none. */
export function proposeTool(
  one: Looked,
  { name, rule, credential, rehearsal }: ToolOptions,
): Pick<ProposedTool, "name" | "settings" | "remarks"> | { readonly reason: string } {
  const { operation, entry, list } = one;
  const words = describeTool(name, operation);
  const title = titleFor(name, operation.summary);
  const base = {
    ...(title !== undefined && { title }),
    description: words.text,
    operation: referenceTo(entry),
    ...(credential !== undefined && { credential }),
    ...annotationsFor(one),
  };
  const fields = chooseFields(list?.item);
  const result =
    rule === undefined
      ? undefined
      : { ...(list && !list.only && list.pointer !== "" && { items: list.pointer }), ...(fields && { fields }) };
  const settings = (pagination: string | undefined) => {
    const parameters = parametersFor(one, name, base, pagination !== undefined, { rehearsal, credential });
    return {
      ...base,
      ...(pagination !== undefined && { pagination }),
      ...(Object.keys(parameters).length > 0 && { parameters }),
      ...(pagination !== undefined && result && Object.keys(result).length > 0 && { result }),
    };
  };
  let trial = rehearsal.attempt({ name, settings: settings(rule) });
  if (rule !== undefined && ("reason" in trial || trial.droppedPaging))
    trial = rehearsal.attempt({ name, settings: settings(undefined) });
  if ("reason" in trial) return trial;
  const paging =
    "pagination" in trial.draft.settings ? undefined : one.paging.rule === undefined ? one.paging.remark : undefined;
  const remarks = [
    ...(operation.deprecated ? ["The vendor calls this deprecated."] : []),
    ...(words.dropped
      ? [
          "The vendor's description gives orders to whoever reads it; it is left out. Read it before you allow this tool.",
        ]
      : []),
    ...(paging === undefined ? [] : [`Paging: ${paging}.`]),
  ];
  return { name, settings: trial.draft.settings, remarks };
}

function parametersFor(
  one: Looked,
  name: string,
  settings: Readonly<Record<string, unknown>>,
  paged: boolean,
  { rehearsal: { api }, credential }: Pick<ToolOptions, "rehearsal" | "credential">,
) {
  const origin = within(api.entry.origin, "tools", name);
  const context: ToolContext = { ...api, report: () => {}, tool: { name, origin, settings } };
  const { page, offset, token, size } = one.paging.rule ?? {};
  const filled = new Set(
    [parameterOf(page), parameterOf(offset), parameterOf(token), size?.parameter].filter(
      (given) => given !== undefined,
    ),
  );
  const route = {
    operation: one.operation,
    origin,
    when: [],
    pagination: undefined,
    server: "api",
    credential:
      credential === "none" ? undefined : (credential ?? Object.keys(api.entry.settings.credentials ?? {})[0]),
  };
  return proposeParameters(context, route, { paged, filled: paged ? filled : new Set() });
}

/** A title is said only where the vendor spells what the name cannot: `List SMS messages`. */
function titleFor(name: string, summary: string): string | undefined {
  const said = plainText(summary).replaceAll(/\s+/g, " ").replace(/\.$/, "");
  const usual = titleOf(name);
  return said !== usual && said.toLowerCase() === usual.toLowerCase() && said.length <= 64 && /[A-Z]{2}/.test(said)
    ? said
    : undefined;
}

/** What the method does not say: a question sent by POST, a POST that only adds. */
function annotationsFor(one: Looked): Readonly<Record<string, unknown>> {
  if (isSafe(one.entry))
    return readsOnly(one)
      ? {}
      : {
          annotations: { readOnlyHint: false },
          because: "By its name it changes something, though it is asked by GET.",
        };
  if (readsOnly(one))
    return { annotations: { readOnlyHint: true }, because: "A question sent by POST: by its name it changes nothing." };
  return one.entry.method === "POST" && isAdding(one.verb) ? { annotations: { destructiveHint: false } } : {};
}
