import type { Operation, OperationEntry } from "../../spec/operation.ts";
import { resolveOperation } from "../../spec/resolve-operation.ts";
import type { Spec } from "../../spec/spec.ts";
import { answerOf, isList, propertyNames } from "../plan/answer-schema.ts";
import { titleOf } from "../plan/names.ts";
import { proposeCredentials, proposeServer, type ProposedCredential, unansweredSchemes } from "./access.ts";
import { listOf } from "./answer.ts";
import { proposeName, proposeTitle, titleFor } from "./api-name.ts";
import type { Looked } from "./looked.ts";
import { nameOperation } from "./name-operation.ts";
import { findPaging } from "./paging.ts";
import { idObject } from "./name-text.ts";
import { nameRules } from "./paging-rules.ts";
import { commonPrefix, endsInOne, nounsOf, withoutPrefix, type PathNoun } from "./path.ts";
import { plainText } from "./plain-text.ts";
import type { Proposal, ProposedTool, ProposeOptions } from "./proposal.ts";
import { proposeTool, readsOnly } from "./propose-tool.ts";
import { chooseMostUseful } from "./score.ts";
import { referenceTo, rehearse } from "./trial.ts";
import { uniqueNames } from "./unique-names.ts";
import { isOnlyVerb } from "./verbs.ts";
import { wordsOf } from "./words.ts";

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
    looked.map((one) => ({
      verb: one.verb,
      names: one.names,
      pathLength: one.nouns.length,
      path: one.operation.path,
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

function lookAtAll(spec: Spec): Looked[] {
  const paths = spec.entries.map((entry) => resolveOperation(spec, entry).operation.path);
  const prefix = commonPrefix(paths);
  const common = commonBeginning(paths, prefix);
  const patched = new Set(spec.entries.filter(({ method }) => method === "PATCH").map(({ path }) => path));
  return spec.entries.map((entry): Looked => {
    const { operation } = resolveOperation(spec, entry);
    const short = withoutPrefix(operation.path, prefix, common);
    const written = ofCaller(nounsOf(short), operation.summary);
    const chosen = choosesOnly(operation, written)
      ? [...written.slice(0, -1), { ...last(written), parameter: undefined }]
      : written;
    const nouns = ofNamed(chosen, operation);
    const found = listOf(operation, nouns.at(-1)?.words ?? []);
    const asks = entry.method === "GET" || entry.method === "POST" || entry.method === "QUERY";
    const paging = asks ? findPaging(operation, found) : { rule: undefined, remark: undefined };
    const positioned = paging.rule !== undefined && paging.kind !== "whole";
    // One thing that holds a list of something is no list, unless it is read page by page.
    const list = found && asks && (positioned || found.pointer === "" || !endsInOne(nouns)) ? found : undefined;
    const answer = answerOf(operation);
    const known = answer !== undefined && (isList(answer) || propertyNames(answer).length > 0);
    const candidates = nameOperation({
      method: entry.method,
      path: operation.path,
      nouns,
      summary: plainText(operation.summary || operation.description.split(/(?<=\.)\s/)[0] || ""),
      operationId: entry.operationId,
      list: known ? list !== undefined : undefined,
      replaces: entry.method === "PUT" && patched.has(entry.path),
    });
    const reads = list !== undefined && readsOnly({ entry, nouns, verb: candidates.verb });
    return {
      entry,
      operation,
      nouns,
      list: reads ? list : undefined,
      paging: reads ? paging : { rule: undefined, remark: undefined },
      ...candidates,
    };
  });
}

/** `/user/repos` of an API where that is who calls: my repos. */
function ofCaller(nouns: readonly PathNoun[], summary: string): readonly PathNoun[] {
  const [first, ...rest] = nouns;
  const own =
    first?.words.join() === "user" &&
    first.parameter === undefined &&
    /\b(?:authenticated|current|logged[- ]in|calling) user\b/i.test(summary);
  const me = { words: ["me"], parameter: undefined };
  return own ? [...(rest.length === 0 ? [first] : []), me, ...rest] : nouns;
}

/** `/boards/{id}/cards/{filter}` answers a list: what it ends in says which, and is no thing. */
function choosesOnly(operation: Operation, nouns: readonly PathNoun[]): boolean {
  const answer = answerOf(operation);
  const { parameter = "" } = nouns.at(-1) ?? {};
  return (
    /^(?:filter|type|kind|status|state|scope|view|mode|category|period)$/i.test(parameter) &&
    answer !== undefined &&
    isList(answer)
  );
}

function last(nouns: readonly PathNoun[]): PathNoun {
  return nouns.at(-1) ?? { words: [], parameter: undefined };
}

/** Parameters that hold the name of anything. */
const ANY = /^(?:[a-z_]+\.)?(?:name|parent|resource|id|scope|uri|value|target)(?:_\d+)?$/i;

/** A path such as `/v1/{parent}/books` or `/v1/{name}:cancel` does not say what its first parameter is; the operationId may. */
function ofNamed(nouns: readonly PathNoun[], { path, operationId }: Operation): readonly PathNoun[] {
  const [first, ...rest] = nouns;
  if (first?.parameter === undefined || !ANY.test(first.parameter)) return nouns;
  if (first.words.length > 0 && first.words.join("") !== wordsOf(first.parameter).join("")) return nouns;
  const [act = ""] = last(rest).words;
  const acts = rest.length === 1 && (isOnlyVerb(act) || /\}:[^/]*$/.test(path));
  if (rest.length > 0 && !acts) return rest;
  const words = idObject(operationId, acts);
  return words.length === 0 ? nouns : [{ ...first, words }, ...rest];
}

/** The beginning that most paths share, written without the names of parameters. */
function commonBeginning(paths: readonly string[], length: number): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const key = path
      .split("/")
      .slice(1, length + 1)
      .join("/")
      .replaceAll(/\{[^{}]*\}/g, "{}");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "";
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
