import type { KyInstance } from "ky";
import type { Agent, buildConnector } from "undici";

/** What is shared by all sending of a process: the client, its pooled connections and the measure of time. */
export interface Transport {
  readonly ky: KyInstance;
  readonly dispatcher: Agent;
  /** Multiplies every pause and timeout of sending; 1 outside tests. */
  readonly timeScale: number;
}

/** What a test changes: shorter times, a certificate authority or a resolver of its own. */
export interface TransportOptions {
  readonly timeScale?: number;
  readonly connect?: buildConnector.BuildOptions;
}

const CONNECT_TIMEOUT_MS = 5_000; // a host that is up answers in milliseconds, TLS included
const HEADERS_TIMEOUT_MS = 15_000; // slow searches of slow vendors still fit, three times within a call's deadline
const BODY_IDLE_TIMEOUT_MS = 10_000; // between two pieces of a body
const KEEP_ALIVE_MS = 60_000; // fetch's own 4 s would cost a TLS handshake for nearly every call that a model makes
/** Requests that one vendor is sent at a time: connections for each origin. */
export const CONNECTIONS = 64;

let options: TransportOptions = {};
let transport: Promise<Transport> | undefined;

/** The transport of this process; ky and undici are loaded by the first call, since listing tools needs neither. */
export function loadTransport(): Promise<Transport> {
  transport ??= openTransport(options);
  return transport;
}

/** Replaces the transport of this process and closes the connections of the one before. */
export async function configureTransport(changed: TransportOptions): Promise<void> {
  const before = transport;
  options = changed;
  transport = undefined;
  await (await before)?.dispatcher.destroy();
}

async function openTransport({ timeScale = 1, connect }: TransportOptions): Promise<Transport> {
  const [{ default: ky }, { Agent }] = await Promise.all([import("ky"), import("undici")]);
  const dispatcher = new Agent({
    connect: { ...connect, timeout: CONNECT_TIMEOUT_MS * timeScale },
    headersTimeout: HEADERS_TIMEOUT_MS * timeScale,
    bodyTimeout: BODY_IDLE_TIMEOUT_MS * timeScale,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connections: CONNECTIONS,
  });
  return { ky, dispatcher, timeScale };
}
