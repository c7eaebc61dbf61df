import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packedVariables } from "../../src/cli/pack/variables.ts";
import { acmeProject, type TestProject } from "../e2e/project.ts";
import { run } from "../e2e/server.ts";
import { emptyFolder, IDENTITY, pack, removeFolders } from "./packing.ts";
import { SERVER } from "./server-schema.ts";

let project: TestProject;
beforeAll(async () => {
  project = acmeProject();
  await run(["generate"], { cwd: project.directory });
});
afterAll(() => {
  project.remove();
  removeFolders();
});

const read = (folder: string, file: string) => readFileSync(join(folder, file));

test("an entry says what the server is, where it is got with which digest, and what it reads", async () => {
  const repository = ["--repository", "https://github.com/jane/acme"];
  const folder = await pack(project.directory, "acme", [...IDENTITY, ...repository, "--package", "@jane/acme-mcp"]);
  const entry: unknown = JSON.parse(read(folder, "server.json").toString());
  const common = {
    transport: { type: "stdio" },
    environmentVariables: [
      { name: "ACME_DOMAIN", description: "The {domain} of https://{domain}/v1.", isRequired: true, isSecret: false },
      { name: "ACME_TOKEN", description: 'For the credential "key" of Acme.', isRequired: true, isSecret: true },
      {
        name: "ACME_AGENT_ID",
        description: "Told to the model as agent_id. Optional.",
        isRequired: false,
        isSecret: false,
      },
      {
        name: "ACME_CALLS_PER_MINUTE",
        description: "A limit that this server keeps on its own calls. Empty: 100.",
        isRequired: false,
        isSecret: false,
        default: "100",
      },
      {
        name: "TOOLWRIGHT_READ_ONLY",
        description: "Serve only the tools that change nothing.",
        isRequired: false,
        isSecret: false,
        format: "boolean",
      },
    ],
  };
  expect(entry).toEqual({
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: "io.github.jane/acme",
    title: "Acme",
    description: "Acme as an MCP server: 3 tools",
    version: "1.2.3",
    repository: { url: "https://github.com/jane/acme", source: "github" },
    packages: [
      { registryType: "npm", identifier: "@jane/acme-mcp", version: "1.2.3", ...common },
      {
        registryType: "mcpb",
        identifier: "https://github.com/jane/acme/releases/download/v1.2.3/acme.mcpb",
        fileSha256: createHash("sha256").update(read(folder, "acme.mcpb")).digest("hex"),
        ...common,
      },
    ],
  });
});

test.each(["freshservice", "halo-itsm", "halo-lms"])("that of %s keeps the registry's rules", async (api) => {
  const folder = await pack(emptyFolder(), api, [...IDENTITY, "--only", "server.json"]);
  const entry: unknown = JSON.parse(read(folder, "server.json").toString());
  expect(SERVER.safeParse(entry).error).toBeUndefined();
});

test("a title of any length leaves a description that the registry takes", async () => {
  const long = acmeProject();
  long.edit("tools.yaml", "title: Acme", `title: "${"Acme of the North, ".repeat(9)}"`);
  await run(["generate"], { cwd: long.directory });
  const entry: unknown = JSON.parse(read(await pack(long.directory, "acme"), "server.json").toString());
  expect(SERVER.safeParse(entry).error).toBeUndefined();
  long.remove();
});

test("T37 what stands in for a secret that nobody sets is printed nowhere", async () => {
  const definition = {
    name: "acme",
    title: "Acme",
    servers: { api: { url: "https://acme.example" } },
    limits: { calls: ["{$env.ACME_CALLS:-100}/minute"] },
    credentials: { key: { servers: ["api"], bearer: "{$env.ACME_KEY:-canary-of-a-demo-account}" } },
    tools: {},
  };
  const variables = await packedVariables({ definition, catalog: { tools: [] } });
  expect(variables).toMatchObject([
    { name: "ACME_CALLS", secret: false, fallback: "100" },
    { name: "ACME_KEY", secret: true, description: expect.stringMatching(/ Optional\.$/) as unknown },
  ]);
  expect(JSON.stringify(variables)).not.toContain("canary");
});
