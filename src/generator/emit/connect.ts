import type { ApiPlan } from "../plan/tool-plan.ts";
import { mdBlock } from "./markdown.ts";

/** How to connect each client over stdio, with the credentials in the server's environment, and over HTTP. */
export function connectSection(api: ApiPlan): string {
  const { name } = api;
  const needed = api.environment.filter(({ required }) => required).map((variable) => variable.name);
  const env = Object.fromEntries(needed.map((variable) => [variable, `your ${variable}`]));
  const stdio = { command: "npx", args: ["-y", "toolwright", "serve", name], ...(needed.length > 0 && { env }) };
  const url = "http://localhost:8000/mcp";
  const flags = needed.map((variable) => `--env ${variable}="your ${variable}" `).join("");
  return [
    "## Connect a client\n",
    "Each of these starts the server itself, over stdio, and gives it the variables above. Run them in the project's folder, the one with `tools.yaml`.\n",
    "### Claude Code\n",
    mdBlock("sh", `claude mcp add ${flags}--transport stdio ${name} -- npx -y toolwright serve ${name}`),
    "### Claude Desktop\n",
    "In `claude_desktop_config.json`:\n",
    mdBlock("json", json({ mcpServers: { [name]: stdio } })),
    "### Cursor\n",
    "In `.cursor/mcp.json`:\n",
    mdBlock("json", json({ mcpServers: { [name]: stdio } })),
    "### VS Code\n",
    "In `.vscode/mcp.json`; VS Code asks for the values and keeps them:\n",
    mdBlock("json", json(vsCode(name, needed))),
    "### Over HTTP\n",
    `\`npx -y toolwright serve ${name} --http\` listens on \`${url}\`; it reads the same variables from its environment.\n`,
    mdBlock("sh", `claude mcp add --transport http ${name} ${url}`),
    mdBlock("json", json({ mcpServers: { [name]: { type: "http", url } } })),
  ].join("\n");
}

function vsCode(name: string, needed: readonly string[]): object {
  const inputs = needed.map((id) => ({ type: "promptString", id, description: id, password: true }));
  const env = Object.fromEntries(needed.map((id) => [id, `\${input:${id}}`]));
  const server = { type: "stdio", command: "npx", args: ["-y", "toolwright", "serve", name], env };
  return { inputs, servers: { [name]: server } };
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}
