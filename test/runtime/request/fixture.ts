import type { ApiDefinition } from "../../../src/definition/api.ts";
import type { Call } from "../../../src/definition/call.ts";
import type { Request } from "../../../src/definition/request.ts";
import type { CallContext, Deployment } from "../../../src/runtime/deployment.ts";
import type { Scope } from "../../../src/runtime/request/types.ts";

const definition: ApiDefinition = {
  name: "acme",
  title: "Acme",
  servers: { api: { url: "$env.ACME_URL" }, files: { url: "https://files.example" } },
  credentials: {
    key: { servers: ["api"], basic: { username: "$env.ACME_KEY", password: "X" } },
    token: { servers: ["api"], bearer: "$env.ACME_TOKEN" },
    header: { servers: ["api"], headers: { "X-Api-Key": "$env.ACME_KEY" } },
    query: { servers: ["api"], query: { api_key: "$env.ACME_KEY" } },
  },
  tools: {},
};

/** A deployment of the API "Acme" whose server is at `url`. */
export function deployed(url = "https://acme.example/api/v2", changes: Partial<Deployment> = {}): Deployment {
  return {
    api: { definition, catalog: { tools: [] } },
    mode: "live",
    environment: { ACME_KEY: "s3cr3t/k+y", ACME_TOKEN: "t0ken-value" },
    servers: { api: new URL(url), files: new URL("https://files.example") },
    uploadRoots: [],
    stateDirectory: undefined,
    readOnly: false,
    ...changes,
  };
}

/** A scope with these arguments. */
export function scopeOf(inputs: Readonly<Record<string, unknown>>, rest: Partial<Scope> = {}): Scope {
  return { inputs, steps: {}, environment: {}, ...rest };
}

/** A call of the server `api`; `GET /tickets` unless it says otherwise. */
export function callOf(request: Partial<Request>, rest: Partial<Call> = {}): Call {
  return { request: { method: "GET", path: "/tickets", server: "api", ...request }, ...rest };
}

/** The context of a call with this much time. */
export function within(deadlineMs: number, signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, deadlineAt: Date.now() + deadlineMs, progress: () => undefined };
}
