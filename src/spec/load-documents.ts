import { relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { externalRefs, mayLeadElsewhere } from "./external-refs.ts";
import { gatherIdentifiers } from "./identifiers.ts";
import { parseText } from "./parse-text.ts";
import { readProjectFile } from "./read-file.ts";
import { readReference } from "./reference.ts";
import type { DocumentProblem, Documents } from "./spec.ts";

/** The main document, parsed. */
export interface MainDocument {
  readonly value: unknown;
  /** What it was parsed from; undefined when overlays have changed it since. */
  readonly text: string | undefined;
  /** Whether its format knows `$id` and `$anchor`, as OpenAPI does since 3.1. */
  readonly identifiers: boolean;
}

/**
 * Reads every file that the main document refers to, directly or through others.
 *
 * The files stay apart, as they were written: a reference is followed when an operation is resolved, so that every value keeps
 * its real place and its name. (`bundle` would move them and forget where they came from.) Nothing is read from a network.
 */
export async function loadDocuments(projectDir: string, main: string, options: MainDocument): Promise<Documents> {
  const { value, text } = options;
  const root = resolve(projectDir);
  const values = new Map([[main, value]]);
  const problems = new Map<string, DocumentProblem>();
  let identified = false;
  const filesIn = (document: unknown, file: string, written: string | undefined): string[] => {
    if (written !== undefined && !mayLeadElsewhere(written)) return [];
    const outgoing = externalRefs(document);
    identified ||= outgoing.identified;
    return filesOf(outgoing.refs, file);
  };
  const take = async (file: string): Promise<readonly string[]> => {
    const content = await readProjectFile(root, file);
    if ("problem" in content) {
      problems.set(file, content.problem);
      return [];
    }
    const parsed = parseText(content.text, file);
    if ("diagnostic" in parsed) {
      problems.set(file, { kind: "syntax", diagnostic: parsed.diagnostic });
      return [];
    }
    values.set(file, parsed.value);
    return filesIn(parsed.value, file, content.text);
  };
  const first = filesIn(value, main, text);
  if (first.length > 0) await walkFiles({ root, main, first, take });
  const files = inOrder(values);
  const { identifiers } = options;
  return {
    main,
    values: files,
    problems,
    identifiers: identifiers && identified ? gatherIdentifiers(files) : undefined,
  };
}

/** The files of the project that references mean; those that may not be followed are reported where they are needed. */
function filesOf(refs: ReadonlySet<string>, file: string): string[] {
  return [...refs].flatMap((ref) => {
    const target = readReference(ref, file);
    return target.kind === "place" ? target.file : [];
  });
}

interface Walk {
  readonly root: string;
  readonly main: string;
  readonly first: readonly string[];
  /** Reads a file and says which others it refers to. Never throws. */
  readonly take: (file: string) => Promise<readonly string[]>;
}

/**
 * Takes each file once, in whatever circles they refer to each other.
 *
 * The library is handed references that were looked at, and never a document: it throws at a `$ref` that no URL parser accepts
 * (and drops every other file with it), follows references in examples, and looks at the version.
 */
async function walkFiles({ root, main, first, take }: Walk): Promise<void> {
  const { default: SwaggerParser } = await import("@apidevtools/swagger-parser"); // takes 70 ms: only for those who need it
  const references = (files: readonly string[]) =>
    files.map((file) => ({ $ref: pathToFileURL(resolve(root, file)).href }));
  const read = async ({ url }: { url: string }) =>
    references(await take(relative(root, fileURLToPath(url)).split(sep).join("/")));
  const start = { openapi: "3.1.0", info: { title: "", version: "" }, paths: {}, "x-files": references(first) };
  await SwaggerParser.resolve(pathToFileURL(resolve(root, main)).href, start, {
    resolve: { http: false, file: { order: 1, canRead: true, read } },
    parse: { json: false, yaml: false, text: false, binary: false, parsed: PARSED },
  });
}

/** `read` hands over what is parsed already. */
const PARSED = { order: 1, canParse: true, allowEmpty: true, parse: ({ data }: { data: unknown }) => data };

/** The main file first, the others by name: they were read side by side. */
function inOrder(values: ReadonlyMap<string, unknown>): Map<string, unknown> {
  const [main, ...others] = values;
  return new Map([...(main ? [main] : []), ...others.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
