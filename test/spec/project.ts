import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { findOperation } from "../../src/spec/find-operation.ts";
import { loadSpec } from "../../src/spec/load-spec.ts";
import type { Operation } from "../../src/spec/operation.ts";
import { resolveOperation } from "../../src/spec/resolve-operation.ts";
import type { Spec } from "../../src/spec/spec.ts";

/** Where the tests' tools.yaml names the description. */
export const NAMED = { file: "tools.yaml", pointer: "/apis/acme/spec" };

/** Writes files into a project folder of their own, which is removed after the test. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-spec-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Loads `specs/acme.yaml` of a project, which must be a description. */
export async function load(files: Readonly<Record<string, string>>, file = "specs/acme.yaml"): Promise<Loaded> {
  const { spec, diagnostics } = await loadSpec({ projectDir: project(files), file, at: NAMED });
  if (!spec) expect.fail(diagnostics.map(({ message }) => message).join("\n"));
  return { spec, diagnostics };
}

export interface Loaded {
  readonly spec: Spec;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves the one operation that a reference means. */
export function resolve(spec: Spec, reference: string): { operation: Operation; diagnostics: readonly Diagnostic[] } {
  const [entry] = findOperation(spec, reference);
  if (!entry) expect.fail(`no operation ${reference}`);
  return resolveOperation(spec, entry);
}

/** A description of one operation, `POST /things`, whose body has the given schema (YAML in flow style). */
export async function bodySchema(schema: string, version = "3.0.3", components = "{}"): Promise<Resolution> {
  const text = `
openapi: ${version}
info: { title: Acme, version: "1" }
paths:
  /things: { post: { requestBody: { content: { application/json: { schema: ${schema} } } }, responses: {} } }
components: { schemas: ${components} }
`;
  const { spec } = await load({ "specs/acme.yaml": text });
  const { operation, diagnostics } = resolve(spec, "POST /things");
  return { schema: operation.requestBody?.content[0]?.schema, definitions: operation.definitions, diagnostics };
}

export interface Resolution {
  readonly schema: unknown;
  readonly definitions: Operation["definitions"];
  readonly diagnostics: readonly Diagnostic[];
}

/** `ILLEGAL_TYPE specs/acme.yaml#/paths/…` of each diagnostic. */
export function codes(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, at }) => `${code} ${at.file}#${at.pointer}`);
}
