import type { Credential } from "../../definition/api.ts";
import type { Expression } from "../../definition/template.ts";
import type { CallContext, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { headerName, isHeaderText } from "../request/header.ts";
import { encodeStrictly } from "../request/percent.ts";
import { partsOf } from "../request/template.ts";
import { type AppliedCredential, NO_CREDENTIAL } from "./applied.ts";
import { callerSecret } from "./caller-secret.ts";
import { openCookies } from "./cookies.ts";
import { credentialNamed, liveCredentialOf } from "./credentials.ts";
import { remedyOf } from "./obtain-problem.ts";
import { secretForms } from "./secret-forms.ts";

/** Where a credential is applied to. */
export interface Application {
  readonly deployment: Deployment;
  readonly server: string;
  /** The `{$uuid}` of the request. */
  readonly uuid: string;
  /** The call that waits when a token has to be obtained. Without one nothing is sent, and `***` stands for what is not there yet. */
  readonly context: CallContext | undefined;
}

/**
 * Applies the credential that a request names, to a server that the credential names and to no other.
 *
 *     basic { username: "$env.ACME_KEY", password: "X" }  →  authorization: Basic <base64 of key:X>
 *
 * What the caller of the context brings takes the place of everything else.
 *
 * @throws {Problem} `credential_rejected` naming a variable that is missing or cannot be sent, never its value; `reauthorize` when
 * nobody is signed in.
 */
export async function applyCredential(name: string | undefined, application: Application): Promise<AppliedCredential> {
  if (name === undefined) return NO_CREDENTIAL;
  const { deployment, server, context } = application;
  const credential = credentialNamed(deployment, name);
  if (!credential.servers.includes(server)) {
    throw new Problem("internal", `The credential "${name}" is not for the server "${server}".`);
  }
  const brought = await callerSecret(name, deployment, context?.caller);
  const live = brought === undefined ? liveCredentialOf(deployment, name) : undefined;
  const current = live && (context ? await live.current(context) : await live.look());
  const reading = reader(application, { values: current?.held.values ?? {}, brought });
  const applied = apply(credential, reading.read);
  for (const text of Object.values(applied.headers)) {
    if (!isHeaderText(text)) {
      throw unusable(deployment, reading.variables, "cannot be sent: it must be one line of plain text");
    }
  }
  const saved = current?.held.cookies;
  const cookies = saved && (await openCookies(saved));
  return {
    ...applied,
    ...(cookies && { cookies }),
    secrets: secretForms([...reading.secrets, ...(cookies?.secrets() ?? [])], applied),
    variables: reading.variables,
    ...(current && { stamp: current.stamp, remedy: remedyOf({ deployment, name, credential }) }),
  };
}

type Read = (text: string) => string;

function apply(credential: Credential, read: Read): Pick<AppliedCredential, "headers" | "queries"> {
  if ("basic" in credential) {
    const pair = `${read(credential.basic.username)}:${read(credential.basic.password)}`;
    return { headers: { authorization: `Basic ${Buffer.from(pair, "utf8").toString("base64")}` }, queries: [] };
  }
  if ("bearer" in credential) return { headers: { authorization: `Bearer ${read(credential.bearer)}` }, queries: [] };
  if ("oauth2" in credential) {
    return { headers: { authorization: `Bearer ${read("$credentials.accessToken")}` }, queries: [] }; // RFC 6750
  }
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

/** Reads texts from what the caller brought, else from the environment and from what is held, and remembers what it read. */
function reader(
  { deployment, uuid, context }: Application,
  { values, brought }: { readonly values: Readonly<Record<string, string>>; readonly brought: string | undefined },
) {
  const variables: string[] = [];
  const secrets: string[] = [];
  const valueOf = (part: Expression): string => {
    if (part.from === "uuid") return uuid;
    if (part.from === "credentials") {
      const value = brought ?? (Object.hasOwn(values, part.name) ? values[part.name] : undefined);
      if (value !== undefined) secrets.push(value);
      else if (context) throw new Error(`the session gave no value "${part.name}"`); // `isUsable` said that it had
      return value ?? "***";
    }
    if (part.from !== "env") return "";
    variables.push(part.name);
    const value = brought ?? (deployment.environment[part.name] || part.fallback); // an empty variable is one that is not set
    if (value === undefined) throw unusable(deployment, [part.name], "is not set");
    secrets.push(value);
    return value;
  };
  const read: Read = (text) =>
    partsOf(text)
      .map((part) => (typeof part === "string" ? part : valueOf(part)))
      .join("");
  return { read, variables, secrets };
}

function unusable(deployment: Deployment, variables: readonly string[], why: string): Problem {
  const what = variables.length > 0 ? variables.join(", ") : "what the session gave";
  return new Problem(
    "credential_rejected",
    `${deployment.api.definition.title} cannot be called: ${what} ${why}. Whoever runs this server must set it.`,
  );
}
