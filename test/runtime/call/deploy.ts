import type { ApiDefinition } from "../../../src/definition/api.ts";
import { now } from "../../../src/runtime/clock.ts";
import type { CallContext, Deployment } from "../../../src/runtime/deployment.ts";
import { Problem } from "../../../src/runtime/problem.ts";

/** A deployment of tools that were defined in a test, against a vendor on loopback. */
export function deploy(
  url: string,
  tools: Readonly<Record<string, object>>,
  more: Partial<Omit<Deployment, "api">> & { readonly api?: Partial<ApiDefinition> } = {},
): Deployment {
  const { api, ...rest } = more;
  const definition: ApiDefinition = {
    name: "acme",
    title: "Acme",
    servers: { api: { url } },
    tools: Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, async () => ({ [name]: tool })])),
    ...api,
  };
  return {
    api: { definition, catalog: { tools: [] } },
    mode: "live",
    environment: {},
    servers: { api: new URL(url) },
    uploadRoots: [],
    stateDirectory: undefined,
    readOnly: false,
    ...rest,
  };
}

/** A call that nobody cancels, with ten seconds to go. */
export function context(more: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, deadlineAt: now() + 10_000, progress: () => undefined, ...more };
}

/** The problem that a call ends with. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const outcome: unknown = await call.catch((error: unknown) => error);
  if (outcome instanceof Problem) return outcome;
  throw new Error(`the call ended with ${JSON.stringify(outcome)} and no problem`);
}
