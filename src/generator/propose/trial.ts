import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { OperationEntry } from "../../spec/operation.ts";
import type { Spec } from "../../spec/spec.ts";
import type { ApiContext } from "../plan/context.ts";
import { planTool } from "../plan/plan-tool.ts";
import { apiWithoutTools } from "../tools-file/api-schema.ts";
import { tool as toolSchema } from "../tools-file/tool-schema.ts";
import type { ToolEntry } from "../tools-file/tools-file.ts";

/** A tool as it would stand in tools.yaml. */
export interface Draft {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a trial came to: the draft that can be planned, with what was taken off it, or why there is none. */
export type Trial = { readonly draft: Draft; readonly droppedPaging: boolean } | { readonly reason: string };

/** Plans proposed tools for trial, so that nothing is proposed that `generate` would refuse. */
export interface Rehearsal {
  readonly api: ApiContext;
  /** @param paged Whether the draft without its paging may be tried too. */
  readonly attempt: (draft: Draft) => Trial;
}

/** Sets up trials under the API's own settings. */
export function rehearse(spec: Spec, api: Readonly<Record<string, unknown>>): Rehearsal {
  const problems: Diagnostic[] = [];
  const origin = { file: "tools.yaml", pointer: "/apis/api" };
  const context: ApiContext = {
    spec,
    report: (problem) => void problems.push(problem),
    entry: {
      name: "api",
      origin,
      settings: apiWithoutTools.parse(api),
      tools: [],
      brokenTools: [],
      toolsOrigin: { file: "tools.yaml", pointer: "/apis/api/tools" },
      files: ["tools.yaml"],
    },
  };
  const errorsOf = (draft: Draft): readonly string[] => {
    problems.length = 0;
    const settings = toolSchema.safeParse(draft.settings);
    if (!settings.success) return settings.error.issues.map(({ message }) => message);
    const entry: ToolEntry = {
      name: draft.name,
      origin: { file: "tools.yaml", pointer: "/apis/api/tools/tool" },
      settings: settings.data,
    };
    const planned = planTool({ ...context, tool: entry });
    const errors = problems.filter(({ severity }) => severity === "error").map(({ message }) => message);
    return errors.length > 0 || planned ? errors : ["it cannot be planned"];
  };
  const attempt = (draft: Draft): Trial => {
    let errors: readonly string[] = [];
    for (const candidate of reductions(draft)) {
      errors = errorsOf(candidate);
      if (errors.length === 0)
        return {
          draft: candidate,
          droppedPaging: "pagination" in draft.settings && !("pagination" in candidate.settings),
        };
    }
    return { reason: errors[0] ?? "" };
  };
  return { api: context, attempt };
}

/** A draft, then the same without what may be wrong about the vendor's answer. */
function reductions(draft: Draft): Draft[] {
  const { result: _, ...withoutResult } = draft.settings;
  const { pagination: __, ...plain } = withoutResult;
  const { items } = (draft.settings["result"] ?? {}) as { readonly items?: unknown }; // ours
  const kept = items === undefined ? withoutResult : { ...withoutResult, result: { items } };
  const tried = [
    draft.settings,
    ...("result" in draft.settings ? [kept] : []),
    ...("pagination" in draft.settings ? [plain] : []),
  ];
  // An operation may have a server of its own, which no credential of the API may be shown to (T14).
  const bare = tried.map(({ credential: ___, ...settings }) => settings);
  return [...tried, ...("credential" in draft.settings ? bare : [])].map((settings) => ({ ...draft, settings }));
}

/** What a reference of tools.yaml to an operation looks like. */
export function referenceTo({ method, path }: Pick<OperationEntry, "method" | "path">): string {
  return `${method} ${path}`;
}
