import type { Criterion } from "../../definition/call.ts";
import type { Deployment } from "../deployment.ts";
import { holds } from "../request/criterion.ts";
import { fillTemplate } from "../request/template.ts";
import type { FilledRequest, Scope } from "../request/types.ts";
import { decodeText } from "./decode.ts";
import type { Received } from "./exchange.ts";
import { JsonError, parseJson } from "./json.ts";

/** What an answer means, whatever its status. */
export type Verdict = "success" | "unauthorized" | "refused";

const UNAUTHORIZED: readonly Criterion[] = ["$statusCode == 401"];

/**
 * Judges an answer by the criteria of its server: some vendors say in a 200 that a token has expired, or that nothing was done. Without
 * criteria the status decides, and the body is not looked at.
 */
export function verdictOf(received: Received, request: FilledRequest, { api, environment }: Deployment): Verdict {
  const { servers } = api.definition;
  const server = Object.hasOwn(servers, request.server) ? servers[request.server] : undefined;
  const { successCriteria, unauthorizedCriteria = UNAUTHORIZED } = server && "url" in server ? server : {};
  const scope = scopeOf(received, environment);
  if (unauthorizedCriteria.some((criterion) => holds(criterion, scope))) return "unauthorized";
  if (received.status < 200 || received.status > 299) return "refused";
  return holds(successCriteria, scope) ? "success" : "refused";
}

/**
 * Why an answer is no success, where a text says it that should not be there: of the criterion `!$response.body#/report/load_error` it
 * is the load_error. Undefined when none does.
 */
export function reasonOf(
  received: Received,
  request: FilledRequest,
  { api, environment }: Deployment,
): string | undefined {
  const { servers } = api.definition;
  const server = Object.hasOwn(servers, request.server) ? servers[request.server] : undefined;
  const scope = scopeOf(received, environment);
  const criteria = server && "url" in server ? (server.successCriteria ?? []) : [];
  const found = criteria
    .filter((criterion) => typeof criterion === "string" && !holds(criterion, scope))
    .flatMap((criterion) => [...String(criterion).matchAll(/!(\$response\.body#\S+)/g)])
    .map(([, expression = ""]) => fillTemplate(expression, scope));
  return found.find((value): value is string => typeof value === "string" && value !== "");
}

/** Read only when a criterion looks at it. */
function scopeOf(received: Received, environment: Scope["environment"]): Scope {
  const { status, headers, bytes } = received;
  let body: { readonly value: unknown } | undefined;
  return {
    inputs: {},
    steps: {},
    environment,
    response: {
      status,
      headers,
      get body() {
        body ??= { value: jsonOf(received) };
        return body.value;
      },
      bytes: bytes.byteLength,
    },
  };
}

/** The JSON of an answer; what is none has no members that a criterion could find. */
function jsonOf({ bytes, headers }: Received): unknown {
  const text = decodeText(bytes, headers);
  if (text.trim() === "") return null;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return text;
    throw error;
  }
}
