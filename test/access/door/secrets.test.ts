import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { modern, raw } from "../../mcp/fixture/raw.ts";
import { OWN_KEY, serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";
import { callTool } from "./fixture/rpc.ts";

test("T35 no secret of a caller is in an answer, a log or a stack, whatever goes wrong", async () => {
  const issuer = await startIssuer();
  const keys = await serveDoor({ environment: { ACME_RAW: "true" } });
  const { resourceServer, ...access } = issuerAccess();
  const tokens = await serveDoor({
    access: { ...access, resourceServer },
    environment: { ISSUER: issuer.url, INTROSPECTION: `${issuer.url}/introspect`, ACME_DOMAIN: "acme.example.com" },
  });
  const key = "revokedcanary0123456789";
  const good = "goodcanary0123456789abc";
  const jwt = await issuer.token(tokens.url, { sub: "ann", aud: "https://other.example" });
  const sinks: string[] = [];
  const shown = async (answer: Promise<{ text: string; headers: object }>) => {
    const { text, headers } = await answer;
    sinks.push(text, JSON.stringify(headers));
  };
  const basic = Buffer.from(`${key}:X`).toString("base64");
  for (const headers of [
    { "x-acme-api-key": key },
    { "x-acme-api-key": good },
    { "x-acme-api-key": `${key}!!` },
    { authorization: key },
    { authorization: `Basic ${basic}` },
    { authorization: `Acme-Key ${key}` },
    { authorization: `Bearer ${key}` },
    { authorization: `Bearer ${jwt}` },
    { "x-acme-api-key": jwt },
  ] as Record<string, string>[]) {
    await shown(callTool(keys.url, "fetchThing", headers));
    await shown(callTool(keys.url, "fetchThing", headers, { era: modern, args: { thing_id: "no" } }));
    await shown(callTool(tokens.url, "fetchThing", headers));
    await shown(raw(keys.url, { body: "{", headers }));
  }
  issuer.setDown(true);
  await shown(callTool(tokens.url, "fetchThing", { authorization: "Bearer opaquecanary0123456789" }));
  sinks.push(
    ...keys.lines,
    ...tokens.lines,
    inspect(keys.deployment, { depth: 8 }),
    inspect(tokens.deployment.access, { depth: 1 }),
  );
  expect(sinks.length).toBeGreaterThan(70);
  const canaries = [
    key,
    good,
    basic,
    jwt,
    jwt.split(".")[2] ?? jwt,
    "opaquecanary0123456789",
    OWN_KEY,
    encodeURIComponent(basic),
  ];
  for (const canary of canaries) expect(sinks.filter((text) => text.includes(canary))).toEqual([]);
  await keys.close();
  await tokens.close();
  await issuer.close();
});

test("T36 what an issuer calls a person writes no line of its own into the log", async () => {
  const issuer = await startIssuer();
  const { resourceServer, ...access } = issuerAccess();
  const { introspection: _introspection, ...rest } = resourceServer;
  const door = await serveDoor({ access: { ...access, resourceServer: rest }, environment: { ISSUER: issuer.url } });
  const sub = 'ann\n{"level":"error"}\u001b[2J\u202e';
  await callTool(door.url, "fetchThing", { authorization: `Bearer ${await issuer.token(door.url, { sub })}` });
  expect(door.lines.length).toBe(1);
  expect(door.lines[0]).not.toMatch(/[\n\u001b\u202e]/u);
  expect(JSON.parse(door.lines[0] ?? "")).toMatchObject({ subject: sub });
  await door.close();
  await issuer.close();
});

test("T45 no secret is compared by a comparison that tells how far it agreed", () => {
  const folders = ["access", "vault", "credentials"].map((name) =>
    resolve(import.meta.dirname, `../../../src/runtime/${name}`),
  );
  const compared = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"))
      .filter((line) =>
        /\b(?:secret|password|ticket|apiKey|clientSecret)\b\s*[!=]==(?!\s*(?:undefined|null|""|0\b))/i.test(line),
      ),
  );
  expect(compared).toEqual([]);
});
