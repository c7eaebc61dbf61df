import { encodeStrictly } from "../request/percent.ts";

/** What is sent of a credential. */
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly queries: readonly string[];
}

/** Every form in which a secret goes over the wire, the longest first, so that masking leaves no rest of it. */
export function secretForms(secrets: readonly string[], { headers, queries }: Sent): readonly string[] {
  if (secrets.length === 0) return [];
  const values = Object.values(headers).map((text) => text.replace(/^(?:Basic|Bearer) /, ""));
  const sent = queries.map((text) => text.slice(text.indexOf("=") + 1));
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeStrictly(secret),
    Buffer.from(secret, "utf8").toString("base64"),
  ]);
  return [...new Set([...forms, ...values, ...sent])].filter((text) => text !== "").sort((a, b) => b.length - a.length);
}
