import { follow, type Report } from "./follow.ts";
import { child, children, emptyRecord, own, textOf, type Node } from "./node.ts";
import type { SecurityScheme, SpecSummary } from "./operation.ts";
import type { Documents } from "./spec.ts";

/** Gathers what a description says of the API as a whole. */
export function summarize(documents: Documents, format: SpecSummary["format"], report: Report): SpecSummary {
  const root: Node = { value: documents.values.get(documents.main), origin: { file: documents.main, pointer: "" } };
  const info = child(root, "info");
  return {
    file: documents.main,
    format,
    title: textOf(info, "title"),
    version: textOf(info, "version"),
    servers: children(child(root, "servers")).map(([, server]) => readServer(server)),
    securitySchemes: children(child(child(root, "components"), "securitySchemes")).flatMap(([name, scheme]) => {
      const found = follow(scheme, documents, report);
      return found ? [readScheme(name, found)] : [];
    }),
  };
}

function readServer(server: Node): SpecSummary["servers"][number] {
  const variables = emptyRecord<string>();
  for (const [name, variable] of children(child(server, "variables"))) variables[name] = textOf(variable, "default");
  return { url: textOf(server, "url"), variables };
}

function readScheme(name: string, node: Node): SecurityScheme {
  const word = (key: string): string | undefined =>
    own(node.value, key) === undefined ? undefined : textOf(node, key);
  return {
    name,
    type: textOf(node, "type"),
    scheme: word("scheme")?.toLowerCase(), // case does not count: RFC 9110 §11.1
    in: word("in"),
    parameterName: word("name"),
    origin: node.origin,
  };
}
