import { child, children, emptyRecord, isObject, textOf, type Node } from "./node.ts";
import type { Server } from "./operation.ts";

/** The servers that a description, a path or an operation lists. */
export function readServers(owner: Node): Server[] {
  return children(child(owner, "servers")).flatMap(([, server]) => (isObject(server.value) ? readServer(server) : []));
}

function readServer(server: Node): Server {
  const variables = emptyRecord<string>();
  for (const [name, variable] of children(child(server, "variables"))) variables[name] = textOf(variable, "default");
  return { url: textOf(server, "url"), variables };
}
