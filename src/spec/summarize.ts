import { follow, type Report } from "./follow.ts";
import { child, children, own, textOf, type Node } from "./node.ts";
import type { SecurityScheme, SpecFormat, SpecSummary } from "./operation.ts";
import { readServers } from "./servers.ts";
import type { Documents } from "./spec.ts";
import { swaggerServers } from "./swagger/servers.ts";

/** Gathers what a description says of the API as a whole. */
export function summarize(documents: Documents, format: SpecFormat, report: Report): SpecSummary {
  const root: Node = { value: documents.values.get(documents.main), origin: { file: documents.main, pointer: "" } };
  const info = child(root, "info");
  const swagger = format === "swagger-2.0";
  const written = swagger ? child(root, "securityDefinitions") : child(child(root, "components"), "securitySchemes");
  const schemes = follow(written, documents, report) ?? written; // some keep them all in a file of their own
  return {
    file: documents.main,
    format,
    title: textOf(info, "title"),
    version: textOf(info, "version"),
    servers: swagger ? swaggerServers(root) : readServers(root),
    securitySchemes: children(schemes).flatMap(([name, scheme]) => {
      const found = follow(scheme, documents, report);
      return found ? [readScheme(name, found)] : [];
    }),
  };
}

function readScheme(name: string, node: Node): SecurityScheme {
  const word = (key: string): string | undefined =>
    own(node.value, key) === undefined ? undefined : textOf(node, key);
  const type = textOf(node, "type");
  const basic = type === "basic"; // of Swagger 2.0
  return {
    name,
    type: basic ? "http" : type,
    scheme: basic ? "basic" : word("scheme")?.toLowerCase(), // case does not count: RFC 9110 §11.1
    in: word("in"),
    parameterName: word("name"),
    description: textOf(node, "description"),
    origin: node.origin,
  };
}
