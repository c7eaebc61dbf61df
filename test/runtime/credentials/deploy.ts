import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiDefinition, Credential, LocatedServer, OAuth2 } from "../../../src/definition/api.ts";
import type { Call } from "../../../src/definition/call.ts";
import type { CallContext, Deployment } from "../../../src/runtime/deployment.ts";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import type { VendorAnswer } from "../../../src/runtime/request/types.ts";
import { send } from "../../../src/runtime/send/send.ts";
import { context } from "../call/deploy.ts";

/** What a test changes of the API. */
export interface Changes {
  readonly oauth2?: Partial<OAuth2>;
  readonly credential?: Credential;
  readonly server?: Partial<LocatedServer>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: an empty one. */
  readonly stateDirectory?: string;
  readonly mode?: Deployment["mode"];
  readonly readOnly?: boolean;
}

/** An API at a vendor's, with one credential of OAuth 2 unless it is another. */
export function deployAt(url: string, changes: Changes = {}): Deployment {
  const { oauth2, credential, server, environment = {}, mode = "live", readOnly } = changes;
  const definition: ApiDefinition = {
    name: "acme",
    title: "Acme",
    servers: { api: { url, ...server } },
    credentials: {
      oauth: credential ?? {
        servers: ["api"],
        oauth2: {
          grant: "authorization_code",
          tokenUrl: "/oauth/token",
          authorizationUrl: "/oauth/authorize",
          clientId: "$env.ACME_CLIENT_ID",
          clientSecret: "$env.ACME_CLIENT_SECRET:-",
          refreshToken: "$env.ACME_REFRESH_TOKEN:-",
          ...oauth2,
        },
      },
    },
    tools: {},
  };
  return createDeployment({
    api: { definition, catalog: { tools: [] } },
    mode,
    environment: { ACME_CLIENT_ID: "client-1", ACME_CLIENT_SECRET: "s3cret-of-client", ...environment },
    stateDirectory: changes.stateDirectory ?? stateDirectory(),
    readOnly,
    ...(mode === "sandbox" && { serverOverrides: { api: url } }),
  });
}

/** A state directory of a test's own. */
export function stateDirectory(): string {
  return mkdtempSync(join(tmpdir(), "toolwright-credentials-"));
}

/** One call with the credential, as a tool makes it. */
export async function callWith(
  deployment: Deployment,
  call: Partial<Call> = {},
  within: CallContext = context(),
): Promise<VendorAnswer> {
  const whole: Call = { request: { method: "GET", path: "/things", server: "api", credential: "oauth" }, ...call };
  const scope = { inputs: {}, steps: {}, environment: deployment.environment };
  return await send(await fillRequest(whole, scope, deployment, within), deployment, within);
}

/** A call that writes. */
export const WRITE: Partial<Call> = {
  request: { method: "POST", path: "/things", server: "api", credential: "oauth", body: { payload: { a: 1 } } },
};
