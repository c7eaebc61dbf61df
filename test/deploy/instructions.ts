import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../docs/pages.ts";

/** One line of a Dockerfile: `{ name: "RUN", text: "npm ci" }`. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The Dockerfile by its stages; each begins with its FROM. Heredocs and parser directives are not written in ours. */
export function stages(): readonly (readonly Instruction[])[] {
  const text = readFileSync(join(ROOT, "Dockerfile"), "utf8");
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  const found: Instruction[][] = [];
  for (const line of lines.filter((one) => one.trim() !== "")) {
    const [, name = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`no instruction: ${line}`);
    if (name === "FROM") found.push([]);
    found.at(-1)?.push({ name, text: rest });
  }
  return found;
}

/** The texts of an instruction, in their order. */
export function textsOf(stage: readonly Instruction[] | undefined, name: string): readonly string[] {
  return (stage ?? []).filter((one) => one.name === name).map(({ text }) => text);
}
