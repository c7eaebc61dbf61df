import { expect, test } from "vitest";
import { legacy, modern, raw } from "./fixture/raw.ts";
import { serveAcme } from "./fixture/serve.ts";

test("before the port closes, /readyz says no, /livez says yes, and calls are answered", async () => {
  const acme = await serveAcme({ preStopMs: 400 });
  const get = (path: string) => raw(acme.url, { method: "GET", path });
  expect((await get("/readyz")).status).toBe(200);
  const closed = acme.close();
  expect(await get("/readyz")).toMatchObject({ status: 503, text: "" });
  expect((await get("/livez")).status).toBe(200);
  const { json } = await raw(acme.url, modern("tools/call", { name: "fetchThing", arguments: { thing_id: 3 } }));
  expect(json.result?.["structuredContent"]).toEqual({ id: 3, name: "thing 3" });
  await closed;
  await expect(raw(acme.url, legacy("ping"))).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("closing twice is closing once", async () => {
  const acme = await serveAcme();
  await Promise.all([acme.serving.close(), acme.close()]);
});
