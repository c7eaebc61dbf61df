import {
  Kind,
  OperationTypeNode,
  validate,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import { invalidGraphql, notOneOperation } from "../../diagnostics/messages.ts";
import type { Report } from "../follow.ts";
import type { OperationEntry } from "../operation.ts";
import type { Resolved } from "../resolve-operation.ts";
import { checkedDocument, fragmentsOf, reachedFragments } from "./fragments.ts";
import { buildSchema } from "./build-schema.ts";
import { graphqlOperation } from "./graphql-operation.ts";
import { originOf, readDocument, readDocuments, type GraphqlDocument } from "./read-documents.ts";
import type { ScalarKind } from "./scalars.ts";

/** Where the GraphQL operations of an API are. */
export interface GraphqlOptions {
  /** Folder of `*.graphql` documents, relative to the project. */
  readonly documents: string;
  /** The vendor's schema (SDL), relative to the project. Absent: documents are not held against anything. */
  readonly schema?: string | undefined;
  /** What the vendor's own scalars are; those that are not named here may be anything. */
  readonly scalars?: Readonly<Record<string, ScalarKind>> | undefined;
  /** Path of the endpoint under its server, and that server's name in tools.yaml. */
  readonly path: string;
  readonly server?: string | undefined;
  /** The setting that says all this. */
  readonly at: Origin;
}

/** The GraphQL operations of an API, each already resolved. */
export interface LoadedGraphql {
  readonly operations: ReadonlyMap<OperationEntry, Resolved>;
  /** Project-relative paths of what was read. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** False: a file could not be read, so that nobody knows what is missing. */
  readonly complete: boolean;
}

/**
 * Reads GraphQL documents, one operation each, holds them against the schema if there is one, and hands them out as operations like those
 * of any other description: what goes over the wire is a POST whose body names the operation, its text and its variables.
 *
 * A document that only defines fragments is there for the others.
 *
 * @see https://spec.graphql.org/October2021/
 */
export async function loadGraphql(projectDir: string, options: GraphqlOptions): Promise<LoadedGraphql> {
  const { documents: folder, schema: schemaFile, scalars = {}, path, server, at } = options;
  const member = (name: string): Origin => ({ ...at, pointer: `${at.pointer}/${name}` });
  const read = await readDocuments(projectDir, folder, member("documents"));
  const vendor = schemaFile === undefined ? undefined : await readDocument(projectDir, schemaFile, member("schema"));
  const diagnostics = [...read.diagnostics, ...(vendor?.diagnostics ?? [])];
  const report: Report = (problem) => void diagnostics.push(problem);
  const [sdl] = vendor?.documents ?? [];
  const schema = sdl && buildSchema(sdl, report);
  const complete = diagnostics.length === 0;
  const documents = read.documents.filter(({ file }) => file !== sdl?.file);
  const shared = fragmentsOf(documents, report);
  const operations = new Map<OperationEntry, Resolved>();
  for (const document of complete ? documents : []) {
    const operation = onlyOperation(document, report);
    if (!operation) continue;
    const fragments = reachedFragments(operation, shared);
    if (schema) checkDocument(document, { operation, fragments, schema }, report);
    const resolved = graphqlOperation(operation, fragments, { file: document.file, path, schema, scalars }, report);
    const { origin, method, operationId, summary, tags } = resolved;
    const entry = { origin, method, path, operationId, summary, tags, ...(server !== undefined && { server }) };
    operations.set(entry, { operation: resolved, diagnostics: [] });
  }
  const files = [...documents.map(({ file }) => file), ...(schemaFile === undefined ? [] : [schemaFile])];
  return { operations, files, diagnostics, complete };
}

/** The operation of a document; undefined when it only has fragments, or is not one named query or mutation, which is reported. */
function onlyOperation({ file, node }: GraphqlDocument, report: Report): OperationDefinitionNode | undefined {
  const operations = node.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const foreign = node.definitions.find(
    ({ kind }) => kind !== Kind.OPERATION_DEFINITION && kind !== Kind.FRAGMENT_DEFINITION,
  );
  const [operation, second] = operations;
  const fault = (reason: string, offset: number): undefined =>
    report(notOneOperation({ at: { file, pointer: "", offset }, reason }));
  if (foreign) return fault("it defines types, which belong in the schema", foreign.loc?.start ?? 0);
  if (second) return fault("it has several operations", second.loc?.start ?? 0);
  if (!operation) return undefined;
  const offset = operation.loc?.start ?? 0;
  if (!operation.name) return fault("its operation has no name", offset);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    return fault("a subscription never ends, so it cannot be a tool", offset);
  return operation;
}

interface Checked {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly schema: GraphQLSchema;
}

const MOST_ERRORS = 20; // of one document; who has mended those sees the next

function checkDocument({ file }: GraphqlDocument, { operation, fragments, schema }: Checked, report: Report): void {
  const errors = validate(schema, checkedDocument(operation, fragments), undefined, { maxErrors: MOST_ERRORS });
  for (const error of errors) report(invalidGraphql({ at: originOf(error, file), reason: error.message }));
}
