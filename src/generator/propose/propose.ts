import type { Operation, OperationEntry } from "../../spec/operation.ts";
import type { Spec } from "../../spec/spec.ts";
import { titleOf } from "../plan/names.ts";
import { proposeCredentials, proposeServer, type ProposedCredential, unansweredSchemes } from "./access.ts";
import { proposeName, proposeTitle, titleFor } from "./api-name.ts";
import { lookAtAll } from "./look.ts";
import { nameRules } from "./paging-rules.ts";
import type { Proposal, ProposedTool, ProposeOptions } from "./proposal.ts";
import { proposeTool, readsOnly } from "./propose-tool.ts";
import { chooseMostUseful } from "./score.ts";
import { referenceTo, rehearse } from "./trial.ts";
import { uniqueNames } from "./unique-names.ts";

/**
 * Proposes what tools.yaml says of an API: names, words, arguments, paging, ways in, and which operations to allow first.
 * Every tool of it was planned for trial; what cannot be a tool is said, with the reason.
 */
export function propose(spec: Spec, options: ProposeOptions): Proposal {
  const { summary } = spec;
  const name = options.name ?? proposeName(titleFor(summary));
  const title = proposeTitle(titleFor(summary)) || titleOf(name);
  const looked = lookAtAll(spec);
  const names = uniqueNames(
    looked.map(({ verb, names: wanted, nouns, operation }) => ({
      verb,
      names: wanted,
      pathLength: nouns.length,
      path: operation.path,
    })),
  );
  const server = proposeServer(summary, name, options.source);
  const operations = looked.map(({ operation }) => operation);
  const choices = proposeCredentials(summary.securitySchemes, operations, name);
  const first = choices.find((one) => one.name === options.credential) ?? choices[0];
  const paging = nameRules(looked.map((one) => one.paging));
  const credentials = first ? [first, ...choices.filter((one) => one !== first)] : [];
  const rehearsal = rehearse(spec, {
    spec: options.spec,
    servers: {
      api: { url: server.url, ...(Object.keys(server.variables).length > 0 && { variables: server.variables }) },
    },
    ...(credentials.length > 0 && {
      credentials: Object.fromEntries(credentials.map((one) => [one.name, one.settings])),
    }),
    ...(Object.keys(paging.rules).length > 0 && { pagination: paging.rules }),
  });
  const unusable: { entry: OperationEntry; reason: string }[] = [];
  const drafts = looked.map((one, index) => {
    const drafted = proposeTool(one, {
      name: names[index] ?? "",
      rule: paging.nameOf(one.paging),
      credential: credentialFor(one.operation, credentials),
      rehearsal,
    });
    if ("reason" in drafted)
      unusable.push({ entry: one.entry, reason: drafted.reason.replace(`${referenceTo(one.entry)} `, "it ") });
    return drafted;
  });
  const usable = (index: number): boolean => {
    const one = looked[index];
    const draft = drafts[index];
    return one !== undefined && draft !== undefined && !("reason" in draft) && (!options.readOnly || readsOnly(one));
  };
  const on = options.all ? new Set([...looked.keys()].filter(usable)) : chooseMostUseful(looked, usable);
  const tools = drafts.flatMap((draft, index): ProposedTool[] => {
    const one = looked[index];
    return !one || "reason" in draft ? [] : [{ ...draft, entry: one.entry, on: on.has(index), reads: readsOnly(one) }];
  });
  const used = new Set(tools.map(({ settings }) => settings["pagination"]));
  return {
    name,
    title,
    spec: options.spec,
    source: options.source,
    server,
    credentials: credentials.filter(
      (one) => one === first || tools.some(({ settings }) => settings["credential"] === one.name),
    ),
    unanswered: unansweredSchemes(summary.securitySchemes, operations, choices),
    choices,
    pagination: Object.fromEntries(Object.entries(paging.rules).filter(([rule]) => used.has(rule))),
    tools,
    unusable,
  };
}

/** The credential that an operation needs said: undefined when the first one serves it, `none` when it wants none. */
function credentialFor({ security }: Operation, [first, ...others]: readonly ProposedCredential[]): string | undefined {
  if (!first) return undefined;
  const alternatives = security.map((schemes) => Object.keys(schemes).sort().join(" "));
  if (alternatives.length === 0) return first.uses > 0 && others.length + first.schemes.length > 0 ? "none" : undefined;
  if (alternatives.includes(first.schemes.join(" "))) return undefined;
  const other = others.find(({ schemes }) => alternatives.includes(schemes.join(" ")));
  // `{}` among the alternatives: it does without (OAS 3.1.1 §4.8.2, `security`), and what it does not ask for is not shown.
  return other?.name ?? (alternatives.includes("") ? "none" : undefined);
}
