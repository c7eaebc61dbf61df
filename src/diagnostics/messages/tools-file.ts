import type { Diagnostic, Origin } from "../diagnostic.ts";
import { either, error, quote } from "./message.ts";

/** There is no tools.yaml. */
export function toolsFileNotFound({ at }: { at: Origin }): Diagnostic {
  return error("TOOLS_FILE_NOT_FOUND", {
    at,
    message: `there is no ${quote(at.file)} in this folder`,
    help: `go to the project's folder, name the file with \`--config\`, or let \`toolwright init\` propose one`,
  });
}

/** What is wrong with a setting. */
export type SettingProblem =
  | {
      readonly kind: "unknown key";
      readonly key: string;
      readonly near: readonly string[];
      readonly known: readonly string[];
    }
  | { readonly kind: "missing key"; readonly key: string; readonly example: string }
  /** A setting stands among the names of what it belongs to: it lacks its indentation. */
  | { readonly kind: "misplaced key"; readonly key: string; readonly of: string }
  | { readonly kind: "wrong value"; readonly expected: string; readonly got: string; readonly example?: string };

/** A setting of tools.yaml that the grammar does not know, or that has the wrong shape. */
export function invalidSetting({ at, problem }: { at: Origin; problem: SettingProblem }): Diagnostic {
  return error("INVALID_SETTING", { at, ...settingText(problem) });
}

function settingText(problem: SettingProblem): { message: string; help: string } {
  if (problem.kind === "missing key") {
    return { message: `the setting ${quote(problem.key)} is missing`, help: `add \`${problem.example}\`` };
  }
  if (problem.kind === "misplaced key") {
    return {
      message: `${quote(problem.key)} is a setting of a ${problem.of}, and stands here as the name of one`,
      help: `indent \`${problem.key}:\` below the name of the ${problem.of} that it belongs to`,
    };
  }
  if (problem.kind === "wrong value") {
    const message = `${problem.expected} is expected here, not ${problem.got}`;
    return { message, help: `write ${problem.example === undefined ? problem.expected : `\`${problem.example}\``}` };
  }
  const [nearest] = problem.near;
  const choose = problem.known.length === 0 ? "" : `use ${either(problem.known)}, or `;
  return {
    message: `there is no setting ${quote(problem.key)} here`,
    help: nearest === undefined ? `${choose}remove ${quote(problem.key)}` : `write \`${nearest}:\``,
  };
}

/** `${NAME}` without quotes in a flow mapping, which YAML reads as something else. */
export function unquotedVariable({ at, text }: { at: Origin; text: string }): Diagnostic {
  return error("UNQUOTED_VARIABLE", {
    at,
    message: `\`${text}\` needs quotes: YAML takes the braces for a mapping`,
    help: `write \`"${text}"\``,
  });
}

/** tools.yaml names no API. */
export function noApis({ at }: { at: Origin }): Diagnostic {
  return error("NO_APIS", {
    at,
    message: "no API is named under `apis:`",
    help: "let `toolwright init openapi.yaml` propose one, or write it as docs/tools-yaml.md shows",
  });
}
