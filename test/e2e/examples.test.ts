import { afterAll, beforeAll, expect, test } from "vitest";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { parseTemplate } from "../../src/definition/template.ts";
import type { Example } from "../../src/definition/api.ts";
import { connect, type TestClient } from "./clients.ts";
import { CLI, ownEnvironment } from "./server.ts";

type Json = Readonly<Record<string, unknown>>;

/** The prompts of the vendor's guide, and what must come of the calls that tools.yaml lists for them. */
const WANTED: readonly (readonly [prompt: RegExp, check: (answer: Json) => unknown])[] = [
  [
    /open tickets assigned to me/,
    ({ items }) =>
      expect((items as Json[]).map((row) => [row["status"], row["responder_id"]])).toEqual([
        [2, 21000400001],
        [2, 21000400001],
      ]),
  ],
  [
    /details of ticket 10234/,
    (answer) =>
      expect(answer).toMatchObject({
        id: 10234,
        subject: "Laptop does not boot after update",
        requester: { email: "john@acme.com" },
      }),
  ],
  [
    /internal note to ticket 1023/,
    (answer) =>
      expect(answer).toMatchObject({ ticket_id: 1023, private: true, body: "The VPN gateway was restarted." }),
  ],
  [
    /catalog for 'laptop'/,
    ({ items }) => expect((items as Json[]).map(({ name }) => name)).toContain("Windows laptop"),
  ],
  [
    /Request Zoom for john@acme.com/,
    (answer) =>
      expect(answer).toMatchObject({
        type: "Service Request",
        requested_for_id: 21000500001,
        subject: "Request for Zoom Pro licence",
      }),
  ],
  [
    /solution articles for 'VPN issue'/,
    ({ items }) => expect((items as Json[]).map(({ title }) => title)).toContain("Fix a VPN issue on Windows"),
  ],
  [/articles in the 'Laptop Issues' folder/, ({ items }) => expect(items).toHaveLength(3)],
];

let client: TestClient;
beforeAll(async () => {
  client = await connect("SDK v2, 2026-07-28", {
    args: [CLI, "serve", "freshservice", "--sandbox"],
    env: ownEnvironment(),
  });
});
afterAll(async () => await client.close());

const { definition } = await loadApi("generated/freshservice");

test("the guide's seven prompts stand in tools.yaml, in its order", () => {
  expect(definition.examples).toHaveLength(7);
  definition.examples?.forEach(({ ask }, index) => expect(ask).toMatch(WANTED[index]?.[0] ?? /^never$/));
});

test.each(definition.examples ?? [])("$ask", async ({ ask, calls }) => {
  const answer = await runExample({ ask, calls });
  await WANTED.find(([prompt]) => prompt.test(ask))?.[1](answer);
});

test("who is asking is told to the model", () => expect(client.instructions).toContain("agent_id 21000400001"));

/** Makes the calls of an example one after the other; later ones see what earlier ones answered. */
async function runExample({ calls }: Example): Promise<Json> {
  const answers: Record<string, Json> = {};
  let last: Json = {};
  for (const call of calls) {
    const [[tool, args] = ["", {}]] = Object.entries(call);
    const { isError, text, value } = await client.call(tool, fill(args, answers) as Json);
    expect({ tool, isError, text }).toMatchObject({ isError: false });
    last = answers[tool] = value ?? {};
  }
  return last;
}

function fill(template: unknown, answers: Readonly<Record<string, Json>>): unknown {
  if (typeof template === "string") {
    const parts = parseTemplate(template).map((part) => {
      if (typeof part === "string") return part;
      if (part.from === "env") return { FRESHSERVICE_AGENT_ID: "21000400001" }[part.name];
      if (part.from !== "steps") throw new Error(`an example cannot use $${part.from}`);
      return part.pointer
        .slice(1)
        .split("/")
        .reduce<unknown>((at, key) => (at as Json)[key], answers[part.step]);
    });
    return parts.length === 1 ? parts[0] : parts.join("");
  }
  if (Array.isArray(template)) return template.map((entry) => fill(entry, answers));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, answers)]));
}
