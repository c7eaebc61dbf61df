import type { SandboxFile } from "./sandbox-file.ts";

/** Whether a request shows any of the credentials of the file. Of Basic only the user name counts. */
export function isAllowed(headers: Readonly<Record<string, string>>, { credentials }: SandboxFile): boolean {
  const given = headers["authorization"] ?? "";
  const basic = /^Basic (.+)$/i.exec(given)?.[1];
  const user = basic === undefined ? undefined : Buffer.from(basic, "base64").toString("utf8").split(":")[0];
  if (user !== undefined && user === credentials.basic?.username) return true;
  if (credentials.bearer !== undefined && given === `Bearer ${credentials.bearer}`) return true;
  const named = Object.entries(credentials.headers ?? {});
  return named.length > 0 && named.every(([name, value]) => headers[name.toLowerCase()] === value);
}
