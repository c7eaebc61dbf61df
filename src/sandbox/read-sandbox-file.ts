import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { nearest } from "../definition/nearest.ts";
import { locate } from "../diagnostics/locate.ts";
import { type Operation, SandboxFile, SandboxFileError } from "./sandbox-file.ts";

/** Something wrong, and the keys that lead there. */
interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Reads `specs/<api>/sandbox.yaml`.
 *
 * @returns the file, and the path of the description that it names.
 * @throws {SandboxFileError} naming every line that is wrong.
 */
export function readSandboxFile(path: string): { readonly file: SandboxFile; readonly spec: string } {
  const text = readText(path);
  const parsed = SandboxFile.safeParse(readYaml(path, text));
  const faults = parsed.success
    ? unknownCollections(parsed.data)
    : parsed.error.issues.flatMap((issue) => faultsOf(issue));
  if (parsed.success && faults.length === 0) return { file: parsed.data, spec: join(dirname(path), parsed.data.spec) };
  const lines = faults.map((fault) => {
    const pointer = fault.path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    return `  line ${locate(text, path, pointer, true)?.line ?? 1}: ${fault.path.join(".")}: ${fault.message}`;
  });
  throw new SandboxFileError(`${path} does not describe a sandbox:\n${lines.join("\n")}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new SandboxFileError(`there is no ${path}, or it cannot be read`);
  }
}

function readYaml(path: string, text: string): unknown {
  try {
    return parse(text, { merge: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new SandboxFileError(`${path} is no YAML: ${error.message.split("\n")[0]?.replace(/:$/, "")}`);
  }
}

/** An operation is one of five kinds; what is told is how it fails to be the one that it is nearest to. */
function faultsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): readonly Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], message: "there is no such key" }));
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ path, message: issue.message }];
  const [fewest = []] = [...issue.errors].sort((a, b) => a.length - b.length);
  return fewest.flatMap((inner) => faultsOf(inner, path));
}

function unknownCollections(file: SandboxFile): readonly Fault[] {
  const known = Object.keys(file.collections);
  const uses = [
    ...Object.entries(file.operations).flatMap(([id, operation]) => usesOf(operation, ["operations", id])),
    ...Object.entries(file.collections).flatMap(([name, { named }]) =>
      Object.entries(named ?? {}).map(([alias, rule]) => ({
        path: ["collections", name, "named", alias],
        collection: typeof rule === "string" ? undefined : rule.one,
      })),
    ),
  ];
  return uses.flatMap(({ path, collection }) => {
    if (collection === undefined || known.includes(collection)) return [];
    const near = nearest(collection, known)[0];
    return [{ path, message: `there is no collection ${collection}${near ? `; there is ${near}` : ""}` }];
  });
}

/** Every place in an operation that names a collection. */
function usesOf(
  operation: Operation,
  at: readonly PropertyKey[],
): readonly { readonly path: readonly PropertyKey[]; readonly collection: string | undefined }[] {
  const use = (collection: string | undefined, ...keys: readonly PropertyKey[]) => ({
    path: [...at, ...keys],
    collection,
  });
  const uses = [];
  for (const kind of ["list", "get", "create", "update"] as const)
    uses.push(use((operation as Partial<Record<typeof kind, string>>)[kind], kind)); // each kind has one of them
  if ("needs" in operation)
    uses.push(...(operation.needs ?? []).map(({ collection }, i) => use(collection, "needs", i)));
  if ("lookup" in operation)
    uses.push(...(operation.lookup ?? []).map(({ collection }, i) => use(collection, "lookup", i)));
  if ("where" in operation)
    for (const [name, { through }] of Object.entries(operation.where ?? {}))
      uses.push(use(through?.collection, "where", name, "through"));
  if ("include" in operation)
    for (const [name, { one, many }] of Object.entries(operation.include ?? {}))
      uses.push(use(one, "include", name), use(many, "include", name));
  return uses;
}
