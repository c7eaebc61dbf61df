import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { findOperation } from "../../spec/find-operation.ts";
import type { Operation, OperationEntry } from "../../spec/operation.ts";
import { resolveOperation } from "../../spec/resolve-operation.ts";
import type { Spec } from "../../spec/spec.ts";
import { nameOf } from "../plan/name-of.ts";
import type { ApiContext, ToolContext } from "../plan/context.ts";
import { planTool } from "../plan/plan-tool.ts";
import { operationsNamedBy } from "../plan/units.ts";
import { isMeant, listSources, settingsOf, type Source } from "../plan/sources.ts";
import type { ApiEntry, ToolEntry } from "../tools-file/tools-file.ts";
import type { Change, Weight } from "./change.ts";
import { compareContract, type Sides } from "./compare-contract.ts";
import { compareSchemas } from "./compare-schemas.ts";

/** The description that is in use and the newer one. */
export interface Descriptions {
  readonly entry: ApiEntry;
  readonly before: Spec;
  readonly after: Spec;
}

/** What a newer description changes for one tool. */
export function compareTool(tool: ToolEntry, { entry, before, after }: Descriptions): Change[] {
  const uses = operationsNamedBy(entry, tool);
  const references = uses.map(({ reference }) => reference);
  const changes = uses.flatMap(({ step, reference }, index) => {
    if (!step.step && references.indexOf(reference) < index) return []; // two routes of one operation

    const [old] = findOperation(before, reference);
    const [fresh] = findOperation(after, reference);
    if (!old) return []; // broken already: `generate` tells of it
    if (!fresh) return [goneOperation(tool, old, after)];
    const sides = { old: resolveOperation(before, old).operation, fresh: resolveOperation(after, fresh).operation };
    const context: ApiContext = { entry, spec: before, report: () => {} };
    const own: ToolContext = { ...context, tool: step.tool, ...(step.step && { step: step.step }) };
    return [...compareArguments(own, sides), ...compareContract(tool, sides, { before, after })];
  });
  // An operation that is gone explains everything else that planning would stumble over.
  const gone = references.some(
    (one) => findOperation(before, one).length > 0 && findOperation(after, one).length === 0,
  );
  return gone ? changes : [...planProblems(tool, { entry, before, after }), ...changes];
}

function goneOperation(tool: ToolEntry, old: OperationEntry, after: Spec): Change {
  const moved =
    old.operationId === undefined
      ? undefined
      : after.entries.find(({ operationId }) => operationId === old.operationId);
  return {
    weight: "breaking",
    tool: tool.name,
    message: `${nameOf(old)} is gone`,
    before: old.origin,
    after: moved?.origin,
    fix: moved
      ? `write \`operation: ${nameOf(moved)}\`, which has the same operationId`
      : `remove the tool, or find what replaces it with \`toolwright operations ${after.summary.file}\``,
  };
}

/** What `generate` would refuse with the newer description and takes with the older one: fields, items and paging that are gone. */
function planProblems(tool: ToolEntry, { entry, before, after }: Descriptions): Change[] {
  const errorsWith = (spec: Spec): Diagnostic[] => {
    const problems: Diagnostic[] = [];
    planTool({ entry, spec, tool, report: (problem) => void problems.push(problem) });
    return problems.filter(({ severity }) => severity === "error");
  };
  const known = new Set(errorsWith(before).map(({ code, message }) => `${code} ${message}`));
  return errorsWith(after)
    .filter(({ code, message }) => !known.has(`${code} ${message}`))
    .map(({ message, at, help }): Change => ({
      weight: "breaking",
      tool: tool.name,
      message,
      before: at,
      after: undefined,
      fix: help,
    }));
}

function compareArguments(context: ToolContext, { old, fresh }: Sides): Change[] {
  const { tool } = context;
  const sources = (operation: Operation): Map<string, Source> => {
    const route = {
      operation,
      origin: tool.origin,
      when: [],
      pagination: undefined,
      server: "",
      credential: undefined,
    };
    return new Map(listSources(context, route).all.map((source) => [`${source.in}.${source.name}`, source]));
  };
  const [were, are] = [sources(old), sources(fresh)];
  const change = (
    weight: Weight,
    message: string,
    [before, after]: readonly (Source | undefined)[],
    fix: string,
  ): Change => ({
    weight,
    tool: tool.name,
    message,
    before: before?.origin ?? old.origin,
    after: after?.origin ?? fresh.origin,
    fix,
  });
  const again = "run `toolwright generate` with the newer description";
  const changes: Change[] = [];
  for (const [key, source] of were) {
    const other = are.get(key);
    const { hide, value, default: standard, rename } = settingsOf(context, source);
    const name = `\`${rename ?? source.name}\``;
    const sent = hide !== true || value !== undefined;
    if (!sent || !isAllowed(context, source)) {
      if (other?.required && !source.required)
        changes.push(
          change(
            "breaking",
            `${name} is required now, and nothing sends it`,
            [source, other],
            `allow ${name}, or give it a constant with \`hide: true\` and \`value:\``,
          ),
        );
      continue;
    }
    if (!other) {
      changes.push(
        change(
          "breaking",
          `the argument ${name} is gone`,
          [source, undefined],
          isNamed(tool, source) ? `remove what tools.yaml says of ${name}, then ${again}` : again,
        ),
      );
      continue;
    }
    if (other.required && !source.required && standard === undefined && value === undefined)
      changes.push(
        change(
          "breaking",
          `the argument ${name} is required now`,
          [source, other],
          `give it a \`default:\`, or ${again}`,
        ),
      );
    if (!other.required && source.required)
      changes.push(change("additive", `the argument ${name} is optional now`, [source, other], again));
    const { narrowed, widened } = compareSchemas(
      { schema: source.schema, definitions: old.definitions },
      { schema: other.schema, definitions: fresh.definitions },
    );
    for (const what of narrowed)
      changes.push(change("breaking", `the argument ${name} ${what}`, [source, other], again));
    for (const what of widened)
      changes.push(change("additive", `the argument ${name} ${what}`, [source, other], again));
    if (source.description !== other.description)
      changes.push(change("wording", `the argument ${name} is described in other words`, [source, other], again));
  }
  for (const [key, source] of are) {
    if (were.has(key)) continue;
    const listed = tool.settings.arguments !== undefined || context.step !== undefined;
    if (source.required)
      changes.push(
        change(
          "breaking",
          `the argument \`${source.name}\` is new and required`,
          [undefined, source],
          listed ? `add \`${source.name}\` to \`arguments:\`` : again,
        ),
      );
    else
      changes.push(
        change(
          "additive",
          `the argument \`${source.name}\` is new`,
          [undefined, source],
          listed ? `add \`${source.name}\` to \`arguments:\` to allow it` : again,
        ),
      );
  }
  return changes;
}

/** Whether `arguments:` lets a source through, or a step asks for it; what paging fills counts as let through. */
function isAllowed({ tool, step }: ToolContext, source: Source): boolean {
  const wanted = tool.settings.arguments;
  if (!wanted && step) return source.required || isNamed(tool, source);
  return !wanted || source.in === "path" || wanted.some((key) => isMeant(key, source));
}

/** Whether tools.yaml says something of a source by its name. */
function isNamed({ settings }: ToolEntry, source: Source): boolean {
  const keys = [...(settings.arguments ?? []), ...Object.keys(settings.parameters ?? {})];
  return keys.some((key) => isMeant(key, source));
}
