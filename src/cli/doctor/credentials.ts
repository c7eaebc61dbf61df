import { credentialStatus } from "../../runtime/credentials/action.ts";
import { credentialNamed, liveCredentialOf } from "../../runtime/credentials/credentials.ts";
import { credentialsInEffect } from "../../runtime/credentials/in-effect.ts";
import { remedyOf } from "../../runtime/credentials/obtain-problem.ts";
import { missingToBegin, sessionSeed } from "../../runtime/credentials/seed.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import type { Finding } from "./finding.ts";

/**
 * Looks at every credential that changes while the server runs: whether somebody is signed in, until when, and whether it renews itself.
 * Nothing is sent and no value is shown; those that the environment says as they are were looked at with the variables.
 */
export async function checkCredentials(deployment: Deployment): Promise<readonly Finding[]> {
  const findings = credentialsInEffect(deployment).map(async (name): Promise<readonly Finding[]> => {
    const credential = credentialNamed(deployment, name);
    const live = liveCredentialOf(deployment, name);
    if (!live) return [];
    const { status, expires_at: until } = await credentialStatus(deployment, name);
    const what = `credential "${name}"`;
    const fix = remedyOf({ deployment, name, credential });
    if (status === "refused") return [{ state: "problem", what: `${what}: the vendor refused to renew it`, fix }];
    if (status === "missing") {
      // It is obtained by the first call, as long as nobody has to sign in for it.
      const byItself = "oauth2" in credential && credential.oauth2.grant === "client_credentials";
      if (byItself) return [{ state: "skipped", what: `${what}: no token yet; the first call gets one` }];
      const begins = sessionFinding(deployment, name, what);
      if (begins) return [begins];
      return [{ state: "problem", what: `${what}: nobody is signed in`, fix }];
    }
    const end = until === undefined ? "" : ` until ${until}`;
    if (status === "expired") return [{ state: "ok", what: `${what}: it has ended, and the next call renews it` }];
    const renewable = (await live.look())?.held.values["refreshToken"] !== undefined;
    const byCode = "oauth2" in credential && credential.oauth2.grant === "authorization_code";
    if (byCode && !renewable) {
      return [
        {
          state: "warning",
          what: `${what}: signed in${end}, and the vendor gave nothing to renew it with`,
          fix: "ask for the scope that allows it, which many vendors call offline_access, and sign in again",
        },
      ];
    }
    return [{ state: "ok", what: `${what}: ${byCode ? `signed in${end}` : `there${end}`}; it is renewed by itself` }];
  });
  return (await Promise.all(findings)).flat();
}

/** A session that has not begun: what it lacks, or that the first call begins it. `undefined`: it has nothing to begin with, or is none. */
function sessionFinding(deployment: Deployment, name: string, what: string): Finding | undefined {
  const credential = credentialNamed(deployment, name);
  if (!("headers" in credential) || !credential.session) return undefined;
  const { environment } = deployment;
  const { values, cookies } = sessionSeed(credential.session, environment);
  if (Object.keys(values).length === 0 && cookies.length === 0) return undefined;
  const missing = missingToBegin(credential.session, credential.headers, environment);
  if (missing.length === 0) return { state: "skipped", what: `${what}: no session yet; the first call begins one` };
  const fix = `add ${missing.map((variable) => `${variable}=…`).join(" ")} to the environment`;
  return { state: "problem", what: `${what}: it cannot begin without ${missing.join(" and ")}`, fix };
}
