import * as library from "oauth4webapi";
import { expect, test } from "vitest";
import { beginAuthorization } from "../../../src/runtime/credentials/begin-authorization.ts";

const client = { client_id: "ours" };
const server = {
  issuer: "https://id.example.com",
  authorization_endpoint: "https://id.example.com/authorize?tenant=7",
};
const BACK = "http://127.0.0.1:7437/callback";

test("T34 further parameters are sent, and none takes the place of the flow's own", async () => {
  const own = ["response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge"];
  const parameters = { ...Object.fromEntries(own.map((name) => [name, "theirs"])), code_challenge_method: "plain" };
  const requesting = { library, server, client, scope: "read", parameters: { ...parameters, audience: "acme" } };
  const begun = await beginAuthorization(requesting, BACK, "n");
  expect(Object.fromEntries(new URL(begun.url).searchParams)).toEqual({
    tenant: "7",
    audience: "acme",
    response_type: "code",
    client_id: "ours",
    redirect_uri: BACK,
    scope: "read",
    state: begun.state,
    nonce: "n",
    code_challenge: await library.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: "S256",
  });
});

test("a server without an authorization endpoint is named", async () => {
  const requesting = { library, server: { issuer: server.issuer }, client, scope: undefined, parameters: {} };
  await expect(beginAuthorization(requesting, BACK)).rejects.toThrow(
    "https://id.example.com has no authorization endpoint",
  );
});
