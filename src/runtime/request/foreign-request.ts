import { type Call, effectOf } from "../../definition/call.ts";
import type { Request } from "../../definition/request.ts";
import type { Deployment } from "../deployment.ts";
import { fillBody } from "./body.ts";
import { foreignUrl } from "./foreign-url.ts";
import { headerText } from "./header.ts";
import { encodeStrictly } from "./percent.ts";
import { scalarText } from "./scalar.ts";
import { fillTemplate, inputsOf } from "./template.ts";
import type { FilledBody, FilledRequest, Scope } from "./types.ts";

/** A request whose URL an earlier answer gave. */
type ForeignRequest = Request & Required<Pick<Request, "url">>;

/** Headers that the URL's signer may have signed; no other has a business there. */
const ALLOWED = /^(?:content-(?:type|disposition|language|encoding|md5)|cache-control|if-none-match|x-[a-z0-9-]+)$/;
const NEVER = /^x-(?:forwarded-.*|real-ip|http-method.*|method-override)$/;

/** Whether a request goes to a URL of an earlier answer. */
export function isForeign(request: Request): request is ForeignRequest {
  return request.url !== undefined;
}

/**
 * Fills a request to a host that is neither ours nor the vendor's, such as a presigned upload: its URL is all the permission that it needs.
 * No credential, no cookie, no header but those that are listed, and no redirect; the URL is kept out of every message.
 *
 * @throws {Problem} `invalid_response` when the URL leads elsewhere than it may.
 */
export function fillForeignRequest(
  call: Call,
  request: ForeignRequest,
  scope: Scope,
  deployment: Deployment,
): FilledRequest {
  const url = foreignUrl(request.url, request.server, scope, deployment);
  const headers = foreignHeaders(request, scope);
  const body = request.body && fillBody(withType(request.body, headers["content-type"]), scope);
  return {
    operation: `${request.method} to ${request.server}`,
    method: request.method,
    url,
    headers: { ...headers, ...contentType(body, headers) },
    body,
    server: request.server,
    effect: effectOf(call),
    idempotent: call.idempotent ?? request.method !== "POST", // the signature is for one place
    answer: call.answer ?? "text", // an upload is answered by nothing, or by what its host likes
    foreign: true,
    uuid: scope.uuid ?? "",
    locations: new Map(),
    secrets: secretsOf(url),
    credentialVariables: [],
  };
}

function foreignHeaders({ header = {} }: Request, scope: Scope): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(header)) {
    const lower = name.toLowerCase();
    if (!ALLOWED.test(lower) || NEVER.test(lower)) throw new Error(`the header ${lower} is none of a presigned URL`);
    const value = fillTemplate(template as string, scope); // the plan writes no styles here
    if (value !== undefined) headers[lower] = headerText(scalarText(value), inputsOf(template as string)[0] ?? lower);
  }
  return headers;
}

/** A file goes out as what the header says that it is. */
function withType(body: NonNullable<Request["body"]>, type: string | undefined): NonNullable<Request["body"]> {
  return body.contentType === undefined ? { ...body, contentType: type ?? "*/*" } : body;
}

function contentType(body: FilledBody | undefined, { "content-type": own }: Record<string, string>) {
  return body === undefined || body.kind === "multipart" || own !== undefined
    ? {}
    : { "content-type": body.contentType };
}

/** Whoever has the query of a presigned URL may do what it allows. */
function secretsOf({ search, searchParams }: URL): readonly string[] {
  const values = [...searchParams.values()].flatMap((value) => [value, encodeStrictly(value)]);
  return [...new Set([search, ...values])].filter((text) => text.length >= 8).sort((a, b) => b.length - a.length);
}
