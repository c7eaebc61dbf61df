import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { openCircles } from "./circles.ts";
import { foreignPath } from "../diagnostics/messages.ts";
import { startDefinitions, type SharedDefinitions } from "./definitions.ts";
import type { Report } from "./follow.ts";
import { describedNames, listsAuthorization, type ParameterLists } from "./list-parameters.ts";
import { readRequestBody, readResponses } from "./media-types.ts";
import { child, children, emptyRecord, nodeAt, own, textOf, wordsOf, type Node } from "./node.ts";
import type { Operation, OperationEntry } from "./operation.ts";
import { relocate } from "./overlay/patches.ts";
import { readParameters } from "./parameters.ts";
import { type DescribedNames, isPlain, readPathTemplate } from "./path-template.ts";
import { readSchema, type SchemaContext } from "./schema.ts";
import { readServers } from "./servers.ts";
import type { Documents, Spec } from "./spec.ts";
import { readSwaggerCall } from "./swagger/call.ts";

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
  const known = cache.get(entry) ?? spec.source.graphql.get(entry);
  if (known) return known;
  const { documents } = spec.source;
  const shared: SharedDefinitions = definitionsOf.get(documents) ?? { read: new Map(), wanted: new Map() };
  definitionsOf.set(documents, shared);
  const diagnostics = new Map<string, Diagnostic>();
  const report: Report = (diagnostic) => {
    const key = `${diagnostic.code} ${diagnostic.message}`; // a habit of the vendor is one problem, not fifty
    if (!diagnostics.has(key)) diagnostics.set(key, diagnostic);
  };
  const { format } = spec.summary;
  const context: SchemaContext = { documents, format, definitions: startDefinitions(shared, report), report };
  const operation = readOperation(spec, entry, context);
  const patched = { file: documents.main, patches: spec.source.patches };
  const resolved = { operation, diagnostics: [...diagnostics.values()].map((one) => relocate(one, patched)) };
  cache.set(entry, resolved);
  return resolved;
}

function readOperation(spec: Spec, entry: OperationEntry, context: SchemaContext): Operation {
  const { documents, pathItems } = spec.source;
  const operation = nodeAt(documents.values, entry.origin);
  const pathItem = nodeAt(documents.values, pathItems.get(entry) ?? entry.origin);
  const read = context.format === "swagger-2.0" ? readSwaggerCall : readCall;
  const lists = { operation, pathItem };
  const described = isPlain(entry.path) ? NOBODY : describedNames(lists, context);
  const { path, several, foreign } = readPathTemplate(entry.path, described);
  const at = { ...pathItem.origin, key: true } as const;
  for (const [written, meant] of foreign) context.report(foreignPath({ at, written, meant }));
  const call = read({ operation, pathItem, path }, context);
  return {
    ...entry,
    path,
    description: textOf(operation, "description"),
    deprecated: own(operation.value, "deprecated") === true,
    ...call,
    parameters: call.parameters.map((one) =>
      one.in === "path" && several.has(one.name) ? { ...one, allowReserved: true } : one,
    ),
    security: readSecurity(operation, documents),
    ...(listsAuthorization(lists, context) && { authorization: true as const }),
    definitions: openCircles(
      context.definitions.readAll((schema, report) => readSchema(schema, { ...context, report })), // last: the rest names them
    ),
  };
}

/** Names that are not asked for. */
const NOBODY: DescribedNames = { path: new Set(), query: new Set() };

/** What differs between the formats: what goes over the wire, and whereto. */
export type CallParts = Pick<Operation, "parameters" | "requestBody" | "responses" | "servers">;

function readCall(lists: ParameterLists, context: SchemaContext): CallParts {
  const { operation, pathItem } = lists;
  const own = readServers(operation);
  return {
    parameters: readParameters(lists, context),
    requestBody: readRequestBody(operation, context),
    responses: readResponses(operation, context),
    servers: own.length > 0 ? own : readServers(pathItem),
  };
}

/** The operation's own requirements, an empty list included, or else those of the whole description. */
function readSecurity(operation: Node, documents: Documents): Operation["security"] {
  const whole = nodeAt(documents.values, { file: documents.main, pointer: "" });
  const written = Array.isArray(own(operation.value, "security")) ? operation : whole;
  return children(child(written, "security")).map(([, requirement]) => {
    const scopes = emptyRecord<readonly string[]>();
    for (const [scheme] of children(requirement)) scopes[scheme] = wordsOf(requirement, scheme);
    return scopes;
  });
}
