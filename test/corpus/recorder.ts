import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came over the wire. */
export interface Recorded {
  readonly method: string;
  /** With the query, not decoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a recorder answers. */
export interface Answer {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** A vendor on loopback that takes everything, answers `{}` and writes down what it was asked. */
export interface Recorder {
  readonly url: string;
  /** What came since the last call of this. */
  take(): readonly Recorded[];
  /** Answers the next request with this. */
  answerNext(answer: Answer): void;
  close(): Promise<void>;
}

/** Starts a recorder on a free port. */
export async function startRecorder(): Promise<Recorder> {
  let recorded: Recorded[] = [];
  let next: Answer | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      recorded.push(await read(request));
      const { body, headers } = next ?? { body: {}, headers: {} };
      next = undefined;
      response.writeHead(200, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    take() {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    answerNext: (answer) => void (next = answer),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function read(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
  const { method = "", url: target = "", headers } = request;
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { method, target, headers: Object.fromEntries(flat), body: Buffer.concat(chunks) };
}
