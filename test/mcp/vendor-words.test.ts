import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createDeployment } from "../../src/runtime/load/deployment.ts";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { narrow } from "../../src/runtime/load/narrow.ts";
import { type HttpServing, serveHttp } from "../../src/runtime/serve/http.ts";
import { ACME } from "./fixture/bundle.ts";
import { CLIENTS } from "./fixture/clients.ts";

const KEY = "canary-key-0123456789";
/** By media type, what a vendor says; it repeats the credential, as some do. */
const SAYS: readonly (readonly [string, (key: string) => object, string])[] = [
  ["application/json", (key) => ({ problem: `no thing for ${key}` }), '{"problem":"no thing for ***"}.'],
  ["application/json", () => ({ detail: "No such thing" }), "No such thing."],
  [
    "application/problem+json",
    () => ({ type: "about:blank", title: "Gone astray", status: 404, detail: "No such thing" }),
    "Gone astray: No such thing.",
  ],
];
let said = 0;
let serving: HttpServing;
const vendor = createServer((request, response) => {
  const [type, body] = SAYS[said] ?? ["", () => ({})];
  const [, pair = ""] = (request.headers.authorization ?? "").split(" ");
  const [key = ""] = Buffer.from(pair, "base64").toString().split(":");
  response.writeHead(404, { "content-type": type }).end(JSON.stringify(body(key)));
});

beforeAll(async () => {
  await new Promise<void>((listening) => vendor.listen(0, "127.0.0.1", listening));
  const { port } = vendor.address() as AddressInfo; // a TCP server that listens
  const deployment = createDeployment({
    api: await loadApi(ACME),
    mode: "live",
    environment: { ACME_DOMAIN: "acme.example", ACME_API_KEY: KEY },
    serverOverrides: { api: `http://127.0.0.1:${port}` },
  });
  serving = await serveHttp({ apis: narrow([deployment]), version: "1.2.3", port: 0 });
});
afterAll(async () => {
  await serving.close();
  vendor.close();
});

test.each(CLIENTS)(
  "T35 the model reads what the vendor says, in whatever words, and no secret: $kind",
  async ({ connect }) => {
    const client = await connect({ url: serving.url });
    onTestFinished(async () => await client.close());
    for (const [index, [, , words]] of SAYS.entries()) {
      said = index;
      const { isError, content } = await client.callTool({ name: "fetchThing", arguments: { thing_id: 1 } });
      const text = content.map((one) => one.text).join("");
      expect(isError).toBe(true);
      expect(text).toContain(`(404 Not Found): ${words}`);
      expect(text).not.toContain(KEY);
    }
  },
);
