/**
 * The cookies of a request by their names (RFC 6265 §4.2.1). Read here, and not by the library that our client keeps its
 * cookies with: a referee shares no code with those it judges.
 */
export function cookiesOf(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = (header ?? "").split(";").map((part) => part.trim().split(/=(.*)/s) as [string, string?]);
  return new Map(pairs.map(([name, value = ""]) => [name, value.replace(/^"(.*)"$/, "$1")]));
}

/** A `Set-Cookie` as browsers want it of those whose names begin with `__Host-` and `__Secure-`. `seconds` 0 takes it away. */
export function setCookie(name: string, value: string, seconds?: number): string {
  const age = seconds === undefined ? "" : `; Max-Age=${seconds}`;
  return `${name}=${encodeURIComponent(value)}; Path=/; HttpOnly; Secure; SameSite=Lax${age}`;
}
