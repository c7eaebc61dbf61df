import type { LoadedApi } from "../../runtime/deployment.ts";
import { firstOf } from "../../runtime/shape/cut-text.ts";
import { type Identity, MAX_DESCRIPTION } from "./identity.ts";

/** What a server is, in a line: as its maintainer says, otherwise what is sure: `Acme as an MCP server: 3 tools`. */
export function describeServer({ definition, catalog }: LoadedApi, { description }: Identity): string {
  if (description !== undefined && description.length <= MAX_DESCRIPTION) return description;
  const count = `${catalog.tools.length} ${catalog.tools.length === 1 ? "tool" : "tools"}`;
  const rest = ` as an MCP server: ${count}`;
  return `${firstOf(definition.title, MAX_DESCRIPTION - rest.length)}${rest}`;
}
