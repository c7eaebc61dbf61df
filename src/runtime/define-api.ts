import type { ApiDefinition } from "../definition/api.ts";

/** Declares what the tools of an API share: servers, credentials, limits and the modules themselves. */
export function defineApi<const T extends ApiDefinition>(api: T): T {
  return api;
}
