import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { standInOf } from "../days/stand-in.ts";
import { connect } from "./clients.ts";
import { CLI, ownEnvironment, serve } from "./server.ts";

const SECRETS = /sandbox-(?:auth|context)-token|canary/;

test.each(["SDK v2, 2026-07-28", "SDK v1"] as const)(
  "check_tokens asks the platform and renews nothing, with %s",
  async (kind) => {
    const serving = await serve(["halo-lms", "--sandbox"], ownEnvironment());
    onTestFinished(async () => void (await serving.stop()));
    const client = await connect(kind, { url: serving.url });
    onTestFinished(async () => await client.close());
    const standIn = standInOf(serving.notes());
    const asked = async () => (await standIn.requests()).map(({ operation }) => operation);

    const valid = await client.call("check_tokens");
    expect(valid.value).toMatchObject({ credential: "tokens", status: "valid" });
    expect(await asked()).toEqual(["getCourseClassesForUser"]);

    await standIn.control({ fail: { operation: "getCourseClassesForUser", error: "broken" } });
    const unknown = await client.call("check_tokens");
    expect(unknown.value).toMatchObject({ status: "unknown" });
    expect((await asked()).length).toBe(2);

    await standIn.control({ expire: "access" });
    const expired = await client.call("check_tokens");
    expect(expired).toMatchObject({ isError: false, value: { credential: "tokens", status: "expired" } });
    expect(new Set(await asked())).toEqual(new Set(["getCourseClassesForUser"]));
    expect((await asked()).length).toBe(3);
    expect(await standIn.counters()).not.toHaveProperty("session_read");

    await client.call("refresh");
    expect((await client.call("check_tokens")).value).toMatchObject({ status: "valid" });
    expect(JSON.stringify([valid, expired, unknown])).not.toMatch(SECRETS);
  },
);

test("a platform that does not answer is told as such: nobody knows how the tokens stand", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => closed.once("listening", listening));
  const { port } = closed.address() as AddressInfo; // a TCP server that listens
  await new Promise((ended) => closed.close(ended));
  const env = ownEnvironment({
    HALO_AUTH_TOKEN: "canary-auth",
    HALO_CONTEXT_TOKEN: "canary-ctx",
    HALO_TRANSACTION_ID: "t",
  });
  const args = [CLI, "serve", "halo-lms", "--server", `gateway=http://127.0.0.1:${port}`];
  const client = await connect("SDK v2, 2026-07-28", { args, env });
  onTestFinished(async () => await client.close());
  const { isError, value, text } = await client.call("check_tokens");
  expect({ isError, status: value?.["status"] }).toEqual({ isError: false, status: "unknown" });
  expect(String(value?.["message"])).toMatch(/Halo LMS could not be reached|Try again/);
  expect(text).not.toMatch(SECRETS);
});
