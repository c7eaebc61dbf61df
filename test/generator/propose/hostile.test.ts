import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { generate } from "../../../src/generator/generate.ts";
import { addApi } from "../../../src/generator/propose/add-api.ts";
import { printProposal } from "../../../src/generator/propose/print.ts";
import { propose } from "../../../src/generator/propose/propose.ts";
import { loadSpec } from "../../../src/spec/load-spec.ts";

const TEXTS = [
  'x"\n  evil:\n    spec: /etc/passwd\n#',
  "x\u2028evil: 1\u0085evil: 2\u0000",
  "${SECRET} {{ }} [ ] *alias &anchor !!js/function",
  "- ? : | > % @ ` # }",
  "'; \"\\",
  "yes",
  "1.0",
  "__proto__",
];

test.each(TEXTS)("T01 the text %j stays text wherever a description has it", async (hostile) => {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-hostile-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const row = Object.fromEntries(
    [hostile, ..."abcdefghijklmn", "id", "name", "status"].map((name) => [name, { type: "string" }]),
  );
  const things = { type: "array", items: { type: "object", properties: row } };
  const list = { type: "object", properties: { [hostile]: { type: "string" }, things } };
  const operation = (summary: string) => ({
    operationId: hostile,
    summary,
    description: hostile,
    tags: [hostile],
    parameters: [
      { name: hostile, in: "query", description: hostile, schema: { type: "string", default: hostile } },
      { name: "page", in: "query", schema: { type: "integer" } },
    ],
    responses: { 200: { description: hostile, content: { "application/json": { schema: list } } } },
  });
  const description = {
    openapi: "3.1.0",
    info: { title: hostile, version: hostile },
    servers: [{ url: hostile }, { url: hostile }],
    security: [{ [hostile]: [] }],
    paths: {
      "/things": {
        get: operation(hostile),
        post: {
          ...operation("Create"),
          requestBody: { content: { [`application/${hostile}`]: {}, "application/json": { schema: list } } },
        },
      },
      [`/${hostile}`]: { get: operation("List"), delete: operation(hostile) },
    },
    components: { securitySchemes: { [hostile]: { type: "apiKey", in: "query", name: hostile } } },
  };
  writeFileSync(join(folder, "acme.json"), JSON.stringify(description));
  const loaded = await loadSpec({ projectDir: folder, file: "acme.json", at: { file: "tools.yaml", pointer: "" } });
  if (!loaded.spec) expect.fail("it is a description");
  for (const all of [true, false]) {
    const proposal = propose(loaded.spec, {
      name: undefined,
      spec: "acme.json",
      source: hostile.replaceAll(/\s/g, ""),
      all,
      readOnly: false,
      credential: undefined,
    });
    const added = addApi(undefined, {
      name: proposal.name,
      api: printProposal(proposal, "tools2.yaml").api,
      header: "",
    });
    if (!("text" in added)) expect.fail(added.problem);
    const data = parse(added.text) as { apis: Record<string, { spec: string }> }; // looked at as data
    expect(Object.keys(data)).toEqual(["apis"]);
    expect(Object.keys(data.apis)).toEqual([proposal.name]);
    expect(data.apis[proposal.name]?.spec).toBe("acme.json");
    writeFileSync(join(folder, "tools.yaml"), added.text);
    const { diagnostics } = await generate({ projectDir: folder });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const uncommented = added.text.replaceAll(/^( *)# ([a-z_0-9]+: \{)/gm, "$1$2");
    expect(Object.keys((parse(uncommented) as typeof data).apis)).toEqual([proposal.name]);
  }
});
