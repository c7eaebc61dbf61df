import type { IncomingMessage } from "node:http";

/** What a proxy in front says of the one who asked it; only a proxy that an operator trusts is asked for it (T44). */
export type ForwardedHeader = "x-forwarded-for" | "x-forwarded-host" | "x-forwarded-proto";

/** What the proxy that is nearest added: those before it may be anybody's words. */
export function forwarded({ headers }: Pick<IncomingMessage, "headers">, name: ForwardedHeader): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(",") : value;
  return text?.split(",").at(-1)?.trim();
}
