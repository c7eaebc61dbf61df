import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type Document, OpenAPIBackend, type Operation, ValidationContext } from "openapi-backend";
import type { ReceivedBody } from "./body.ts";
import { isRow, type Row } from "./collections.ts";
import type { Parameters } from "./list.ts";
import { type Violation, violationsOf } from "./violations.ts";

/** A request as it came over the wire. */
export interface Received {
  readonly method: string;
  /** Path below the server's base path. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReceivedBody | undefined;
}

/** What the description says of a request. */
export type Verdict =
  | { readonly is: "unknown path" }
  | { readonly is: "wrong method" }
  | { readonly is: "wrong media type" }
  | { readonly is: "invalid"; readonly violations: readonly Violation[] }
  | { readonly is: "valid"; readonly operationId: string; readonly parameters: Parameters; readonly body: Row };

/** Holds requests and answers against an OpenAPI description; knows nothing of how they were made. */
export interface Referee {
  judge(request: Received): Verdict;
  /** The example of an operation's first successful answer. */
  example(operationId: string): unknown;
  /** Complaints about an answer that the description does not allow. */
  judgeAnswer(operationId: string, status: number, body: unknown): readonly Violation[];
  /** Path of the first server's URL: `/api/v2`. */
  readonly basePath: string;
}

/** @param definition path of the OpenAPI description, or the description itself. */
export async function createReferee(definition: string | Document): Promise<Referee> {
  // Parameters and form fields arrive as texts and are read as what they stand for; JSON has its own types.
  const ajv = (coerceTypes: boolean) =>
    addFormats.default(new Ajv2020({ strict: false, allErrors: true, coerceTypes }));
  const customizeAjv = (_: unknown, __: unknown, context?: ValidationContext) =>
    ajv(context === ValidationContext.Params);
  const backend = new OpenAPIBackend({ definition, quick: true, customizeAjv, coerceTypes: true, strict: false });
  await backend.init();
  const forms = new Map<string, ValidateFunction>();

  /** Forms are checked here: the library knows one media type a body, and multipart parts arrive as texts. */
  const judgeForm = (operation: Operation, mediaType: string, fields: Row): readonly Violation[] => {
    const id = `${operation.operationId} ${mediaType}`;
    const schema = contentOf(operation)[mediaType]?.["schema"];
    if (!isRow(schema)) return [];
    const validate = forms.get(id) ?? ajv(true).compile(schema);
    forms.set(id, validate);
    return validate(fields) ? [] : violationsOf(validate.errors ?? []);
  };

  return {
    basePath: new URL(
      backend.definition.servers?.[0]?.url.replaceAll(/\{[^}]*\}/g, "host") ?? "https://host",
    ).pathname.replace(/\/$/, ""),
    judge({ method, path, query, headers, body }) {
      const request = { method, path, query, headers };
      const operation = backend.router.matchOperation(request);
      if (!operation?.operationId) {
        const known = backend.router
          .getOperations()
          .some((other) => backend.router.matchOperation({ ...request, method: other.method }));
        return { is: known ? "wrong method" : "unknown path" };
      }
      const declared = contentOf(operation);
      if (body && !Object.hasOwn(declared, body.mediaType)) return { is: "wrong media type" };
      const json = body?.mediaType === "application/json" ? { body: body.value } : {};
      const result = backend.validator.validateRequest({ ...request, ...json }, operation);
      const form = body && body.mediaType !== "application/json" && isRow(body.value) ? body.value : undefined;
      const violations = [
        ...violationsOf(
          (result.errors ?? []).filter((error) => !(form && error.params?.["missingProperty"] === "requestBody")),
        ),
        ...(form ? judgeForm(operation, body?.mediaType ?? "", form) : []),
      ];
      if (violations.length > 0) return { is: "invalid", violations };
      const { coerced } = result;
      return {
        is: "valid",
        operationId: operation.operationId,
        parameters: {
          path: isRow(coerced?.params) ? coerced.params : {},
          query: isRow(coerced?.query) ? coerced.query : {},
        },
        body: plain(isRow(body?.value) ? body.value : {}),
      };
    },
    example(operationId) {
      const responses = backend.router.getOperation(operationId)?.responses ?? {};
      const success = Object.entries(responses).find(([status]) => status.startsWith("2"))?.[1];
      return structuredClone(mediaTypeOf(success)["example"]);
    },
    judgeAnswer(operationId, status, body) {
      const { errors } = backend.validator.validateResponse(body, operationId, status);
      return (errors ?? []).map(({ instancePath, keyword, message }) => ({
        field: instancePath,
        keyword,
        message: message ?? "",
      }));
    },
  };
}

/** The first media type of a response. */
function mediaTypeOf(response: unknown): Row {
  const content = isRow(response) && isRow(response["content"]) ? Object.values(response["content"])[0] : undefined;
  return isRow(content) ? content : {};
}

function contentOf(operation: Operation): Readonly<Record<string, Row>> {
  const body: unknown = operation.requestBody;
  return isRow(body) && isRow(body["content"]) ? (body["content"] as Record<string, Row>) : {}; // Media Type Objects
}

/** Form fields by the names of the JSON body: `tags[]` → tags, `custom_fields[a]` → custom_fields.a. */
function plain(fields: Row): Row {
  const out: Row = {};
  for (const [name, value] of Object.entries(fields)) {
    const nested = /^([^[\]]+)\[([^[\]]*)\]$/.exec(name);
    if (!nested?.[1]) out[name] = value;
    else if (nested[2] === "") out[nested[1]] = value;
    else out[nested[1]] = { ...(isRow(out[nested[1]]) ? (out[nested[1]] as Row) : {}), [nested[2] ?? ""]: value };
  }
  return out;
}
