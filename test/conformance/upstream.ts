import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The smallest real files of their kinds. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
const WAV = Buffer.from("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQIAAACAgA==", "base64");
const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
const ROWS = 30;

/** The fixture's vendor: a real HTTP server that answers its six operations. */
export async function startUpstream(): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://vendor");
    const send = (type: string, body: string | Buffer, status = 200) =>
      response.writeHead(status, { "content-type": type }).end(body);
    const page = Number(url.searchParams.get("page") ?? 1);
    const size = Number(url.searchParams.get("per_page") ?? 10);
    const rows = Array.from({ length: ROWS }, (_, n) => ({ id: n + 1 })).slice((page - 1) * size, page * size);
    switch (url.pathname) {
      case "/text":
        return send("text/plain", "This is a simple text response for testing.");
      case "/refusal":
        return send("application/json", '{"message":"This operation refuses everybody."}', 422);
      case "/rows":
        // Some time a page, so that what is told of progress is told while the call goes on.
        return setTimeout(() => send("application/json", JSON.stringify({ rows, total: ROWS })), 50);
      case "/image":
        return send("image/png", PNG);
      case "/sound":
        return send("audio/wav", WAV);
      case "/document":
        return send("application/pdf", PDF);
      default:
        return send("application/json", '{"message":"not found"}', 404);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `http://127.0.0.1:${port}`, close: () => server.closeAllConnections() ?? server.close() };
}
