import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Catalog } from "../../src/definition/catalog.ts";
import { acmeProject, type TestProject } from "./project.ts";
import { run } from "./server.ts";

let project: TestProject;
beforeEach(() => void (project = acmeProject()));
afterEach(() => project.remove());

const generate = async (...args: readonly string[]) => await run(["generate", ...args], { cwd: project.directory });

describe("what changed", () => {
  test("the first run writes everything, with each tool's size; the second nothing", async () => {
    const first = await generate();
    expect(first).toMatchObject({ code: 0, note: "" });
    const { tools } = JSON.parse(project.read("generated/acme/catalog.json")) as Catalog;
    const bytes = new Map(tools.map((tool) => [tool.name, Buffer.byteLength(JSON.stringify(tool))]));
    const whole = [...bytes.values()].reduce((a, b) => a + b);
    for (const [name, size] of bytes)
      expect(first.out).toMatch(new RegExp(`^ +${name} +${size} +~${Math.round(size / 4)} +[\\d.]+ %$`, "m"));
    expect(ending(first.out)).toEqual([
      "acme: + create_ticket (writes)",
      "acme: + get_ticket",
      "acme: + list_tickets",
      `acme: 3 tools, ${whole.toLocaleString("en-US")} bytes, about ${Math.round(whole / 4)} tokens`,
      "",
      "8 written, 0 removed, 0 unchanged",
    ]);
    const before = project.listing();
    const second = await generate();
    expect(second).toMatchObject({ code: 0, note: "" });
    expect(ending(second.out).at(-1)).toBe("nothing changed, 8 files are current");
    expect(project.listing()).toEqual(before);
  });

  test("a new tool, a read that writes now, an argument that changed, a tool that went", async () => {
    await generate();
    project.edit("tools.yaml", "        operation: getTicket\n", "        operation: PUT /tickets/{ticket_id}\n");
    project.edit("tools.yaml", "        operation: createTicket\n", RENAMED);
    project.edit("tools.yaml", "      list_tickets:", "      search_tickets:");
    const { code, out } = await generate();
    expect(code).toBe(0);
    const lines = ending(out);
    expect(lines).toContain("acme: + search_tickets");
    expect(lines).toContain("acme: - list_tickets");
    expect(lines).toContain("acme: ! get_ticket writes now");
    expect(lines).toContain("acme: ~ create_ticket: + title (required), body is now required, - subject");
    expect(ending(out).at(-3)).toMatch(/^acme: 3 tools, [\d,]+ bytes, about \d+ tokens \([+-]\d+\)$/);
    expect(ending(out).at(-1)).toBe("7 written, 1 removed, 1 unchanged");
  });
});

const RENAMED = `        operation: createTicket
        parameters: { subject: { rename: title }, body: { required: true } }
`;

describe("--check", () => {
  test("is quiet when generated/ is current", async () => {
    await generate();
    const before = project.listing();
    expect(await generate("--check")).toEqual({ code: 0, out: "generated/ is current\n", note: "" });
    expect(project.listing()).toEqual(before);
  });

  test("shows a diff, ends with code 1 and writes nothing when it is not", async () => {
    await generate();
    project.edit("tools.yaml", "List tickets, newest first.", "List tickets.");
    const before = project.listing();
    const { code, out, note } = await generate("--check");
    expect(code).toBe(1);
    expect(out).toContain(`--- generated/acme/tools/list_tickets.ts
+++ generated/acme/tools/list_tickets.ts (as it would be generated)`);
    expect(out).toContain(`
   title: "List tickets",
-  description: "List tickets, newest first.",
+  description: "List tickets.",
   annotations: { readOnlyHint: true },
`);
    expect(note).toContain('error[OUT_OF_DATE]: "generated/acme/tools/list_tickets.ts" is out of date');
    expect(note).toMatch(/help: run `toolwright generate`[\s\S]*errors; nothing was written\n$/);
    expect(project.listing()).toEqual(before);
  });

  test("finds what is missing, and what was edited by hand", async () => {
    await generate();
    project.write("generated/acme/index.ts", `${project.read("generated/acme/index.ts")}// mine\n`);
    const { code, out } = await generate("--check");
    expect(code).toBe(1);
    expect(out).toMatch(/^-\/\/ mine$/m);
  });
});

describe("--dump", () => {
  test.each([
    ["documents", ["acme", "specs/acme.yaml", "openapi"], /^3\./],
    ["operations", ["acme", "0", "operationId"], /^[a-z]\w+$/i],
    ["plan", ["0", "tools", "0", "name"], /^[a-z]+_[a-z_]+$/],
    ["files", ["generated/acme/tools/get_ticket.ts"], /^\/\/ @generated .*defineTool\(\{/s],
  ])("%s is JSON, and nothing is written", async (stage, path, want) => {
    const before = project.listing();
    const { code, out, note } = await generate("--dump", stage);
    expect({ code, note }).toEqual({ code: 0, note: "" });
    expect(path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], JSON.parse(out))).toMatch(
      want,
    );
    expect(project.listing()).toEqual(before);
  });
});

describe("--only and --config", () => {
  test("--only leaves the other APIs alone", async () => {
    project.write("tools.yaml", `${project.read("tools.yaml")}${BETA}`);
    const { code, out } = await generate("--only", "beta");
    expect(code).toBe(0);
    expect(ending(out)[0]).toBe("beta: + get_ticket");
    expect(Object.keys(project.listing()).filter((file) => file.includes("acme/"))).toEqual([]);
    await generate();
    project.edit("tools.yaml", "One ticket with its text.", "One ticket.");
    const { out: diff } = await generate("--check", "--only", "acme");
    expect(diff).toMatch(/^\+ +"description": "One ticket.",$/m);
    expect(diff).not.toContain("generated/beta");
    await generate("--only", "acme");
    expect(await generate("--check", "--only", "acme")).toMatchObject({ code: 0 });
  });

  test("--config names a project by its file or its folder", async () => {
    const named = await run(["generate", "--config", `${project.directory}/tools.yaml`]);
    expect(ending(named.out).at(-1)).toBe("8 written, 0 removed, 0 unchanged");
    const folder = await run(["generate", "--check", "--config", project.directory]);
    expect(folder).toEqual({ code: 0, out: "generated/ is current\n", note: "" });
  });
});

const BETA = `  beta:
    title: Beta
    spec: specs/acme.yaml
    servers: { api: { url: "https://{domain}/v1", variables: { domain: "\${ACME_DOMAIN}" } } }
    credentials: { key: { headers: { X-Key: "\${BETA_KEY}" } } }
    tools:
      get_ticket: { description: One ticket., operation: getTicket }
`;

describe(".env.example", () => {
  test("says what each variable is for, the required ones first", async () => {
    project.write("tools.yaml", `${project.read("tools.yaml")}${BETA}`);
    await generate();
    expect(project.read(".env.example").split("\n").slice(2).join("\n")).toBe(`
# Acme, required

# used by servers.api, servers.api of Beta
ACME_DOMAIN=

# used by credentials.key
ACME_TOKEN=

# Acme, optional

# used by identity.agent_id
# ACME_AGENT_ID=

# used by limits.calls; 100 when it is not set
# ACME_CALLS_PER_MINUTE=100

# Beta, required

# used by credentials.key
BETA_KEY=
`);
  });

  test("follows tools.yaml, and goes with the last variable", async () => {
    await generate();
    project.edit("tools.yaml", '    identity: { agent_id: "${ACME_AGENT_ID}" }\n', "");
    expect((await generate("--check")).out).toContain("-# ACME_AGENT_ID=");
    await generate();
    expect(project.read(".env.example")).not.toContain("ACME_AGENT_ID");
    for (const line of project.read("tools.yaml").split("\n"))
      if (line.includes("${")) project.edit("tools.yaml", `${line}\n`, line.includes("servers") ? FIXED_SERVER : "");
    const { out } = await generate();
    expect(out).toContain("1 removed");
    expect(Object.keys(project.listing())).not.toContain(".env.example");
  });

  test("that was written by hand stays, with a warning about what it lacks", async () => {
    project.write(".env.example", "# mine\nexport ACME_DOMAIN=\n# ACME_CALLS_PER_MINUTE=100\n");
    const { code, note } = await generate();
    expect(code).toBe(0);
    expect(note).toContain("does not name ACME_TOKEN, ACME_AGENT_ID");
    expect(note).toMatch(/help: add `ACME_TOKEN=` `ACME_AGENT_ID=`, or remove the file/);
    expect(project.read(".env.example")).toContain("# mine");
    expect(await generate("--check")).toMatchObject({ code: 0 });
    project.write(".env.example", `${project.read(".env.example")}ACME_TOKEN=\n# ACME_AGENT_ID=\n`);
    expect(await generate()).toMatchObject({ code: 0, note: "" });
  });

  test("no text of tools.yaml becomes a line of its own", async () => {
    project.edit("tools.yaml", "title: Acme", 'title: "Acme\\nEVIL=1"');
    project.edit("tools.yaml", "${ACME_DOMAIN}", "${ACME_DOMAIN:-a b # 'c'\\nEVIL=2}");
    await generate();
    expect(Object.keys(parseEnv(project.read(".env.example")))).toEqual(["ACME_TOKEN"]);
    const uncommented = project.read(".env.example").replaceAll(/^# (?=[A-Z_]+=)/gm, "");
    expect(parseEnv(uncommented)).toMatchObject({ ACME_DOMAIN: "a b # 'c' EVIL=2", ACME_CALLS_PER_MINUTE: "100" });
    expect(parseEnv(uncommented)).not.toHaveProperty("EVIL");
  });

  test("of this repository names every variable of its servers", () => {
    const names = readFileSync("tools.yaml", "utf8").match(/(?<=\$\{)[A-Z_]+/g) ?? [];
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(readFileSync(".env.example", "utf8")).toMatch(new RegExp(`^(# )?${name}=`, "m"));
  });
});

const FIXED_SERVER = '    servers: { api: { url: "https://acme.example" } }\n';

/** The last blocks of the output: what changed for the model, and what was done to the files. */
function ending(out: string): readonly string[] {
  return out.trimEnd().split("\n\n").slice(-2).join("\n\n").split("\n");
}
