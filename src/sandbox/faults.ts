import type { ServerResponse } from "node:http";

/** What the stand-in can do wrong on purpose. */
export const FAULTS = ["429", "500", "503", "reset", "slow", "html", "drop", "expire"] as const;

/** One way to do wrong. */
export type Fault = (typeof FAULTS)[number];

/** Milliseconds by which `slow` delays an answer: longer than a person waits, shorter than a deadline. */
const SLOW_MS = 3_000;

/** The fault that a request meets. Faults alternate with good answers, so that a client that tries again gets through. */
export function faultOf(faults: readonly Fault[], requestsBefore: number): Fault | undefined {
  return requestsBefore % 2 === 0 ? faults[(requestsBefore / 2) % faults.length] : undefined;
}

/**
 * Takes over an answer.
 *
 * @param expire ends the token that the request carries, just before it is looked at.
 * @returns true when the answer has been given, or the connection ended.
 */
export async function misbehave(fault: Fault, response: ServerResponse, expire: () => void): Promise<boolean> {
  switch (fault) {
    case "429":
      response.writeHead(429, { "retry-after": "1", "content-type": "application/json" }).end("{}");
      return true;
    case "500":
    case "503":
      response.writeHead(Number(fault), { "content-type": "application/json" }).end("{}");
      return true;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<html><title>Sign in</title><form></form></html>");
      return true;
    case "reset":
      response.socket?.resetAndDestroy();
      return true;
    case "drop":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      // Once it is under way: a client is to see the head, and half a body.
      response.write('{"cut":', () => response.socket?.destroy());
      return true;
    case "expire":
      expire();
      return false;
    case "slow":
      await new Promise((done) => setTimeout(done, SLOW_MS));
      return false;
  }
}
