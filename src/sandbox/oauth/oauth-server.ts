import { type Answer, bare } from "../answer.ts";
import type { Handler } from "../handler.ts";
import { readBody } from "../read-body.ts";
import { isRow } from "../row.ts";
import { type Authority, authorize } from "./authorize.ts";
import { answerToken } from "./token-endpoint.ts";

/**
 * An authorization server for tests, of our own because a library's would be in the way: `oidc-provider` asks for consent on
 * pages with cookies of its own, knows neither a tenant in the address nor a vendor's words, cannot end a token at will,
 * and brings a web framework into the package, for four grants that are 300 lines.
 */
export function createOauthServer(authority: Authority): Handler {
  const { rule } = authority;
  return async ({ request, path, query, headers, entry }): Promise<Answer> => {
    const is = request.method === "GET" ? rule.authorize : request.method === "POST" ? rule.token : undefined;
    if (path !== rule.authorize && path !== rule.token) return bare(404);
    if (path !== is) return bare(405);
    if (path === rule.authorize && is === rule.authorize) {
      entry.operation = "authorize";
      return authorize(new URLSearchParams(query), authority);
    }
    entry.operation = "token";
    const body = await readBody(request);
    if (body?.mediaType !== "application/x-www-form-urlencoded")
      return { ...bare(400), body: { error: "invalid_request", error_description: "the body must be a form" } };
    const form = isRow(body.value) ? body.value : {};
    return answerToken({ query: new URLSearchParams(query), form, authorization: headers["authorization"] }, authority);
  };
}
