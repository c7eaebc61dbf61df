import { grouped } from "../../definition/grouped.ts";
import type { ArgumentChange, SurfaceChange } from "./compare.ts";

/**
 * What changed, for people; one line each, nothing when nothing did.
 *
 *     acme: + createTicket (writes)
 *     acme: ~ fetchTickets: + order, - page, status is now required
 *     acme: 5 tools, 4,012 bytes, about 1,003 tokens (+211)
 */
export function describeSurface(change: SurfaceChange): readonly string[] {
  const { api, added, removed, changed, reworded, newlyWritable } = change;
  const writable = (tool: string) => (newlyWritable.includes(tool) ? " (writes)" : "");
  const became = newlyWritable.filter((tool) => !added.includes(tool));
  const lines = [
    ...added.map((tool) => `+ ${tool}${writable(tool)}`),
    ...removed.map((tool) => `- ${tool}`),
    ...became.map((tool) => `! ${tool} writes now`),
    ...changed.map(({ tool, arguments: changes }) => `~ ${tool}: ${changes.map(words).join(", ")}`),
    ...reworded.map((tool) => `~ ${tool}: other words`),
  ];
  return [...lines, sizeLine(change)].map((line) => `${api}: ${line}`);
}

function sizeLine({ tools, bytes, estimatedTokens, tokensDifference }: SurfaceChange): string {
  const difference =
    tokensDifference === 0 ? "" : ` (${tokensDifference > 0 ? "+" : "-"}${grouped(Math.abs(tokensDifference))})`;
  const count = `${tools.length} ${tools.length === 1 ? "tool" : "tools"}`;
  return `${count}, ${grouped(bytes)} bytes, about ${grouped(estimatedTokens)} tokens${difference}`;
}

function words(change: ArgumentChange): string {
  switch (change.kind) {
    case "added":
      return `+ ${change.name}${change.required ? " (required)" : ""}`;
    case "removed":
      return `- ${change.name}`;
    case "now required":
    case "now optional":
      return `${change.name} is ${change.kind}`;
    case "schema":
      return `${change.name} takes other values`;
  }
}
