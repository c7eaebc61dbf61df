import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Answer, type Fault, http, raw } from "../vendor.ts";

/** The head of an answer of JSON, as bytes. */
export const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/** A vendor that answers everything with this status. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ""): Fault {
  return http((response) => response.writeHead(code, headers).end(body));
}

/** A vendor that answers everything with these bytes, called JSON. */
export function json(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Fault {
  return http((response) => sendJson(response, body, headers));
}

/** A vendor whose first answer is this, and whose others are good. */
export function once(first: Answer): Fault {
  return http((response, attempt, request, body) => {
    if (attempt === 1) first(response, attempt, request, body);
    else sendJson(response, '{"ok":true}');
  });
}

/** A vendor that is at fault in bytes, on whatever connection a request comes. */
export function bytes(answer: (socket: Socket) => unknown): Fault {
  return raw((socket) => void answer(socket));
}

export function sendJson(
  response: ServerResponse,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { "content-type": "application/json", ...headers }).end(body);
}

/** Sends the same text again and again, until nobody listens. */
export function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 50); // a second, scaled
  socket.on("close", () => clearInterval(timer));
}
