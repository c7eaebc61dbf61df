import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { GraphQLError, parse, Source, type DocumentNode } from "graphql";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import { fileNotFound, syntaxError } from "../../diagnostics/messages.ts";
import { diagnoseFile } from "../file-problem.ts";
import { readProjectFile } from "../read-file.ts";

/** A GraphQL document that was parsed. */
export interface GraphqlDocument {
  /** Relative to the project folder. */
  readonly file: string;
  readonly node: DocumentNode;
}

/** What reading came to; a file that is not among the documents is among the diagnostics. */
export interface GraphqlDocuments {
  readonly documents: readonly GraphqlDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

const ENDING = /\.(?:graphql|gql)$/i;
const MAX_TOKENS = 200_000; // the schema of a large public API has some 100,000; nesting that overflows a stack has more

const TOO_DEEP = "it is nested deeper than can be read"; // the parser's stack overflows

/** Reads every GraphQL document of a folder, folders in it included, sorted by name; `at` is the setting that names it. */
export async function readDocuments(projectDir: string, folder: string, at: Origin): Promise<GraphqlDocuments> {
  const names = await namesIn(join(projectDir, folder));
  const files = names.filter((name) => ENDING.test(name)).map((name) => posix.join(folder, name));
  if (files.length === 0) {
    return { documents: [], diagnostics: [fileNotFound({ at, file: posix.join(folder, "*.graphql") })] };
  }
  const read = await Promise.all(files.map((file) => readDocument(projectDir, file, at)));
  return {
    documents: read.flatMap(({ documents }) => documents),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** Reads one GraphQL document or schema. */
export async function readDocument(projectDir: string, file: string, at: Origin): Promise<GraphqlDocuments> {
  const content = await readProjectFile(projectDir, file, ENDING);
  if ("problem" in content) {
    return { documents: [], diagnostics: [diagnoseFile(content.problem, { file, at, endings: [".graphql", ".gql"] })] };
  }
  try {
    const node = parse(new Source(content.text, file), { maxTokens: MAX_TOKENS });
    return { documents: [{ file, node }], diagnostics: [] };
  } catch (error) {
    const at = { file, pointer: "", offset: 0 };
    const language = "GraphQL";
    if (error instanceof RangeError)
      return { documents: [], diagnostics: [syntaxError({ at, language, reason: TOO_DEEP })] };
    if (!(error instanceof GraphQLError)) throw error;
    const reason = error.message.replace(/^Syntax Error: /, "").replace(/\.$/, "");
    return { documents: [], diagnostics: [syntaxError({ at: originOf(error, file), language, reason })] };
  }
}

/** Where the first place that an error speaks of is. */
export function originOf({ positions, source }: GraphQLError, file: string): Origin {
  return { file: source?.name ?? file, pointer: "", offset: positions?.[0] ?? 0 };
}

/** Paths of the files below a folder, with `/`, sorted; none when there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, encoding: "utf8" });
    return entries.map((name) => name.replaceAll("\\", "/")).sort();
  } catch {
    return [];
  }
}
