import { randomUUID } from "node:crypto";
import { type ReceivedFile } from "./body.ts";
import { type Collections, createCollections, type Row } from "./collections.ts";
import { show } from "./include.ts";
import { cut, ParameterError, type Parameters, select } from "./list.ts";
import { fillPattern, type PatternScope } from "./pattern.ts";
import type { Received, Referee, Verdict } from "./referee.ts";
import type { SandboxFile } from "./sandbox-file.ts";
import { type Answer, refuse } from "./violations.ts";
import { create, missingFields, update } from "./write.ts";

type Valid = Extract<Verdict, { is: "valid" }>;

/** The stand-in without its wire: takes requests that were received, gives answers to be sent. */
export interface Vendor {
  answer(request: Received, origin: string): Answer;
  /** What a request costs of the rate limit. */
  costOf(request: Received): number;
}

/** Makes a vendor of a description and a sandbox file. It remembers what is written to it until it is closed. */
export function createVendor(file: SandboxFile, referee: Referee, clock: () => number): Vendor {
  const collections = createCollections(file, (operationId) => referee.example(operationId), clock());

  return {
    costOf(request) {
      const includes = new URLSearchParams(request.query).get("include")?.split(",").filter(Boolean).length ?? 0;
      const verdict = referee.judge(request);
      const list = verdict.is === "valid" && "list" in (file.operations[verdict.operationId] ?? {});
      return 1 + includes * (list ? file.rate.include.list : file.rate.include.get);
    },
    answer(request, origin) {
      const verdict = referee.judge(request);
      switch (verdict.is) {
        case "unknown path":
          return refuse(file.errors.notFound, { path: request.path });
        case "wrong method":
          return refuse(file.errors.methodNotAllowed, { method: request.method });
        case "wrong media type":
          return { status: 415, headers: {}, body: undefined };
        case "invalid":
          return refuse(file.errors.invalid, {}, verdict.violations);
        case "valid":
          return behave(verdict, request, origin);
      }
    },
  };

  function behave(verdict: Valid, request: Received, origin: string): Answer {
    const operation = file.operations[verdict.operationId];
    const now = new Date(clock()).toISOString().replace(/\.\d+Z$/, "Z");
    const scope: PatternScope & { readonly body: Row } = {
      ...verdict.parameters,
      body: withFiles(verdict.body, request.body?.files ?? [], now, origin),
      now,
    };
    try {
      if (!operation || "answer" in operation) return ok(200, referee.example(verdict.operationId));
      if ("list" in operation) {
        const needed = need(operation.needs, scope, collections);
        if (!needed) return refuse(file.errors.notFound);
        const rows = select(operation, verdict.parameters, collections, file, clock());
        const page = cut(rows, operation, verdict.parameters.query);
        const shown = page.rows.map((row) =>
          show(row, operation, [...operation.shown, ...asked(verdict.parameters)], collections),
        );
        const link = page.next === undefined ? {} : { link: `<${nextUrl(request, origin, page.next)}>;rel="next"` };
        return ok(200, { [operation.as]: shown, ...page.beside }, link);
      }
      if ("get" in operation || "update" in operation) {
        const row = collections.find(
          "get" in operation ? operation.get : operation.update,
          keyFor(operation),
          verdict.parameters.path[operation.by],
        );
        if (!row) return refuse(file.errors.notFound);
        const current = "update" in operation ? update(operation, row, scope.body, now) : row;
        return ok(200, {
          [operation.as]: show(current, operation, [...operation.shown, ...asked(verdict.parameters)], collections),
        });
      }
      const needed = need(operation.needs, scope, collections);
      if (!needed) return refuse(file.errors.notFound);
      const form = operation.form === undefined ? undefined : referee.example(operation.form);
      const full = { ...scope, ...needed, form, defaults: operation.defaults };
      const missing = missingFields(operation, full);
      if (missing.length > 0) return refuse(file.errors.invalid, {}, missing);
      const row = create(operation, full, collections);
      const location =
        operation.location === undefined
          ? {}
          : { location: `${origin}${String(fillPattern(operation.location, row))}` };
      return ok(operation.status, { [operation.as]: show(row, operation, operation.shown, collections) }, location);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      return refuse(file.errors.invalid, {}, [{ field: error.parameter, keyword: "*", message: error.message }]);
    }
  }

  function keyFor(operation: { readonly get?: string; readonly update?: string }): string {
    return collections.keyOf(operation.get ?? operation.update ?? "");
  }
}

function ok(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body };
}

function asked(parameters: Parameters): readonly string[] {
  const include = parameters.query["include"];
  return Array.isArray(include) ? include.map(String) : include === undefined ? [] : String(include).split(",");
}

/** Objects that must exist for an operation to make sense; undefined when one does not. */
function need(
  needs: readonly { readonly collection: string; readonly key: unknown; readonly as: string }[] | undefined,
  scope: PatternScope,
  collections: Collections,
): Record<string, Row> | undefined {
  const found: Record<string, Row> = {};
  for (const { collection, key, as } of needs ?? []) {
    const row = collections.find(collection, collections.keyOf(collection), fillPattern(key, scope));
    if (!row) return undefined;
    found[as] = row;
  }
  return found;
}

function nextUrl(request: Received, origin: string, page: number): string {
  const query = new URLSearchParams(request.query);
  query.set("page", String(page));
  return `${origin}${request.path}?${query}`;
}

/** Files become what the vendor shows of attachments. */
function withFiles(body: Row, files: readonly ReceivedFile[], now: string, origin: string): Row {
  if (files.length === 0) return body;
  const out = { ...body };
  for (const field of new Set(files.map((file) => file.field.replace(/\[\]$/, "")))) {
    out[field] = files
      .filter((file) => file.field.replace(/\[\]$/, "") === field)
      .map((file) => ({
        id: Number.parseInt(randomUUID().slice(0, 8), 16),
        name: file.name,
        content_type: file.contentType,
        size: file.bytes,
        attachment_url: `${origin}/attachments/${encodeURIComponent(file.name)}`,
        created_at: now,
        updated_at: now,
      }));
  }
  return out;
}
