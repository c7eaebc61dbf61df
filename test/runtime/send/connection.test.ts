import { createServer as createTlsServer } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterEach, expect, test } from "vitest";
import { configureTransport, type TransportOptions } from "../../../src/runtime/send/transport.ts";
import { EXPIRED, KEY, OTHER_HOST } from "./certificates.ts";
import { failureTo, rawVendor, WRITE } from "./vendor.ts";

const fast = (connect: TransportOptions["connect"] = {}) => configureTransport({ timeScale: 1 / 20, connect });
afterEach(() => configureTransport({}));
const requests = { safe: {}, write: WRITE };

/** Sends to an address and counts the attempts. */
async function attemptsTo(url: string, request: object) {
  let attempts = 0;
  const error = await failureTo(url, { request, hooks: { attempt: () => void attempts++ } });
  return { attempts, error };
}

for (const [kind, request] of Object.entries(requests)) {
  test(`1 ECONNREFUSED: ${kind}`, async () => {
    await fast();
    const vendor = await rawVendor(() => undefined);
    await vendor.close();
    const { attempts, error } = await attemptsTo(vendor.url, request);
    expect(error).toMatchObject({ code: "upstream_unreachable", facts: { retryable: true } });
    expect(attempts).toBe(3); // nothing was sent, so that a write may be repeated too
  });

  test.each([
    { row: "2 ENOTFOUND", code: "ENOTFOUND", n: 1 }, // the name will not exist a second later either
    { row: "3 EAI_AGAIN", code: "EAI_AGAIN", n: 3 },
  ])(`$row: ${kind}`, async ({ code, n }) => {
    const lookup: LookupFunction = (host, _options, done) =>
      done(Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, syscall: "getaddrinfo" }), "", 4);
    await fast({ lookup });
    const { attempts, error } = await attemptsTo("http://acme.test", request);
    expect(error).toMatchObject({ code: "upstream_unreachable" });
    expect(String(error)).not.toContain("acme.test");
    expect(attempts).toBe(n);
  });

  test(`4 connect black hole: ${kind}`, async () => {
    await fast();
    // Takes the connection and never says a word of TLS: connecting does not end.
    const vendor = await rawVendor(() => undefined);
    const start = performance.now();
    const { attempts, error } = await attemptsTo(vendor.url.replace("http:", "https:"), request);
    expect(error).toMatchObject({ code: "upstream_unreachable" });
    expect(attempts).toBe(3);
    expect(performance.now() - start).toBeLessThan(5_000);
    await vendor.close();
  });

  test.each([
    { row: "5 TLS self-signed", cert: OTHER_HOST, trusted: false },
    { row: "5 TLS expired", cert: EXPIRED, trusted: true },
    { row: "6 TLS of another host", cert: OTHER_HOST, trusted: true },
  ])(`$row: ${kind}`, async ({ cert, trusted }) => {
    await fast(trusted ? { ca: cert } : {});
    let reached = 0;
    const server = createTlsServer({ key: KEY, cert }, (_request, response) => {
      reached++;
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { attempts, error } = await attemptsTo(
      `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      request,
    );
    expect(error).toMatchObject({ code: "tls_error" });
    expect({ attempts, reached }).toEqual({ attempts: 1, reached: 0 });
    server.close();
  });

  test(`a reset during the handshake, before anything is sent: ${kind}`, async () => {
    await fast();
    const server = createServer((socket) => socket.on("error", () => undefined).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { attempts, error } = await attemptsTo(
      `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      request,
    );
    expect(error).toMatchObject({ code: "upstream_unreachable" });
    expect(attempts).toBe(3);
    server.close();
  });
}
