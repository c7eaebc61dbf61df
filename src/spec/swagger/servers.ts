import { own, textOf, wordsOf, type Node } from "../node.ts";
import type { Server } from "../operation.ts";

/**
 * The servers of a Swagger 2.0 description: `host`, `basePath` and each of its `schemes`, https first.
 * Without a host the URL is relative; without schemes it is https, since a file has no scheme that could be taken over.
 */
export function swaggerServers(root: Node, schemes: readonly string[] = wordsOf(root, "schemes")): Server[] {
  const host = textOf(root, "host");
  const basePath = textOf(root, "basePath").replace(/\/+$/, "");
  if (host === "") return basePath === "" ? [] : [{ url: basePath, variables: {} }];
  const known = ["https", "http"].filter((scheme) => schemes.includes(scheme));
  return (known.length > 0 ? known : ["https"]).map((scheme) => ({
    url: `${scheme}://${host}${basePath}`,
    variables: {},
  }));
}

/** The servers of an operation that has schemes of its own; empty otherwise. */
export function operationServers(root: Node, operation: Node): Server[] {
  return Array.isArray(own(operation.value, "schemes")) ? swaggerServers(root, wordsOf(operation, "schemes")) : [];
}
