import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came in. */
export interface Recorded {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A vendor on loopback that writes down what it is asked. */
export interface Recorder {
  readonly url: string;
  /** `127.0.0.1:41234`. */
  readonly host: string;
  readonly requests: Recorded[];
  /** Connections, those included that never became a request. */
  connections(): number;
  close(): Promise<void>;
}

/** @param answer JSON for a request; undefined: 404. Default: `{}` to everything. */
export async function startRecorder(answer: (request: Recorded) => unknown = () => ({})): Promise<Recorder> {
  const requests: Recorded[] = [];
  let connections = 0;
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { method = "", url = "", headers } = request;
    const recorded = { method, path: url, authorization: headers.authorization, body };
    requests.push(recorded);
    const value = answer(recorded);
    response.writeHead(value === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(value ?? { message: "not found" }));
  };
  const server = createServer((request, response) => void respond(request, response));
  server.on("connection", () => connections++);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
