import {
  Kind,
  visit,
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from "graphql";
import { invalidGraphql } from "../../diagnostics/messages.ts";
import type { Report } from "../follow.ts";
import type { GraphqlDocument } from "./read-documents.ts";

/** Fragments by name. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The fragments of all documents: one file may define what another spreads. */
export function fragmentsOf(documents: readonly GraphqlDocument[], report: Report): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const { file, node } of documents) {
    for (const definition of node.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const name = definition.name.value;
      if (fragments.has(name)) {
        const at = { file, pointer: "", offset: definition.name.loc?.start ?? 0 };
        report(invalidGraphql({ at, reason: `There can be only one fragment named "${name}".` }));
      } else fragments.set(name, definition);
    }
  }
  return fragments;
}

/** The fragments that an operation spreads, directly or through others, in the order in which it comes upon them. */
export function reachedFragments(operation: OperationDefinitionNode, all: Fragments): Fragments {
  const reached = new Map<string, FragmentDefinitionNode>();
  const waiting: ASTNode[] = [operation];
  for (let node = waiting.shift(); node; node = waiting.shift()) {
    visit(node, {
      FragmentSpread: ({ name: { value: name } }) => {
        const fragment = all.get(name);
        if (!fragment || reached.has(name)) return;
        reached.set(name, fragment);
        waiting.push(fragment);
      },
    });
  }
  return reached;
}

/** An operation with its fragments, and nothing else of the files that they come from: what is sent, and what is checked. */
export function checkedDocument(operation: OperationDefinitionNode, fragments: Fragments): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] };
}
