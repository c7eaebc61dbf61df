import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { startDefinitions, type SharedDefinitions } from "./definitions.ts";
import type { Report } from "./follow.ts";
import { readRequestBody, readResponses } from "./media-types.ts";
import { child, children, emptyRecord, own, pointerTokens, textOf, wordsOf, type Node } from "./node.ts";
import type { Operation, OperationEntry } from "./operation.ts";
import { readParameters } from "./parameters.ts";
import { readSchema, type SchemaContext } from "./schema.ts";
import type { Documents, Spec } from "./spec.ts";

/** An operation with everything it refers to, and what was wrong on the way. */
export interface Resolved {
  readonly operation: Operation;
  readonly diagnostics: Diagnostic[];
}

const cache = new WeakMap<OperationEntry, Resolved>();
const definitionsOf = new WeakMap<Documents, SharedDefinitions>();

/**
 * Resolves one operation: parameters merged, references followed, schemas translated. Never changes the parsed files.
 * What the vendor got wrong is mended where the meaning is plain, with a warning, and left out where it is not.
 */
export function resolveOperation(spec: Spec, entry: OperationEntry): Resolved {
  const known = cache.get(entry);
  if (known) return known;
  const { documents } = spec.source;
  const shared: SharedDefinitions = definitionsOf.get(documents) ?? new Map();
  definitionsOf.set(documents, shared);
  const diagnostics = new Map<string, Diagnostic>();
  const report: Report = (diagnostic) => {
    const key = `${diagnostic.code} ${diagnostic.message}`; // a habit of the vendor is one problem, not fifty
    if (!diagnostics.has(key)) diagnostics.set(key, diagnostic);
  };
  const context: SchemaContext = { documents, definitions: startDefinitions(shared, report), report };
  const operation = readOperation(spec, entry, context);
  const resolved = { operation, diagnostics: [...diagnostics.values()] };
  cache.set(entry, resolved);
  return resolved;
}

function readOperation(spec: Spec, entry: OperationEntry, context: SchemaContext): Operation {
  const { documents, pathItems } = spec.source;
  const node = nodeAt(documents, entry.origin);
  const pathItem = nodeAt(documents, pathItems.get(entry) ?? entry.origin);
  const parameters = readParameters({ operation: node, pathItem, path: entry.path }, context);
  const requestBody = readRequestBody(node, context);
  const responses = readResponses(node, context);
  return {
    ...entry,
    description: textOf(node, "description"),
    deprecated: own(node.value, "deprecated") === true,
    parameters,
    requestBody,
    responses,
    security: readSecurity(node, documents),
    definitions: context.definitions.readAll((schema, report) => readSchema(schema, { ...context, report })), // last: the rest names them
  };
}

/** The operation's own requirements, an empty list included, or else those of the whole description. */
function readSecurity(operation: Node, documents: Documents): Operation["security"] {
  const whole = nodeAt(documents, { file: documents.main, pointer: "" });
  const written = Array.isArray(own(operation.value, "security")) ? operation : whole;
  return children(child(written, "security")).map(([, requirement]) => {
    const scopes = emptyRecord<readonly string[]>();
    for (const [scheme] of children(requirement)) scopes[scheme] = wordsOf(requirement, scheme);
    return scopes;
  });
}

function nodeAt(documents: Documents, { file, pointer }: Origin): Node {
  const root: Node = { value: documents.values.get(file), origin: { file, pointer: "" } };
  return pointerTokens(pointer).reduce(child, root);
}
