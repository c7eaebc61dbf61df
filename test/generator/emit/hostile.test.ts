import { beforeAll, describe, expect, test } from "vitest";
import type { ApiPlan, ToolPlan } from "../../../src/generator/plan/tool-plan.ts";
import { emit } from "../../../src/generator/emit/emit.ts";
import { compile, run } from "./compile.ts";
import { apiPlan, input, toolPlan } from "./plans.ts";

/** Each tries to get out of where text stands, and to leave a trace when it does. */
const PAYLOADS = [
  "'; globalThis.pwned = 1; '",
  '"; globalThis.pwned = 1; "',
  "`; globalThis.pwned = 1; `",
  "${globalThis.pwned = 1}",
  '\\"; globalThis.pwned = 1; //\\',
  "*/ globalThis.pwned = 1; /*",
  "\nglobalThis.pwned = 1;\r\n",
  "\u2028globalThis.pwned = 1;\u2029",
  "]: globalThis.pwned = 1, [",
  "</script><script>globalThis.pwned = 1</script>",
  "__proto__",
  "constructor",
  "\u202eglobalThis.pwned = 1;\u202c",
  "\u0000\ud800 globalThis.pwned = 1",
];

/** A plan with the payload in every place where a vendor's text can come to stand: 24 of them and some more. */
function hostile(payload: string, index: number): ApiPlan {
  const text = `a${payload}`;
  const keyed = <T>(value: T): Record<string, T> => Object.fromEntries([[payload, value]]); // an own key, even for __proto__
  const itself = { $ref: `#/$defs/${payload.replaceAll("~", "~0").replaceAll("/", "~1")}` };
  const request: ToolPlan["steps"][number]["calls"][number]["request"] = {
    method: "POST",
    path: `/${payload}`,
    server: payload,
    credential: payload,
    pathParameters: keyed({ value: "$inputs.path", style: "label" }),
    query: keyed("$inputs.free"),
    header: keyed(text),
    cookie: keyed(text),
    body: {
      contentType: payload,
      payload: { deep: keyed([text, "$inputs.object"]), choice: "$inputs.choice", fixed: "$inputs.fixed" },
      encoding: keyed({ contentType: text }),
    },
  };
  const origin = { file: `specs/${payload}`, pointer: `/${payload}` };
  const tool = toolPlan({
    name: `tool_${index}`,
    title: payload,
    description: payload,
    scopes: [payload],
    origin,
    operations: [{ method: "POST", path: request.path, operationId: payload, origin }],
    definitions: keyed({ type: "object", properties: { again: itself } }),
    inputs: [
      input("path", { type: "string", description: payload, default: payload }),
      input("free", { type: "string", pattern: payload, format: payload, description: payload }),
      input("choice", { type: "string", enum: [payload, "other"], default: payload, title: payload }),
      input("fixed", { const: { deep: keyed(payload) } }),
      input("object", {
        type: "object",
        title: payload,
        properties: keyed({ type: "string", enum: [payload] }),
        required: [payload],
        additionalProperties: itself,
        oneOf: [{ type: "object" }],
        discriminator: { propertyName: payload },
        example: payload,
        [`x-${payload}`]: payload,
      }),
    ],
    steps: [{ stepId: payload, calls: [{ when: payload, request }] }],
    result: { value: `$response.body#/${payload}`, fields: [payload], project: payload, text: [{ at: payload }] },
  });
  return apiPlan([tool, { ...tool, name: `twin_${index}` }], {
    name: `acme_${index}`,
    definition: {
      title: payload,
      servers: keyed({ url: payload, variables: keyed(payload) }),
      credentials: keyed({ servers: [payload], headers: keyed(payload) }),
      limits: { operations: keyed([payload]), headers: { remaining: payload } },
      instructions: payload,
      identity: keyed("$env.A" as const),
      examples: [{ ask: payload, calls: [keyed({ a: payload })] }],
    },
    environment: [{ name: "A", required: true, fallback: payload, usedBy: [payload] }],
  });
}

describe("T01 text of a vendor never becomes code", () => {
  const plans = PAYLOADS.map(hostile);
  const files = new Map<string, string>();
  let ran: ReturnType<typeof run>;
  beforeAll(async () => {
    for (const plan of plans) for (const [file, text] of await emit(plan)) files.set(file, text);
    ran = run(files);
  });

  test("every module compiles under the strict flags", () => expect(compile(files)).toBe(""));

  test("the canary would show", () => {
    const { traces } = run(new Map([["generated/acme/index.ts", "globalThis.pwned = 1; export const api = {};"]]));
    expect(traces).toEqual(["pwned"]);
  });

  test("importing them all runs nothing", () => {
    expect(ran.traces).toEqual([]);
    expect(ran.exports).toHaveLength([...files.keys()].filter((file) => file.endsWith(".ts")).length);
  });

  test.each(PAYLOADS.map((payload, index) => ({ payload, index })))(
    "$payload comes back as it went in",
    ({ payload, index }) => {
      const plan = plans[index]!;
      const [tool] = plan.tools;
      const said = (file: string) =>
        (ran.exports as { file: string; said: object; shape: object }[]).find((one) => one.file === file);
      const { name, title, description, annotations, scopes, result } = tool!;
      const [call] = tool!.steps[0]!.calls;
      const module = said(`generated/acme_${index}/tools/tool_${index}.ts`);
      expect(sorted(module?.said)).toBe(sorted({ name, title, description, annotations, scopes, ...call, result }));
      expect(sorted(said(`generated/acme_${index}/index.ts`)?.said)).toBe(
        sorted({ name: plan.name, ...plan.definition }),
      );
      expect(module?.shape).toMatchObject({ path: payload, free: payload });
      const catalog = JSON.parse(files.get(`generated/acme_${index}/catalog.json`)!) as {
        tools: { description: string }[];
      };
      expect(catalog.tools[0]?.description).toBe(payload);
    },
  );

  test("comments stay one line, and the page for people has no markup of theirs", () => {
    for (const [file, text] of files) {
      if (file.endsWith(".md"))
        expect(text.replaceAll(/^(`{3,})[^]*?^\1$/gm, "").replaceAll(/(`+)[^\n]*?\1/g, "")).not.toMatch(
          /(?<!\\)<script/,
        );
      if (file.endsWith(".ts")) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u2029\u202a-\u202e]/);
    }
  });
});

describe("T02 a name never becomes a path elsewhere", () => {
  test.each(["../../x", "a/b", "C:\\x", "", ".", "..", "a.b", "a\u0000"])("%j", async (name) => {
    await expect(emit(apiPlan([toolPlan({ name })]))).rejects.toThrow(TypeError);
    await expect(emit(apiPlan([], { name }))).rejects.toThrow(TypeError);
  });
  test.each(["../../x", "con", "__proto__", "a".repeat(300), "Größe", "123", ""])(
    "a schema called %j gets a name that every file system takes",
    async (name) => {
      const definitions = Object.fromEntries([
        [name, { type: "object", properties: { again: { $ref: `#/$defs/${name.replaceAll("/", "~1")}` } } }],
      ]);
      const files = await emit(apiPlan([toolPlan({ definitions })]));
      const schemas = [...files.keys()].filter((file) => file.includes("/schemas/"));
      expect(schemas).toHaveLength(1);
      expect(schemas[0]).toMatch(/^generated\/acme\/schemas\/(?!con\.)[A-Za-z][A-Za-z0-9]{0,70}\.ts$/i);
    },
  );
  test("schemas whose names differ in capitals only get different ones", async () => {
    const definitions = { Node: { type: "object" }, node: { type: "string" }, "NO-DE": { type: "array" } };
    const files = await emit(apiPlan([toolPlan({ definitions })]));
    expect(
      [...files.keys()].filter((file) => file.includes("/schemas/")).map((file) => file.split("/").at(-1)),
    ).toEqual(["NODE3.ts", "Node.ts", "Node2.ts"]);
  });
});

/** JSON with its keys in order: what matters is what is said, not in which order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
