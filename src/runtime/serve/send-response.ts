import type { ServerResponse } from "node:http";

/** Answers with JSON, and closes the connection: whatever body was sent is not read. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: { readonly error: string; readonly message: string },
): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(JSON.stringify(body));
}

/** Answers with what the SDK, or a gate, made; the connection is closed for the same reason. */
export async function sendWeb(response: ServerResponse, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.writeHead(answer.status, { connection: "close" }).end(body);
}
