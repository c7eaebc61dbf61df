import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getMcpConfigForManifest, v0_3 } from "@anthropic-ai/mcpb/node";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NODE_RANGE } from "../../src/cli/pack/bundle-manifest.ts";
import { connect } from "../e2e/clients.ts";
import { acmeAnswer, acmeProject, type TestProject } from "../e2e/project.ts";
import { type Recorder, startRecorder } from "../e2e/recorder.ts";
import { ownEnvironment, run } from "../e2e/server.ts";
import { emptyFolder, IDENTITY, pack, removeFolders } from "./packing.ts";

// A bundle as a host treats it: unzipped by another implementation, validated and started by the rules of the format's own tools.
interface Manifest {
  readonly name: string;
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  readonly compatibility: { readonly runtimes: { readonly node: string } };
  readonly server: {
    readonly entry_point: string;
    readonly mcp_config: { readonly env: Readonly<Record<string, string>> };
  };
  readonly user_config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let project: TestProject;
let recorder: Recorder;
beforeAll(async () => {
  project = acmeProject();
  recorder = await startRecorder(acmeAnswer);
  // What it serves is on this machine: a host gives a server no flags.
  project.edit(
    "tools.yaml",
    'url: "https://{domain}/v1", variables: { domain: "${ACME_DOMAIN}" }',
    `url: "{base}", variables: { base: "\${ACME_URL}" }`,
  );
  await run(["generate"], { cwd: project.directory });
});
afterAll(async () => {
  await recorder.close();
  project.remove();
  removeFolders();
});

/** Unzips a bundle with Python, which shares no code with what zipped it. */
function unzip(bundle: string): { readonly folder: string; readonly manifest: Manifest } {
  const folder = emptyFolder("ext ension-");
  const { status, stderr } = spawnSync("python3", ["-m", "zipfile", "-e", bundle, folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return { folder, manifest: JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest };
}

/** The schema that the format publishes. */
const SCHEMA = createRequire(import.meta.url).resolve("@anthropic-ai/mcpb/mcpb-manifest-v0.3.schema.json");
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);

function expectValid(manifest: unknown): void {
  expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
  expect(v0_3.McpbManifestSchema.safeParse(manifest).error).toBeUndefined();
}

test("a bundle is its manifest and the server, and starts by that manifest with what a person filled in", async () => {
  const { folder, manifest } = unzip(join(await pack(project.directory, "acme"), "acme.mcpb"));
  expect(readdirSync(folder).sort()).toEqual(["acme.mjs", "manifest.json"]);
  expectValid(manifest);
  const starting = (userConfig: Record<string, string | boolean>) =>
    getMcpConfigForManifest({
      manifest: manifest as unknown as Parameters<typeof getMcpConfigForManifest>[0]["manifest"],
      extensionPath: folder,
      systemDirs: {},
      userConfig,
      pathSeparator: "/",
    });
  expect(await starting({ acme_url: recorder.url })).toBeUndefined(); // the token is required

  const config = await starting({ acme_url: recorder.url, acme_token: "typed-token" });
  expect(config?.command).toBe("node");
  expect(JSON.stringify(config)).not.toContain("${"); // nothing is handed on as it stands
  const env = { ...ownEnvironment(), ...config?.env };
  const client = await connect("SDK v1", { args: config?.args ?? [], env, cwd: tmpdir() });
  expect((await client.tools()).map(({ name }) => name)).toEqual(manifest.tools.map(({ name }) => name));
  expect((await client.call("get_ticket", { ticket_id: 1 })).value).toMatchObject({ subject: "Printer on fire" });
  expect(recorder.requests.map(({ authorization }) => authorization)).toEqual(["Bearer typed-token"]);
  await client.close();

  const careful = await starting({ acme_url: recorder.url, acme_token: "t", toolwright_read_only: true });
  const reading = await connect("SDK v1", {
    args: careful?.args ?? [],
    env: { ...ownEnvironment(), ...careful?.env },
    cwd: tmpdir(),
  });
  expect((await reading.tools()).map(({ name }) => name)).toEqual(["get_ticket", "list_tickets"]);
  await reading.close();
});

test("what a person is asked for: the required first, secrets hidden, the optional empty", async () => {
  const { manifest } = unzip(join(await pack(project.directory, "acme"), "acme.mcpb"));
  expect(manifest.user_config).toEqual({
    acme_token: {
      type: "string",
      title: "Acme token",
      description: 'For the credential "key" of Acme.',
      required: true,
      sensitive: true,
    },
    acme_url: { type: "string", title: "Acme URL", description: "The {base} of {base}.", required: true },
    acme_agent_id: {
      type: "string",
      title: "Acme agent ID",
      description: "Told to the model as agent_id. Optional.",
      required: false,
      default: "",
    },
    acme_calls_per_minute: {
      type: "string",
      title: "Acme calls per minute",
      description: "A limit that this server keeps on its own calls. Empty: 100.",
      required: false,
      default: "",
    },
    toolwright_read_only: {
      type: "boolean",
      title: "Read only",
      description: "Serve only the tools that change nothing.",
      required: false,
      default: false,
    },
  });
});

describe.each(["freshservice", "halo-itsm", "halo-lms"])("%s", (api) => {
  test("has a valid manifest, with every tool and every secret hidden", async () => {
    const { manifest } = unzip(join(await pack(emptyFolder(), api, [...IDENTITY, "--only", "mcpb"]), `${api}.mcpb`));
    expectValid(manifest);
    const { tools } = JSON.parse(readFileSync(join("generated", api, "catalog.json"), "utf8")) as Pick<
      Manifest,
      "tools"
    >;
    expect(manifest.tools).toEqual(tools.map(({ name, description }) => ({ name, description })));
    const hidden = Object.entries(manifest.user_config).filter(([, { sensitive }]) => sensitive === true);
    expect(hidden.map(([key]) => key)).toEqual(SECRETS[api]);
    for (const [key, { required, default: preset }] of Object.entries(manifest.user_config))
      expect(required === true || preset === "" || preset === false, key).toBe(true);
    const env = Object.entries(manifest.server.mcp_config.env);
    expect(env.map(([, value]) => value)).toEqual(
      Object.keys(manifest.user_config).map((key) => `\${user_config.${key}}`),
    );
  });
});

const SECRETS: Readonly<Record<string, readonly string[]>> = {
  freshservice: ["freshservice_api_key", "freshservice_client_secret"],
  "halo-itsm": ["haloitsm_client_secret"],
  "halo-lms": ["halo_auth_token", "halo_context_token", "halo_transaction_id"],
};

test("the range of Node is that of toolwright itself", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  expect(NODE_RANGE).toBe(engines.node);
});
