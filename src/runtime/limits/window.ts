import { parseTemplate } from "../../definition/template.ts";
import { type Environment, valueOf } from "../load/environment.ts";
import { Problem } from "../problem.ts";

/** The span that a limit counts over. */
export type Unit = "second" | "minute" | "hour" | "day" | "month";

/** One limit as it holds here: a figure and a span. */
export interface Window {
  readonly limit: number;
  readonly unit: Unit;
  /** The variable that an operator sets to change the figure. */
  readonly variable: string | undefined;
  /** The figure is the one the API came with; nobody set the variable. */
  readonly isDefault: boolean;
}

/** Length of a window that is not tied to the calendar. */
export const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

const FORM = /^([1-9][0-9]{0,9})\/(second|minute|hour|day|month)$/;

/**
 * Reads one limit, its variables filled from the environment; an empty variable counts as unset.
 *
 *     "100/minute"                         → 100 a minute
 *     "{$env.ACME_CALLS:-5000}/month"      → 5,000 a month, or what ACME_CALLS says
 *
 * @throws {Problem} `internal`, naming the variable to mend, never its value.
 */
export function parseWindow(text: string, environment: Environment): Window {
  let resolved = "";
  let variable: string | undefined;
  let isDefault = true;
  for (const part of parseTemplate(text)) {
    if (typeof part === "string") resolved += part;
    else if (part.from === "env") {
      const value = valueOf(environment, part.name);
      variable = part.name;
      isDefault &&= value === undefined;
      resolved += value ?? part.fallback ?? "";
    }
  }
  const match = FORM.exec(resolved);
  if (!match) {
    throw new Problem(
      "internal",
      variable === undefined
        ? `The limit "${text}" of this server is not of the form 100/minute.`
        : `${variable} is not a whole number of at least 1. The operator of this server must mend it.`,
    );
  }
  return { limit: Number(match[1]), unit: unitOf(match[2]), variable, isDefault };
}

function unitOf(text: string | undefined): Unit {
  return text === "month" ? "month" : ((text ?? "minute") as keyof typeof SECONDS); // one of the five of the pattern
}
