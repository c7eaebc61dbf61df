import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestProject } from "../e2e/project.ts";
import { CLI, serve } from "../e2e/server.ts";
import { CLIENTS, connect, type TestClient } from "../e2e/clients.ts";
import { startCollector } from "./fixture/collector.ts";
import { CANARIES, CREDENTIALS, environment, telemetryProject } from "./fixture/project.ts";
import { readExposition, sum } from "./fixture/prometheus.ts";
import { metricsUrl, until } from "./fixture/until.ts";
import { startVendor, THING } from "./fixture/vendor.ts";

let project: TestProject;
beforeAll(async () => {
  project = await telemetryProject();
});
afterAll(() => project.remove());

const APIS = Object.keys(CREDENTIALS);
/** Successes, and every way to fail that the vendor knows; in each it repeats what it was shown. */
const IDS = [...Object.values(THING).filter((id) => id !== THING.slow), 400, 401, 403, 404, 409, 422, 429, 500, 503];

/** Calls every tool of an API in every way; what the model was told. */
async function tryAll(client: TestClient, vendor: Awaited<ReturnType<typeof startVendor>>) {
  const told: unknown[] = [await client.tools()];
  for (const thing_id of IDS) told.push(await client.call("get_thing", { thing_id }));
  vendor.expire(); // so that what can be renewed is
  told.push(await client.call("get_thing", { thing_id: THING.ok }));
  vendor.refuseTokens(400);
  vendor.expire();
  told.push(await client.call("get_thing", { thing_id: THING.ok }));
  vendor.refuseTokens(200);
  told.push(await client.call("list_things"));
  told.push(await client.call("create_thing", { name: "x" }));
  told.push(await client.call("get_thing", { thing_id: "no number" }));
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(), 100);
  await client.call("get_thing", { thing_id: THING.slow }, { signal: leaving.signal }).catch(() => {});
  await client.call(CANARIES.key).catch(() => {}); // the answer of course says which tool there is not
  return told.map((one) => JSON.stringify(one));
}

test.each(["HTTP", "stdio"] as const)(
  "T35 S5 over %s: eight canaries through calls that succeed and fail: no hit on standard error, in metrics, OTLP or results",
  async (transport) => {
    const collector = await startCollector();
    const all = await Promise.all(APIS.map(async (api) => await tryApi(api, transport, collector.url)));
    await until(() => (collector.spans.length > APIS.length * IDS.length ? true : undefined), "the spans");
    // Every canary was in play: the vendor was shown it.
    const shown = all.flatMap(({ vendor }) => vendor.seen.map((one) => JSON.stringify(one))).join("\n");
    const unseen = Object.entries(CANARIES).filter(([, canary]) => !shown.includes(canary));
    expect(unseen.map(([name]) => name)).toEqual(["key", "queryKey"]); // which are seen in their other forms
    const renewals = (result: string) =>
      all.reduce((total, { series }) => total + sum(series, "toolwright_token_refresh_total", { result }), 0);
    expect([renewals("ok"), renewals("refused")]).toEqual([6, 2]); // OAuth and the session: begun, renewed twice, refused
    const sinks = {
      results: all.flatMap(({ told }) => told),
      notes: all.map(({ notes }) => notes),
      metrics: all.map(({ page }) => page),
      otlp: collector.bodies.map((body) => body.toString("latin1")),
    };
    for (const [name, sink] of Object.entries(sinks)) expect(sink.length, name).toBeGreaterThan(APIS.length - 1);
    const hits = Object.entries(sinks).flatMap(([name, sink]) =>
      Object.entries(CANARIES).flatMap(([kind, canary]) =>
        sink.filter((text) => text.includes(canary)).map((text) => `${kind} in ${name}: ${text.slice(0, 300)}`),
      ),
    );
    expect(hits).toEqual([]);
    await Promise.all(all.map(async ({ vendor }) => await vendor.close()));
    await collector.close();
  },
  120_000,
);

/** One API with its vendor, over a server of its own, from its start to its end. */
async function tryApi(api: string, transport: "HTTP" | "stdio", collector: string) {
  const { jwt: accessToken, refresh: refreshToken, cookie } = CANARIES;
  const vendor = await startVendor({ accessToken, refreshToken, cookie });
  const args = [api, "--server", `api=${vendor.url}/v1`, "--metrics", "0", "--log"];
  const env = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector, TOOLWRIGHT_TRACE_VENDOR: "true" });
  let written = "";
  const server = transport === "HTTP" ? await serve(args, env, project.directory) : undefined;
  const target = server ?? { args: [CLI, "serve", ...args], env, cwd: project.directory };
  const client = await connect(CLIENTS[0], target, (text) => (written += text));
  const notes = () => server?.notes() ?? written;
  const metrics = await metricsUrl(notes);
  const told = await tryAll(client, vendor);
  const page = await (await fetch(metrics)).text();
  await client.close();
  await server?.stop();
  return { vendor, told, page, series: readExposition(page), notes: notes() };
}
