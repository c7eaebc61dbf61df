import { code, element } from "./dom.js";

/** For each client, the exact lines for this server and this API. */
export function connectPanels(api, origin) {
  const url = `${origin}${api.path}`;
  const { name } = api;
  const json = (value) => JSON.stringify(value, undefined, 2);
  const loopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/.test(`${origin}/`);
  const elsewhere = loopback
    ? "It connects from the vendor's cloud, so it needs an address that the internet reaches, with https. This one is of this machine only."
    : undefined;
  const panels = [
    ["Claude Code", "In a terminal:", `claude mcp add --transport http ${name} ${url}`],
    [
      "Cursor",
      "In .cursor/mcp.json:",
      json({ mcpServers: { [name]: { url } } }),
      [
        "Add to Cursor",
        `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(name)}&config=${encodeURIComponent(btoa(JSON.stringify({ url })))}`,
      ],
    ],
    [
      "VS Code",
      "In .vscode/mcp.json:",
      json({ servers: { [name]: { type: "http", url } } }),
      ["Add to VS Code", `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, type: "http", url }))}`],
    ],
    [
      "Claude Desktop",
      "In claude_desktop_config.json:",
      json({ mcpServers: { [name]: { command: "npx", args: ["-y", "mcp-remote", url] } } }),
    ],
    ["Claude connector", elsewhere ?? "Settings, Connectors, Add custom connector; this is its URL:", url],
    ["Copilot Studio", elsewhere ?? "Tools, Add a tool, Model Context Protocol; this is its URL:", url],
  ];
  return panels.map(([client, where, text, link], index) =>
    element(
      "details",
      { name: "client", open: index === 0 },
      element("summary", {}, client),
      element("p", {}, where),
      code(text, client),
      link && element("p", {}, element("a", { class: "button", href: link[1] }, link[0])),
    ),
  );
}
