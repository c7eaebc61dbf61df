import type { ReceivedBody } from "./body.ts";
import { isRow, type Row } from "./row.ts";
import { bodiesOf, type Part, readDescription, type Security, successOf } from "./description.ts";
import { fieldsOfForm } from "./form.ts";
import type { Parameters } from "./parameters.ts";
import { type Violation, violationsOf } from "./violations.ts";

/** A request as it came over the wire. */
export interface Received {
  readonly method: string;
  /** Path below the server's base path, as it was sent. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReceivedBody | undefined;
}

/** What the description says of a request. */
export type Verdict =
  | { readonly is: "unknown path" }
  | { readonly is: "wrong method" }
  | { readonly is: "not acceptable" }
  | { readonly is: "wrong media type" }
  | { readonly is: "invalid"; readonly operationId?: string; readonly violations: readonly Violation[] }
  | Valid;

/** A request that fits its operation. */
export interface Valid {
  readonly is: "valid";
  readonly operationId: string;
  readonly parameters: Parameters;
  /** The body, if it is an object. */
  readonly body: Row;
  /** The elements of the body, if it is an array. */
  readonly items: readonly Row[] | undefined;
}

/** Holds requests and answers against an OpenAPI description; knows nothing of how they were made. */
export interface Referee {
  judge(request: Received): Verdict;
  /** The operation that a request is for, whether it fits or not. */
  operationAt(method: string, path: string): string | undefined;
  /** What an operation wants of a caller. */
  securityOf(operationId: string): Security;
  /** Complaints about an answer that the description does not allow. */
  judgeAnswer(operationId: string, status: number, body: unknown): readonly Violation[];
  /** The example of an operation's first successful answer. */
  example(operationId: string): unknown;
  /** Whether an operation's first successful answer has a body. */
  hasBody(operationId: string): boolean;
  /** The status of an operation's first successful answer. */
  success(operationId: string): number;
  readonly operationIds: readonly string[];
  /** Path of the first server's URL: `/api/v2`. */
  readonly basePath: string;
}

/** @param path of the OpenAPI description. */
export async function createReferee(path: string, part?: Part): Promise<Referee> {
  const { router, validator, forms, basePath, securityOf } = await readDescription(path, part);
  const successful = (operationId: string) => successOf(router.getOperation(operationId));

  return {
    basePath,
    operationIds: router.getOperations().flatMap(({ operationId }) => operationId ?? []),
    operationAt: (method, path) =>
      isDecodable(path) ? router.matchOperation({ method, path, headers: {} })?.operationId : undefined,
    securityOf(operationId) {
      const operation = router.getOperation(operationId);
      return operation ? securityOf(operation) : { open: false, scopes: [] };
    },
    judge({ method, path, query, headers, body }) {
      if (!isDecodable(path)) return { is: "invalid", violations: [NOT_DECODABLE] };
      const request = { method, path, query: queryOf(query), headers };
      const matched = router.matchOperation(request);
      const { operationId } = matched ?? {};
      if (!matched || operationId === undefined) {
        const methods = new Set(router.getOperations().map((other) => other.method));
        const known = [...methods].some((other) => router.matchOperation({ ...request, method: other }));
        return { is: known ? "wrong method" : "unknown path" };
      }
      if (!accepts(headers["accept"], Object.keys(successOf(matched).content))) return { is: "not acceptable" };
      if (body && !Object.hasOwn(bodiesOf(matched), body.mediaType)) return { is: "wrong media type" };
      const isForm = body !== undefined && body.mediaType !== JSON_TYPE;
      const whole = body === undefined ? request : { ...request, body: body.value };
      const { errors, coerced } = (isForm ? forms : validator).validateRequest(whole, matched);
      if (errors) return { is: "invalid", operationId, violations: violationsOf(errors) };
      const given = rowOf(body?.value); // a form has been changed in place: texts are what they stand for
      return {
        is: "valid",
        operationId,
        parameters: { path: rowOf(coerced?.params), query: rowOf(coerced?.query) },
        body: isForm ? fieldsOfForm(given) : given,
        items: Array.isArray(body?.value) ? body.value.map(rowOf) : undefined,
      };
    },
    judgeAnswer(operationId, status, body) {
      const { errors } = validator.validateResponse(body, operationId, status);
      return (errors ?? []).map(({ instancePath, keyword, message }) => ({
        field: instancePath,
        keyword,
        message: message ?? "",
      }));
    },
    example(operationId) {
      const [media] = Object.values(successful(operationId).content);
      const [named] = Object.values(rowOf(media?.["examples"]));
      return structuredClone(media?.["example"] ?? rowOf(named)["value"]);
    },
    hasBody: (operationId) => Object.keys(successful(operationId).content).length > 0,
    success: (operationId) => successful(operationId).status,
  };
}

const JSON_TYPE = "application/json";
const NOT_DECODABLE: Violation = { field: "path", keyword: "encoding", message: "is not percent-encoded UTF-8" };

/** Parameters by their names as they were sent: `a[b]` is a name like any other, and one given twice is a list. */
function queryOf(query: string): Record<string, string | string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(
    [...values].map(([name, [first = "", ...more]]) => [name, more.length ? [first, ...more] : first]),
  );
}

/** Ranges with a star in the second half only (`application/*`) are beyond what vendors understand. */
function accepts(header: string | undefined, offered: readonly string[]): boolean {
  const ranges = (header ?? "*/*").split(",").map((range) => (range.split(";")[0] ?? "").trim().toLowerCase());
  return offered.length === 0 || ranges.some((range) => range === "*/*" || offered.includes(range));
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function rowOf(value: unknown): Row {
  return isRow(value) ? value : {};
}
