import type { Credential } from "../../definition/api.ts";
import type { Caller, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { headerName, isHeaderText } from "../request/header.ts";
import { encodeStrictly } from "../request/percent.ts";
import { partsOf } from "../request/template.ts";
import { callerSecret } from "./caller-secret.ts";

/** What a credential adds to a request, and what must be kept out of sight. */
export interface AppliedCredential {
  readonly headers: Readonly<Record<string, string>>;
  readonly queries: readonly string[];
  readonly secrets: readonly string[];
  /** The environment variables that it was read from. */
  readonly variables: readonly string[];
}

const NOTHING: AppliedCredential = { headers: {}, queries: [], secrets: [], variables: [] };

/**
 * Applies the credential that a request names, to a server that the credential names and to no other.
 *
 *     basic { username: "$env.ACME_KEY", password: "X" }  →  authorization: Basic <base64 of key:X>
 *
 * @param caller Who asks; what he brings takes the place of the variables.
 * @throws {Problem} `credential_rejected` naming a variable that is missing or cannot be sent, never its value.
 */
export async function applyCredential(
  name: string | undefined,
  server: string,
  deployment: Deployment,
  caller?: Caller,
): Promise<AppliedCredential> {
  if (name === undefined) return NOTHING;
  const credentials = deployment.api.definition.credentials ?? {};
  const credential = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (!credential) throw new Problem("internal", `There is no credential "${name}".`);
  if (!credential.servers.includes(server)) {
    throw new Problem("internal", `The credential "${name}" is not for the server "${server}".`);
  }
  const reading = reader(deployment, await callerSecret(name, deployment, caller));
  const applied = apply(credential, reading.read);
  for (const text of Object.values(applied.headers)) {
    if (!isHeaderText(text))
      throw unusable(deployment, reading.variables, "cannot be sent: it must be one line of plain text");
  }
  return { ...applied, secrets: formsOf(reading.secrets, applied), variables: reading.variables };
}

type Read = (text: string) => string;

function apply(credential: Credential, read: Read): Pick<AppliedCredential, "headers" | "queries"> {
  if ("basic" in credential) {
    const pair = `${read(credential.basic.username)}:${read(credential.basic.password)}`;
    return { headers: { authorization: `Basic ${Buffer.from(pair, "utf8").toString("base64")}` }, queries: [] };
  }
  if ("bearer" in credential) return { headers: { authorization: `Bearer ${read(credential.bearer)}` }, queries: [] };
  if ("headers" in credential) {
    const headers = Object.entries(credential.headers).map(([header, text]) => [credentialHeader(header), read(text)]);
    return { headers: Object.fromEntries(headers), queries: [] };
  }
  const queries = Object.entries(credential.query).map(
    ([key, text]) => `${encodeStrictly(key)}=${encodeStrictly(read(text))}`,
  );
  return { headers: {}, queries };
}

/** A credential may be what a parameter may not: `Authorization` in a scheme of the vendor's own, or a cookie. */
function credentialHeader(name: string): string {
  const lower = name.toLowerCase();
  return lower === "authorization" || lower === "cookie" ? lower : headerName(name);
}

/** Reads texts from the environment, or from what the caller brought, and remembers what it read. */
function reader(deployment: Deployment, brought: string | undefined) {
  const variables: string[] = [];
  const secrets: string[] = [];
  const read: Read = (text) => {
    let filled = "";
    for (const part of partsOf(text)) {
      if (typeof part === "string" || part.from !== "env") {
        filled += typeof part === "string" ? part : "";
        continue;
      }
      variables.push(part.name);
      const value = brought ?? (deployment.environment[part.name] || part.fallback); // an empty variable is one that is not set
      if (value === undefined) throw unusable(deployment, [part.name], "is not set");
      secrets.push(value);
      filled += value;
    }
    return filled;
  };
  return { read, variables, secrets };
}

/** Every form in which a secret goes over the wire, the longest first, so that masking leaves no rest of it. */
function formsOf(
  secrets: readonly string[],
  { headers, queries }: Pick<AppliedCredential, "headers" | "queries">,
): readonly string[] {
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

function unusable(deployment: Deployment, variables: readonly string[], why: string): Problem {
  return new Problem(
    "credential_rejected",
    `${deployment.api.definition.title} cannot be called: ${variables.join(", ")} ${why}. Whoever runs this server must set it.`,
  );
}
