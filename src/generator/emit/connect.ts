import type { ApiPlan } from "../plan/tool-plan.ts";
import { mdBlock } from "./markdown.ts";

/**
 * How to connect each client over stdio, with the credentials in the server's environment, and over HTTP.
 *
 * @see https://code.claude.com/docs/en/mcp for Claude Code
 * @see https://code.visualstudio.com/docs/copilot/reference/mcp-configuration for VS Code
 */
export function connectSection(api: ApiPlan): string {
  const { name } = api;
  const needed = api.environment.filter(({ required }) => required).map((variable) => variable.name);
  const env = Object.fromEntries(needed.map((variable) => [variable, `your ${variable}`]));
  const args = ["-y", "toolwright", "serve", name];
  const stdio = (more: readonly string[]) => ({
    mcpServers: { [name]: { command: "npx", args: [...args, ...more], ...(needed.length > 0 && { env }) } },
  });
  const url = "http://localhost:8000/mcp";
  const flags = needed.map((variable) => `--env ${variable}="your ${variable}" `).join("");
  return [
    "## Connect a client\n",
    "Each of these starts the server itself, over stdio, and gives it the variables above. Use them in the project's folder, the one with `tools.yaml`. On Windows, where a client does not find `npx`, write `cmd /c npx`.\n",
    "### Claude Code\n",
    mdBlock("sh", `claude mcp add ${flags}--transport stdio ${name} -- npx ${args.join(" ")}`),
    "### Claude Desktop\n",
    "In `claude_desktop_config.json`. It starts servers in a folder of its own, so `--config` names the project; what ships with Toolwright does without it:\n",
    mdBlock("json", json(stdio(["--config", "/path/to/the/project"]))),
    "### Cursor\n",
    "In `.cursor/mcp.json`:\n",
    mdBlock("json", json(stdio([]))),
    "### VS Code\n",
    "In `.vscode/mcp.json`; VS Code asks for the values and keeps them:\n",
    mdBlock("json", json(vsCode(name, needed))),
    "### Over HTTP\n",
    `\`npx ${args.join(" ")} --http\` listens on \`${url}\`; it reads the same variables from its environment.\n`,
    "Claude Code, by its command, or in `.mcp.json`; Cursor takes the same JSON:\n",
    mdBlock("sh", `claude mcp add --transport http ${name} ${url}`),
    mdBlock("json", json({ mcpServers: { [name]: { type: "http", url } } })),
    "VS Code:\n",
    mdBlock("json", json({ servers: { [name]: { type: "http", url } } })),
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
