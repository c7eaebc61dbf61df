import { posix } from "node:path";
import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { duplicateOperationId } from "../diagnostics/messages.ts";
import { diagnoseFile } from "./file-problem.ts";
import type { Report } from "./follow.ts";
import type { GraphqlOptions } from "./graphql/load-graphql.ts";
import { identify } from "./identify.ts";
import { indexOperations } from "./index-operations.ts";
import { loadDocuments } from "./load-documents.ts";
import type { OperationEntry } from "./operation.ts";
import { applyOverlays, type OverlayFile } from "./overlay/apply-overlays.ts";
import { relocate } from "./overlay/patches.ts";
import { readProjectFile } from "./read-file.ts";
import type { Spec, SpecSource } from "./spec.ts";
import { summarize } from "./summarize.ts";

/** Where a description is and who names it. */
export interface LoadOptions {
  readonly projectDir: string;
  /** Relative to the project folder. Absent: the API has GraphQL documents and nothing else. */
  readonly file?: string;
  /** The setting that names the file: what is wrong with the file as a whole is reported there. */
  readonly at: Origin;
  /** Overlays that mend the description before anything else looks at it, in this order. */
  readonly overlays?: readonly OverlayFile[];
  /** GraphQL documents, whose operations stand beside those of the description. */
  readonly graphql?: GraphqlOptions;
}

/** What loading came to. */
export interface LoadedSpec {
  readonly spec: Spec | undefined;
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads a description, Swagger 2.0 or OpenAPI 3.0 to 3.2, YAML or JSON, in one file or several, applies its overlays and lists its
 * operations. Resolves none of them: that is {@link resolveOperation}'s, one by one. Operations of GraphQL documents come after them.
 */
export async function loadSpec(options: LoadOptions): Promise<LoadedSpec> {
  const { file, graphql } = options;
  const described = file === undefined ? undefined : await loadDescription(options, posix.normalize(file));
  if (!graphql) return described ?? { spec: undefined, diagnostics: [] };
  const { loadGraphql } = await import("./graphql/load-graphql.ts"); // its parser takes 40 ms: only for those who need it
  const loaded = await loadGraphql(options.projectDir, graphql);
  const diagnostics = [...(described?.diagnostics ?? []), ...loaded.diagnostics];
  const base = described ? described.spec : graphqlAlone(graphql);
  // What a file that cannot be read would have held is not missed tool by tool.
  if (!base || !loaded.complete) return { spec: undefined, diagnostics };
  const entries = [...base.entries, ...loaded.operations.keys()];
  diagnostics.push(...sharedWithGraphql(base, loaded.operations.keys()));
  const source = { ...base.source, graphql: loaded.operations };
  return { spec: { ...base, entries, files: [...base.files, ...loaded.files], source }, diagnostics };
}

/** A newer description beside the GraphQL documents of the one before, which it says nothing of. */
export function withGraphqlOf(spec: Spec, before: Spec): Spec {
  const { graphql } = before.source;
  return { ...spec, entries: [...spec.entries, ...graphql.keys()], source: { ...spec.source, graphql } };
}

/** An API whose documents are all that is known of it. */
function graphqlAlone({ documents: file }: GraphqlOptions): Spec {
  const documents = { main: file, values: new Map<string, unknown>(), problems: new Map(), identifiers: undefined };
  return {
    summary: { file, format: "graphql", title: "", version: "", servers: [], securitySchemes: [] },
    entries: [],
    files: [],
    source: { documents, text: undefined, pathItems: new Map(), patches: undefined, graphql: new Map() },
  };
}

/** A GraphQL operation that is called like another operation of the API. */
function sharedWithGraphql({ entries }: Spec, operations: Iterable<OperationEntry>): Diagnostic[] {
  const byId = new Map(entries.map((entry) => [entry.operationId, entry]));
  const problems: Diagnostic[] = [];
  for (const entry of operations) {
    const { operationId = "", origin, method, path } = entry;
    const first = byId.get(operationId);
    byId.set(operationId, first ?? entry);
    if (!first) continue;
    problems.push(
      duplicateOperationId({ at: origin, operationId, operation: `${method} ${path}`, first: first.origin }),
    );
  }
  return problems;
}

async function loadDescription(options: LoadOptions, file: string): Promise<LoadedSpec> {
  const { projectDir, at, overlays = [] } = options;
  const content = await readProjectFile(projectDir, file); // normalized, as references to it will spell it
  if ("problem" in content) return { spec: undefined, diagnostics: [diagnoseFile(content.problem, { file, at })] };
  const identity = identify(content.text, { file, at });
  if ("diagnostic" in identity) return { spec: undefined, diagnostics: [identity.diagnostic] };

  const { format } = identity;
  const {
    value,
    files,
    patches,
    diagnostics: ofOverlays,
  } = await applyOverlays(overlays, { projectDir, file, value: identity.value });
  const identifiers = format === "openapi-3.1" || format === "openapi-3.2";
  const text = overlays.length === 0 ? content.text : undefined;
  const documents = await loadDocuments(projectDir, file, { value, text, identifiers });
  const diagnostics = [...ofOverlays];
  // What cannot be read here is left out; a tool that needs it fails by itself, so that nobody else has to.
  const report: Report = (diagnostic) =>
    void diagnostics.push(relocate({ ...diagnostic, severity: "warning" }, { file, patches }));
  const { entries, pathItems } = indexOperations(documents, format, report);
  const summary = summarize(documents, format, report);
  const source: SpecSource = { documents, text: content.text, pathItems, patches, graphql: new Map() };
  return { spec: { summary, entries, files: [...documents.values.keys(), ...files], source }, diagnostics };
}
