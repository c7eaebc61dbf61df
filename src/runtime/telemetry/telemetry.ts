import type { FilledRequest } from "../request/types.ts";

/** Watches what a server does. What it is told holds arguments and secrets; what it tells holds neither (docs/deploy.md). */
export interface Telemetry {
  /** A client's request begins. */
  readonly begin: (request: ClientRequest) => Operation;
  /** Hands over what has not been handed over yet, and ends; at the latest after {@link CLOSE_MS}. */
  readonly close: () => Promise<void>;
}

/** Longest that handing over the rest may take when a server stops, in milliseconds. */
export const CLOSE_MS = 3_000;

/** A request of a client, as far as it is watched. */
export interface ClientRequest {
  readonly method: "tools/call" | "tools/list";
  /** A name of the server's own table; undefined: none is called, or one that is not there. The client's word never gets here. */
  readonly tool: string | undefined;
  /** JSON-RPC id. */
  readonly id: string | number;
  /** `2026-07-28`; undefined: not told, or no date. */
  readonly protocolVersion: string | undefined;
  /** W3C Trace Context of `params._meta`. */
  readonly meta: TraceContext;
  /** Of a request over HTTP; undefined: stdio. */
  readonly http: HttpRequest | undefined;
  /** Arguments as they came; shown to nobody unless an operator asks for it. */
  readonly args?: unknown;
}

/** The HTTP request that a client's request came with. */
export interface HttpRequest {
  /** W3C Trace Context of its headers. */
  readonly headers: TraceContext;
  /** IP address of the client. */
  readonly address: string | undefined;
}

/** W3C Trace Context, not checked. */
export interface TraceContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** A client's request that is being answered. */
export interface Operation extends CallObserver {
  /** 32 hex digits; undefined: it belongs to no trace. */
  readonly traceId: string | undefined;
  /** Requests to the vendor so far, retries included. */
  readonly attempts: () => number;
  readonly end: (ended: Ended) => void;
}

/** How a client's request ended. */
export interface Ended {
  /** What was thrown; undefined: it was answered. */
  readonly error?: unknown;
  /** Code of the JSON-RPC error that it is answered with, if it is. */
  readonly rpcCode?: number;
  /** The answer was cut to fit. */
  readonly truncated?: boolean | undefined;
  /** What is answered; shown to nobody unless an operator asks for it. */
  readonly result?: unknown;
}

/** Is told what happens between this server and the vendor on behalf of one call. */
export interface CallObserver {
  /** A request to the vendor is to be sent, once or several times. */
  readonly request: (request: FilledRequest) => ObservedRequest;
  /** A credential was obtained or renewed, or was not. */
  readonly renewal: (result: RenewalResult) => void;
}

/** `refused`: only a person can help; `failed`: it may work later. */
export type RenewalResult = "ok" | "refused" | "failed";

/** One request to the vendor, with all its attempts. */
export interface ObservedRequest {
  /** It is sent, now. */
  readonly attempt: () => Attempt;
}

/** One attempt at the vendor, from its first byte to the last of the answer. */
export interface Attempt {
  /** Headers to send along. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answered: (status: number) => void;
  /** @param ended Who ended it, if it was ended from our side. */
  readonly failed: (error: unknown, ended: "deadline" | "client" | undefined) => void;
}
