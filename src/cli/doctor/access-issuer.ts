import { issuerAt } from "../../runtime/access/issuer.ts";
import type { ResourceServerSettings } from "../../runtime/access/settings.ts";
import { clockFinding } from "./server.ts";
import type { Finding } from "./finding.ts";

const TIMEOUT_MS = 8_000;

/** What of an authorization server decides how clients get to know it. */
export interface IssuerFacts {
  /** Dynamic registration (RFC 7591). */
  readonly registers: boolean;
  /** Client ID metadata documents. */
  readonly metadataDocuments: boolean;
}

/** Looks at an issuer as this server and its clients will: metadata, keys, PKCE, registration, clock. */
export async function checkIssuer(
  settings: ResourceServerSettings,
): Promise<{ readonly findings: readonly Finding[]; readonly facts: IssuerFacts | undefined }> {
  const { issuer } = settings;
  const findings: Finding[] = [];
  let metadata: Awaited<ReturnType<ReturnType<typeof issuerAt>["metadata"]>>;
  try {
    metadata = await issuerAt(issuer).metadata();
  } catch (error) {
    const causes = error instanceof AggregateError ? error.errors : [error];
    const why = [...new Set(causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))))].join(
      "; ",
    );
    const what = `issuer ${issuer.href}: no metadata (${why})`;
    const fix =
      "check access.resource_server.issuer: it must be the issuer exactly as its metadata and tokens write it";
    return { findings: [{ state: "problem", what, fix }], facts: undefined };
  }
  findings.push({ state: "ok", what: `issuer ${issuer.href} answers, and names itself so` });
  findings.push(...(await keyFindings(settings.jwksUri?.href ?? metadata.jwks_uri, settings)));
  const s256 = metadata.code_challenge_methods_supported?.includes("S256") ?? false;
  findings.push(
    s256
      ? { state: "ok", what: "issuer knows PKCE with S256" }
      : {
          state: "warning",
          what: "issuer does not say that it knows PKCE with S256: MCP clients must refuse it",
          fix: "switch it on at the issuer, so that code_challenge_methods_supported names S256",
        },
  );
  const metadataDocuments = metadata["client_id_metadata_document_supported"] === true;
  return { findings, facts: { registers: metadata.registration_endpoint !== undefined, metadataDocuments } };
}

/** Its keys, and its clock by the way. */
async function keyFindings(
  uri: string | undefined,
  { introspection }: ResourceServerSettings,
): Promise<readonly Finding[]> {
  if (uri === undefined) {
    if (introspection)
      return [{ state: "ok", what: `issuer has no keys; it is asked about tokens at ${introspection.url.href}` }];
    const what = "issuer names no keys (jwks_uri), and there is no introspection";
    return [{ state: "problem", what, fix: "set access.resource_server.jwks_uri, or introspection" }];
  }
  try {
    const answer = await fetch(uri, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { keys = [] } = (await answer.json()) as { keys?: readonly unknown[] }; // RFC 7517 §5
    const count = Array.isArray(keys) ? keys.length : 0;
    const found: Finding =
      count > 0
        ? { state: "ok", what: `issuer's keys: ${count} at ${uri}` }
        : { state: "problem", what: `issuer's keys: none at ${uri}`, fix: "check access.resource_server.jwks_uri" };
    return [found, clockFinding(answer.headers.get("date"), "the issuer's")];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      {
        state: "problem",
        what: `issuer's keys at ${uri} cannot be read (${why})`,
        fix: "check the network, and jwks_uri",
      },
    ];
  }
}
