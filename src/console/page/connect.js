import { code, element } from "./dom.js";

/** For each client, the exact lines for this server and this API. */
export function connectPanels(api, origin) {
  const base = api.publicUrl ?? origin;
  const url = `${base}${api.path}`;
  const { name } = api;
  const json = (value) => JSON.stringify(value, undefined, 2);
  const header = api.access?.header;
  const headers = header && { headers: { [header]: "<your key>" } };
  const loopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/.test(`${base}/`);
  const elsewhere = loopback
    ? "It connects from the vendor's cloud, so it needs an address that the internet reaches, with https. This one is of this machine only."
    : undefined;
  const noHeader =
    header &&
    "It has no place for a header, and this server takes keys only. Use another client, or ask whoever runs this.";
  // A link would carry the key, or leave it out: with keys there is none.
  const link = (label, href) => (header ? undefined : [label, href]);
  const remote = header ? ["--header", `${header}:\${KEY}`] : [];
  const panels = [
    [
      "Claude Code",
      "In a terminal:",
      `claude mcp add --transport http ${name} ${url}${header ? ` --header "${header}: <your key>"` : ""}`,
    ],
    [
      "Cursor",
      "In .cursor/mcp.json:",
      json({ mcpServers: { [name]: { url, ...headers } } }),
      link(
        "Add to Cursor",
        `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(name)}&config=${encodeURIComponent(btoa(JSON.stringify({ url })))}`,
      ),
    ],
    [
      "VS Code",
      header ? "In .vscode/mcp.json, which asks for the key once:" : "In .vscode/mcp.json:",
      json(
        header
          ? {
              inputs: [{ type: "promptString", id: "key", description: `Key of ${api.title}`, password: true }],
              servers: { [name]: { type: "http", url, headers: { [header]: "${input:key}" } } },
            }
          : { servers: { [name]: { type: "http", url } } },
      ),
      link("Add to VS Code", `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, type: "http", url }))}`),
    ],
    [
      "Claude Desktop",
      "In claude_desktop_config.json:",
      json({
        mcpServers: {
          [name]: {
            command: "npx",
            args: ["-y", "mcp-remote", url, ...remote],
            ...(header && { env: { KEY: "<your key>" } }),
          },
        },
      }),
    ],
    [
      "Claude connector",
      noHeader ?? elsewhere ?? "Customize (or Settings), Connectors, Add custom connector; this is its URL:",
      url,
    ],
    [
      "Copilot Studio",
      elsewhere ??
        `Tools, Add a tool, New tool, Model Context Protocol${header ? `; authentication: API key, type Header, name ${header}` : ""}; this is its URL:`,
      url,
    ],
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
