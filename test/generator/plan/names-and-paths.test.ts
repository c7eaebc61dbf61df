import { requestOf } from "../../../src/definition/call.ts";
import { expect, test } from "vitest";
import { sentPath } from "../../../src/generator/plan/sent-path.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { deployed, scopeOf } from "../../runtime/request/fixture.ts";
import { planProject } from "./project.ts";

const ok = { 200: { description: "OK" } };
const parameter = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
const named = (tool: string) => ({
  paths: { "/a": { get: { responses: ok } } },
  tools: { [tool]: { description: "D.", operation: "GET /a" } },
});

test.each(["delete", "await", "arguments", "class", "file", "z", "defineTool", "eval", "import"])(
  "T01 the reserved word %s is no tool",
  async (tool) => expect((await planProject(named(tool))).said.join()).toContain("RESERVED_TOOL_NAME"),
);

test.each(["constructor", "toString", "hasOwnProperty", "prototype", "valueOf"])(
  "T07 %s, which every object has, is no tool",
  async (tool) => expect((await planProject(named(tool))).said.join()).toContain("RESERVED_TOOL_NAME"),
);

test.each(["con", "NUL", "lpt1", "a/b", "../a", "a\\b", "a b", "x".repeat(65)])(
  "T02 %s is no file, so no tool",
  async (tool) => expect((await planProject(named(tool))).said.join()).toMatch(/RESERVED_TOOL_NAME|INVALID_TOOL_NAME/),
);

test("T02 tools whose names differ in capitals only are one file on some systems", async () => {
  const { said } = await planProject({
    paths: { "/a": { get: { responses: ok } } },
    tools: { get_a: { operation: "GET /a", description: "D." }, Get_A: { operation: "GET /a", description: "D." } },
  });
  expect(said.join()).toContain("DUPLICATE_TOOL_NAME");
});

test("T07 parameters that are called like what every object has are arguments or are told", async () => {
  const parameters = ["constructor", "toString", "a"].map((name) => ({
    name,
    in: "query",
    schema: { type: "string" },
  }));
  const { said, api } = await planProject({
    paths: { "/a": { get: { parameters, responses: ok } } },
    tools: { get_a: { operation: "GET /a", description: "D.", parameters: { toString: { rename: "text" } } } },
  });
  expect(said.filter((one) => one.startsWith("INVALID_ARGUMENT_NAME"))).toHaveLength(1);
  expect(api.tools[0]?.inputs.map(({ name }) => name)).toContain("text");
});

test.each([
  { path: "/rpc#createThing", inputs: {}, want: "/rpc" },
  { path: "/rpc?action=get&v=%20a+b", inputs: {}, want: "/rpc?action=get&v=%20a%20b" },
  { path: "/rpc?id={id}&flag", inputs: { id: "a&b=c#d" }, want: "/rpc?id=a%26b%3Dc%23d&flag=" },
  { path: "/things:batch", inputs: {}, want: "/things:batch" },
  { path: "/things/a&b;c=d", inputs: {}, want: "/things/a&b;c=d" },
  { path: "/compare/{a}...{b}", inputs: { a: "main", b: "x:y" }, want: "/compare/main...x%3Ay" },
  { path: "/f/{name}.{ext}", inputs: { name: "a.b", ext: "c" }, want: "/f/a.b.c" },
  { path: "/{a}{b}", inputs: { a: "1", b: "2" }, want: "/12" },
  { path: "/a b/ü", inputs: {}, want: "/a%20b/%C3%BC" },
  { path: "/#only", inputs: {}, want: "/" },
])("T08 a path means what it says: $path → $want", async ({ path, inputs, want }) => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const { tool } = await planProject({
    paths: { [path]: { get: { parameters: names.map(parameter), responses: ok } } },
    tools: { get_it: { description: "D.", operation: `GET ${path}` } },
  });
  const [call] = tool("get_it").steps[0]?.calls ?? [];
  if (!call) expect.fail("it has no call");
  const { url } = await fillRequest(call, scopeOf(inputs), deployed("https://acme.example"));
  expect(url.href).toBe(`https://acme.example${want}`);
});

test("T08 two parameters of one segment cannot leave it together", async () => {
  const { tool } = await planProject({
    paths: { "/a/{x}{y}/b": { get: { parameters: ["x", "y"].map(parameter), responses: ok } } },
    tools: { get_it: { description: "D.", operation: "GET /a/{x}{y}/b" } },
  });
  const [call] = tool("get_it").steps[0]?.calls ?? [];
  if (!call) expect.fail("it has no call");
  await expect(fillRequest(call, scopeOf({ x: ".", y: "." }), deployed())).rejects.toMatchObject({
    code: "invalid_arguments",
  });
  expect(sentPath("/a?b#c").query).toEqual([["b", ""]]);
});

test("T14 a server that only the description names sees no credential, whatever it is called", async () => {
  const get = (url: string) => ({ get: { servers: [{ url }], responses: ok } });
  const { api, tool, said } = await planProject({
    paths: {
      "/a": get("https://evil.example/api"),
      "/b": get("https://api.example/"),
      "/c": get("https://user:x@evil.example"),
    },
    tools: Object.fromEntries(
      ["a", "b", "c"].map((name) => [`get_${name}`, { description: "D.", operation: `GET /${name}` }]),
    ),
    api: {
      servers: { main: { url: "https://api.example" }, evil_example__api: { url: "https://good.example" } },
      credentials: { key: { bearer: "${ACME_KEY}" } },
    },
  });
  const request = (name: string) => {
    const [call] = tool(name).steps[0]?.calls ?? [];
    return call && requestOf(call);
  };
  const own = request("get_a")?.server ?? "";
  expect(own).toMatch(/^evil_example__api_[0-9a-f]{8}$/);
  expect(request("get_a")?.credential).toBeUndefined();
  expect(api.definition.servers[own]).toEqual({ url: "https://evil.example/api" });
  expect(api.definition.servers["evil_example__api"]).toEqual({ url: "https://good.example" });
  expect(api.definition.credentials?.["key"]?.servers).toEqual(["main", "evil_example__api"]);
  expect(request("get_b")).toMatchObject({ server: "main", credential: "key" });
  expect(request("get_c")).toMatchObject({ server: "main", credential: "key" });
  expect(said.map((one) => one.split(" ")[0])).toEqual(["OTHER_SERVER", "UNUSABLE_SERVER"]);
});
