import { isIdentifier } from "./code.ts";
import { RUNTIME_NAMES } from "./imports.ts";

/**
 * The constant that a tool's module exports.
 *
 *     list_tickets → listTickets, CF_open → cfOpen, delete → deleteTool
 */
export function exportName(tool: string): string {
  const [first = "", ...rest] = tool.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const words = [
    /^[A-Z0-9]+$/.test(first) ? first.toLowerCase() : first.slice(0, 1).toLowerCase() + first.slice(1),
    ...rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)),
  ];
  const name = words.join("");
  if (/^[0-9]/.test(name) || name === "") return `tool${name}`;
  return isIdentifier(name) && !RUNTIME_NAMES.has(name) ? name : `${name}Tool`;
}

/** The constant that the module of a shared step exports: class → classStep. */
export function stepName(stepId: string): string {
  return `${exportName(stepId).replace(/(?:Tool)?$/, "")}Step`;
}
