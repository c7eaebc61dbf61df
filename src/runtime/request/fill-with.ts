import { type Call, effectOf, requestOf } from "../../definition/call.ts";
import type { Method, Request } from "../../definition/request.ts";
import type { AppliedCredential } from "../credentials/applied.ts";
import { requestCookies } from "../credentials/request-cookies.ts";
import { secretForms } from "../credentials/secret-forms.ts";
import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { bodyLocations, fillBody } from "./body.ts";
import { openFiles } from "./files.ts";
import { fillForeignRequest, isForeign } from "./foreign-request.ts";
import { headerTexts, parameterLocations, pathTexts, querystringText, queryTexts } from "./parameters.ts";
import type { FilledBody, FilledRequest, Scope } from "./types.ts";
import { buildUrl } from "./url.ts";

/**
 * Fills the request of a call: reads its files, adds what a credential came to. Headers are made from nothing: whatever came in with the
 * caller's own request stays outside.
 *
 * @param scope With the `uuid` of the request.
 * @throws {Problem} `invalid_arguments` naming the argument that cannot be sent.
 */
export async function fillWith(
  call: Call,
  scope: Scope,
  deployment: Deployment,
  credential: AppliedCredential,
): Promise<FilledRequest> {
  const request = requestOf(call);
  if (!request) throw new Error("an action of a credential has no request");
  await openFiles(scope.inputs, request, deployment.uploadRoots);
  if (isForeign(request)) return fillForeignRequest(call, request, scope, deployment);
  const answer = call.answer ?? "json";
  const base = Object.hasOwn(deployment.servers, request.server) ? deployment.servers[request.server] : undefined;
  if (!base) throw new Problem("internal", `There is no server "${request.server}".`);

  const queries = [...querystringText(request.querystring, scope), ...queryTexts(request.query, scope)];
  const path = pathTexts(request.pathParameters, scope);
  const headers = headerTexts(request.header, request.cookie, scope);
  // A GET with a body means nothing (RFC 9110 §9.3.1), and fetch refuses to send one.
  const bodiless = request.method === "GET" || request.method === "HEAD";
  const body = request.body && !bodiless ? fillBody(request.body, scope) : undefined;
  const cookies = scope.session?.cookies ?? credential.cookies;
  return {
    operation: `${request.method} ${request.path}`,
    method: request.method,
    url: buildUrl(base, request.path, path, [...queries, ...credential.queries]),
    headers: {
      accept: ACCEPT[answer],
      "user-agent": "toolwright",
      ...headers,
      ...contentType(body),
      ...credential.headers,
    },
    body,
    server: request.server,
    effect: effectOf(call),
    idempotent: call.idempotent ?? (IDEMPOTENT.has(request.method) || "idempotency-key" in headers),
    answer,
    uuid: scope.uuid ?? "",
    locations: locationsOf(request),
    secrets: [...credential.secrets, ...sessionSecrets(scope)],
    credentialVariables: credential.variables,
    ...(cookies && { cookies: requestCookies(deployment, request.server, cookies, scope.session !== undefined) }),
  };
}

const ACCEPT: Readonly<Record<FilledRequest["answer"], string>> = {
  json: "application/json",
  text: "*/*",
  binary: "*/*",
  events: "text/event-stream",
  lines: "application/jsonl, application/x-ndjson, application/json-seq",
};

/** RFC 9110 §9.2.2; QUERY is safe, so it is idempotent too. */
const IDEMPOTENT: ReadonlySet<Method> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"]);

/** A multipart body names its boundary itself. */
function contentType(body: FilledBody | undefined): Readonly<Record<string, string>> {
  return body === undefined || body.kind === "multipart" ? {} : { "content-type": body.contentType };
}

/** The steps of a session send its values in bodies and queries of their own. */
function sessionSecrets({ session }: Scope): readonly string[] {
  if (!session) return [];
  return secretForms([...Object.values(session.values), ...(session.cookies?.secrets() ?? [])], {
    headers: {},
    queries: [],
  });
}

/** The same for every call of a request, so it is worked out once. */
const locations = new WeakMap<Request, ReadonlyMap<string, string>>();

function locationsOf(request: Request): ReadonlyMap<string, string> {
  const known = locations.get(request);
  if (known) return known;
  const found = new Map([
    ...(request.body ? bodyLocations(request.body.payload) : []),
    ...(request.querystring ? bodyLocations(request.querystring.value) : []),
    ...parameterLocations(request.header, request.cookie, request.query, request.pathParameters),
  ]);
  locations.set(request, found);
  return found;
}
