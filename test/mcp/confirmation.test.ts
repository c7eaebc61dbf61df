import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDeployment } from "../../src/runtime/load/deployment.ts";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { narrow } from "../../src/runtime/load/narrow.ts";
import type { CallRecord } from "../../src/runtime/serve/call-log.ts";
import { type HttpServing, serveHttp } from "../../src/runtime/serve/http.ts";
import { ESSAYS, bundle } from "./fixture/bundle.ts";
import type { CalledTool, Target } from "./fixture/clients.ts";
import { ASKING_CLIENTS, type Person, type Says } from "./fixture/people.ts";
import { startVendor } from "./fixture/vendor.ts";

let program: Awaited<ReturnType<typeof bundle>>;
let vendor: Awaited<ReturnType<typeof startVendor>>;
let serving: HttpServing;
const calls: CallRecord[] = [];

/** @param stateDirectory Callers bring keys of their own, and what is kept is kept there. */
async function serve(secret?: string, stateDirectory?: string): Promise<HttpServing> {
  const loaded = await loadApi(ESSAYS);
  const credentials = { key: { servers: ["api"], bearer: "$env.ESSAYS_KEY" } };
  const apiKey = { credential: "key", header: "X-Essays-Key", scheme: "Essays-Key", pattern: "[a-z0-9]{16,}" };
  const access = { mode: "api-key-passthrough", apiKey };
  const keyed = { ...loaded, definition: { ...loaded.definition, credentials, access } };
  const common = { environment: {}, serverOverrides: { api: vendor.url } };
  const deployment = createDeployment(
    stateDirectory === undefined
      ? { ...common, api: loaded, mode: "sandbox" }
      : { ...common, api: keyed, mode: "live", accessEnvironment: {}, stateDirectory },
  );
  const onCall = (call: CallRecord) => void calls.push(call);
  const environment = { TOOLWRIGHT_SECRET: secret };
  return await serveHttp({ apis: narrow([deployment]), version: "1.2.3", port: 0, environment, onCall });
}

beforeAll(async () => {
  [program, vendor] = await Promise.all([bundle(resolve(import.meta.dirname, "fixture/program.ts")), startVendor()]);
  serving = await serve();
}, 60_000);
afterAll(async () => {
  program.remove();
  await serving.close();
  await vendor.close();
});

const targets: Readonly<Record<string, () => Target>> = {
  stdio: () => ({ command: process.execPath, args: [program.program, ESSAYS, vendor.url, "stdio"] }),
  HTTP: () => ({ url: serving.url }),
};
const SENTENCE = 'Essays (SANDBOX): Submit an essay (name: "My summer"). This cannot be taken back. Do it?';

/** One call with a person behind the client, or nobody; what came of it, and how many requests the vendor saw. */
async function called(
  { connect }: (typeof ASKING_CLIENTS)[number],
  { transport, says, args }: { transport: string; says?: Says; args?: Record<string, unknown> },
): Promise<{ result: CalledTool; heard: readonly string[]; sent: number }> {
  const person: Person | undefined = says && { heard: [], says };
  const client = await connect(targets[transport]?.() ?? { url: "" }, person);
  const before = vendor.seen.length;
  try {
    const result = await client.call({ name: "My summer", ...args });
    return { result, heard: person?.heard ?? [], sent: vendor.seen.length - before };
  } finally {
    await client.close();
  }
}

for (const transport of Object.keys(targets)) {
  const able = ASKING_CLIENTS.filter(({ stateless }) => transport === "stdio" || !stateless);
  const unable = ASKING_CLIENTS.filter((client) => !able.includes(client));

  describe.each(able)(`over ${transport}, $kind, with somebody to ask`, (client) => {
    test("accepted: asked once, in words that say what will be done, then done once", async () => {
      const { result, heard, sent } = await called(client, { transport, says: "accept" });
      expect(heard).toEqual([SENTENCE]);
      expect(sent).toBe(1);
      expect(result.structuredContent).toEqual({ id: 26, name: "My summer" });
    });

    test.each([
      ["decline", /said no.*nothing was sent/],
      ["cancel", /closed without an answer.*nothing was sent/],
    ] as const)("%s: nothing is done, and that is the answer", async (says, words) => {
      const { result, heard, sent } = await called(client, { transport, says });
      expect(heard).toEqual([SENTENCE]);
      expect(sent).toBe(0);
      expect(result.isError ?? false).toBe(false);
      expect(result.structuredContent).toMatchObject({ done: false });
      expect(result.content[0]?.text).toMatch(words);
    });

    test("a yes is for one call: the same call again asks again", async () => {
      const person: Person = { heard: [], says: "accept" };
      const open = await client.connect(targets[transport]?.() ?? { url: "" }, person);
      onTestFinished(async () => await open.close());
      const before = vendor.seen.length;
      await open.call({ name: "My summer" });
      person.says = "decline";
      await open.call({ name: "My summer" });
      expect(person.heard).toEqual([SENTENCE, SENTENCE]);
      expect(vendor.seen.length - before).toBe(1);
    });

    test("the argument stands for no person who can be asked", async () => {
      const { heard, sent } = await called(client, { transport, says: "decline", args: { confirm: true } });
      expect([heard.length, sent]).toEqual([1, 0]);
    });

    test("arguments that do not fit ask nobody", async () => {
      const { result, heard, sent } = await called(client, { transport, says: "accept", args: { name: "" } });
      expect([result.isError, heard.length, sent]).toEqual([true, 0, 0]);
    });
  });

  describe.each(ASKING_CLIENTS)(`over ${transport}, $kind, with nobody to ask`, (client) => {
    test("nothing is done, and the model is told what to show and what to send", async () => {
      const { result, sent } = await called(client, { transport });
      expect(sent).toBe(0);
      expect(result.isError).toBe(true);
      expect(result.content[0]?.text).toContain(SENTENCE);
      expect(result.content[0]?.text).toMatch(/confirm: true/);
    });

    test("with the argument it is done", async () => {
      const { result, sent } = await called(client, { transport, args: { confirm: true } });
      expect(sent).toBe(1);
      expect(result.structuredContent).toEqual({ id: 26, name: "My summer" });
    });

    test("a no in the argument is a no", async () => {
      const { result, sent } = await called(client, { transport, args: { confirm: false } });
      expect([result.isError, sent]).toEqual([true, 0]);
    });
  });

  describe.each(unable)(`over ${transport}, $kind, whom no question can reach`, (client) => {
    test("is as if nobody was there", async () => {
      const { result, heard, sent } = await called(client, { transport, says: "accept" });
      expect([heard.length, sent, result.isError]).toEqual([0, 0, true]);
      const agreed = await called(client, { transport, says: "decline", args: { confirm: true } });
      expect(agreed.sent).toBe(1);
    });
  });
}

describe("T33 the state of a question", () => {
  /** One request of 2026-07-28, as a client that makes its own state would write it. */
  async function post(
    params: object,
    url = serving.url,
  ): Promise<{ result?: Question & CalledTool; error?: { code: number } }> {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    };
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "submitEssay",
        "x-essays-key": "annskey0123456789",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "submitEssay", ...params, _meta: meta },
      }),
    });
    const body = await response.text();
    return JSON.parse(body.startsWith("{") ? body : (/^data: (.*)$/m.exec(body)?.[1] ?? "")) as Awaited<
      ReturnType<typeof post>
    >;
  }
  interface Question {
    readonly resultType: string;
    readonly requestState: string;
    readonly inputRequests: Readonly<Record<string, { params: { message: string } }>>;
  }
  const yes = { confirmation: { action: "accept", content: {} } };
  const asked = async (name = "My summer", url = serving.url) => {
    const { result } = await post({ arguments: { name } }, url);
    expect(result?.resultType).toBe("input_required");
    return result?.requestState ?? "";
  };

  test("is asked as an answer of the call, and no call is logged as done", async () => {
    calls.length = 0;
    const { result } = await post({ arguments: { name: "My summer" } });
    expect(result?.inputRequests["confirmation"]?.params.message).toBe(SENTENCE);
    expect(calls).toMatchObject([{ tool: "submitEssay", status: "confirmation_needed" }]);
  });

  test("counts for exactly the arguments that were asked about, in any order", async () => {
    const requestState = await asked();
    const before = vendor.seen.length;
    const { result } = await post({ arguments: { name: "My winter" }, requestState, inputResponses: yes });
    expect(result?.resultType).toBe("input_required");
    expect(result?.inputRequests["confirmation"]?.params.message).toContain("My winter");
    expect(vendor.seen.length).toBe(before);
    const done = await post({ arguments: { confirm: false, name: "My summer" }, requestState, inputResponses: yes });
    expect(done.result?.structuredContent).toEqual({ id: 26, name: "My summer" });
  });

  test.each([
    ["changed", (state: string) => `${state.slice(0, -2)}${state.endsWith("AA") ? "BB" : "AA"}`],
    ["made up", () => "v1.eyJwIjp7fX0.AAAA"],
    ["empty", () => ""],
  ])("%s: it is refused, and nothing is done", async (_, forge) => {
    const forged = forge(await asked());
    const before = vendor.seen.length;
    const { error } = await post({ arguments: { name: "My summer" }, requestState: forged, inputResponses: yes });
    expect(error).toMatchObject({ code: -32602 });
    expect(vendor.seen.length).toBe(before);
  });

  test("missing: an answer to no question is none", async () => {
    const before = vendor.seen.length;
    const { result } = await post({ arguments: { name: "My summer" }, inputResponses: yes });
    expect(result?.resultType).toBe("input_required");
    expect(vendor.seen.length).toBe(before);
  });

  test("a yes that was taken is asked about again, however many send it at once", async () => {
    const params = { arguments: { name: "My summer" }, requestState: await asked(), inputResponses: yes };
    const before = vendor.seen.length;
    const answers = await Promise.all(Array.from({ length: 8 }, async () => await post(params)));
    const done = answers.filter(({ result }) => result?.structuredContent);
    const again = answers.filter(({ result }) => result?.resultType === "input_required");
    expect([done.length, again.length, vendor.seen.length - before]).toEqual([1, 7, 1]);
    const { result } = await post({ ...params, requestState: again[0]?.result?.requestState });
    expect(result?.structuredContent).toMatchObject({ id: 26 }); // the new question, answered in its turn
  });

  /** Some servers at once, closed when the test has ended. */
  const servers = async (...options: readonly (readonly [secret?: string, stateDirectory?: string])[]) => {
    const started = await Promise.all(options.map(async (one) => await serve(...one)));
    onTestFinished(async () => void (await Promise.all(started.map(async (one) => await one.close()))));
    return started.map(({ url }) => url);
  };
  const older = "one long secret that replicas share";
  const newer = "another secret by which they replace it";

  test("a yes that one process took is taken by no other that shares its vault", async () => {
    const state = mkdtempSync(join(tmpdir(), "toolwright-confirm-"));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    const [one, two] = await servers([older, state], [older, state]);
    const requestState = await asked("My summer", one);
    const params = { arguments: { name: "My summer" }, requestState, inputResponses: yes };
    expect((await post(params, two)).result?.structuredContent).toMatchObject({ id: 26 });
    const before = vendor.seen.length;
    for (const url of [one, two]) expect((await post(params, url)).result?.resultType).toBe("input_required");
    expect(vendor.seen.length).toBe(before);
  });

  test("replicas take each other's with a secret that they share, and not without", async () => {
    const [one, two, other] = await servers([older], [older], []);
    const requestState = await asked("My summer", one);
    const params = { arguments: { name: "My summer" }, requestState, inputResponses: yes };
    expect((await post(params, other)).error).toMatchObject({ code: -32602 });
    expect((await post(params, two)).result?.structuredContent).toMatchObject({ id: 26 });
  });

  test("a secret that is replaced goes on being taken, and seals no more", async () => {
    const [before, between, after] = await servers([older], [`${newer}, ${older}`], [newer]);
    const params = { arguments: { name: "My summer" }, inputResponses: yes };
    const old = { ...params, requestState: await asked("My summer", before) };
    expect((await post(old, after)).error).toMatchObject({ code: -32602 });
    expect((await post(old, between)).result?.structuredContent).toMatchObject({ id: 26 });
    const fresh = { ...params, requestState: await asked("My summer", between) };
    expect((await post(fresh, before)).error).toMatchObject({ code: -32602 });
    expect((await post(fresh, after)).result?.structuredContent).toMatchObject({ id: 26 });
  });

  test("a secret that can be guessed is refused at the start, as the vault refuses it", async () => {
    const refused = "TOOLWRIGHT_SECRET is shorter than 32 characters";
    for (const secret of ["short", "x".repeat(31), `${older},short`])
      await expect(serve(secret)).rejects.toThrow(refused);
  });
});
