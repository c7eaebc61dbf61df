import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Access } from "../../../src/definition/access.ts";
import { checkAccess } from "../../../src/cli/doctor/access.ts";
import type { Finding } from "../../../src/cli/doctor/finding.ts";
import { loadApi } from "../../../src/runtime/load/load-api.ts";
import { ACME } from "../../mcp/fixture/bundle.ts";
import { KEY_ACCESS, serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";
import { startOidcIssuer } from "./fixture/oidc-issuer.ts";

const { definition } = await loadApi(ACME);
let issuer: Awaited<ReturnType<typeof startIssuer>>;
beforeAll(async () => (issuer = await startIssuer()));
afterAll(() => issuer.close());

async function findingsOf(access: Access, environment: Record<string, string>): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const finding of checkAccess({ ...definition, access }, environment)) found.push(finding);
  return found;
}
const about = (findings: readonly Finding[], words: string) => findings.find(({ what }) => what.includes(words));
const withIssuer = (more: object = {}): Access => {
  const { resourceServer, ...access } = issuerAccess();
  const { introspection: _introspection, ...rest } = resourceServer;
  return { ...access, resourceServer: rest, ...more };
};

describe("doctor", () => {
  test("a certified issuer: reachable, consistent, PKCE, keys and clock; the six clients get in", async () => {
    const certified = await startOidcIssuer();
    const access = withIssuer({ publicUrl: "http://127.0.0.1:9" });
    const found = await findingsOf(access, { ISSUER: certified.url });
    expect(about(found, "answers, and names itself so")?.state).toBe("ok");
    expect(about(found, "PKCE with S256")?.state).toBe("ok");
    expect(about(found, "issuer's keys: 1 at")?.state).toBe("ok");
    expect(about(found, "clock: agrees with the issuer's")?.state).toBe("ok");
    expect(about(found, "127.0.0.1:9 does not answer")?.state).toBe("warning");
    for (const name of [
      "Claude (claude.ai, Desktop)",
      "Claude Code",
      "Copilot Studio",
      "VS Code",
      "Cursor",
      "mcp-remote",
    ])
      expect(about(found, `${name}: registers itself`)?.state).toBe("ok");
    await certified.close();
  });

  test("an issuer without registration: a static client is the way in, and mcp-remote has none", async () => {
    const clients = [{ clientId: "claude", redirectUris: ["https://claude.ai/api/mcp/auth_callback"] }];
    const found = await findingsOf(withIssuer({ publicUrl: "http://127.0.0.1:9", clients }), { ISSUER: issuer.url });
    expect(about(found, "Claude (claude.ai")).toMatchObject({
      state: "ok",
      what: expect.stringContaining("an id and a secret") as string,
    });
    expect(about(found, "VS Code")).toMatchObject({
      state: "warning",
      fix: expect.stringContaining("http://127.0.0.1:33418/") as string,
    });
    expect(about(found, "mcp-remote")).toMatchObject({
      state: "warning",
      fix: expect.stringContaining("oauth-proxy") as string,
    });
    expect(about(found, "must refuse it")?.state).toBe("warning");
  });

  test.each([
    "https://evil.example/*",
    "http://evil.example/cb",
    "javascript:alert(1)",
    "https://a.example/#x",
    "nothing",
  ])("a client that would be sent back to %s is a problem", async (uri) => {
    const clients = [{ clientId: "x", redirectUris: [uri] }];
    const found = await findingsOf(withIssuer({ clients }), { ISSUER: issuer.url });
    expect(about(found, "which is no safe place")?.state).toBe("problem");
  });

  test("an issuer that is spelt otherwise than it names itself is a problem, and so is one that is not there", async () => {
    expect(about(await findingsOf(withIssuer(), { ISSUER: `${issuer.url}/tenant` }), "no metadata")?.state).toBe(
      "problem",
    );
    expect(about(await findingsOf(withIssuer(), { ISSUER: "http://127.0.0.1:9" }), "no metadata")?.state).toBe(
      "problem",
    );
  });

  test("metadata of a running server are held against what clients ask", async () => {
    const door = await serveDoor({ access: withIssuer(), environment: { ISSUER: issuer.url } });
    const right = await findingsOf(withIssuer({ publicUrl: new URL(door.url).origin }), { ISSUER: issuer.url });
    expect(about(right, "metadata at")?.state).toBe("ok");
    const wrong = await findingsOf(withIssuer({ publicUrl: `${new URL(door.url).origin}/tools` }), {
      ISSUER: issuer.url,
    });
    expect(about(wrong, "metadata at")?.state).toBe("problem");
    await door.close();
  });

  test("with keys: who can send a header, and who cannot", async () => {
    const found = await findingsOf(
      { ...KEY_ACCESS, publicUrl: "http://127.0.0.1:9" },
      { ACME_ACCESS: "api-key-passthrough" },
    );
    expect(about(found, "Claude (claude.ai")?.state).toBe("warning");
    for (const name of ["Claude Code", "Copilot Studio", "VS Code", "Cursor", "mcp-remote"])
      expect(about(found, `${name}: sends X-Acme-Api-Key`)?.state).toBe("ok");
  });

  test("env: clients of this machine connect, those from elsewhere cannot", async () => {
    const found = await findingsOf(KEY_ACCESS, { ACME_ACCESS: "env" });
    expect(about(found, "Copilot Studio")?.state).toBe("skipped");
    expect(about(found, "Claude Code")?.state).toBe("ok");
  });

  test("what does not start is told with its fix", async () => {
    const [only, ...others] = await findingsOf(withIssuer(), {});
    expect([only?.state, others]).toEqual(["problem", []]);
    expect(only?.fix).toContain("ISSUER");
  });
});
