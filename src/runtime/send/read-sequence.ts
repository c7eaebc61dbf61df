import { essence } from "../request/media-type.ts";
import { parseJson } from "./json.ts";

/** How a sequence is written: server-sent events (HTML §9.2), or one JSON value a line (JSON Lines, RFC 7464). */
export type SequenceKind = "events" | "lines";

/** What of a sequence was read before it ended, or before it was enough. */
export interface Sequence {
  readonly items: readonly unknown[];
  /** Why there may be more than this; undefined: it ended by itself. */
  readonly partial: string | undefined;
  readonly bytes: number;
}

/** What ends the reading of a sequence, since nothing else may. */
export interface SequenceBounds {
  readonly maxMs: number;
  readonly signal: AbortSignal;
}

const MAX_ITEMS = 500; // more than any model reads of one answer
const MAX_BYTES = 1024 * 1024; // several times what an answer may hold

/** The kind of sequence that an answer says it is; undefined: it is read as a whole. */
export function sequenceKind(headers: Headers): SequenceKind | undefined {
  const type = essence(headers.get("content-type") ?? "");
  if (type === "text/event-stream") return "events";
  return /^application\/(?:(?:x-)?(?:ndjson|jsonl|jsonlines|json-stream)|stream\+json|(?:.+\+)?json-seq)$/.test(type)
    ? "lines"
    : undefined;
}

/**
 * Collects a sequence until it ends, or until there is enough of it: a stream may never end. The data of an event and each line are
 * read as JSON where they are JSON.
 *
 * @throws what reading throws before there is any item, or when the call was cancelled.
 */
export async function readSequence(
  response: Response,
  kind: SequenceKind,
  { maxMs, signal }: SequenceBounds,
): Promise<Sequence> {
  const { body } = response;
  if (!body) return { items: [], partial: undefined, bytes: 0 };
  const items: unknown[] = [];
  const take = await taker(kind, (item) => void items.push(item));
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const timer = startTimer(maxMs);
  let bytes = 0;
  const stop = (partial: string | undefined): Sequence => ({ items: items.slice(0, MAX_ITEMS), partial, bytes });
  try {
    for (;;) {
      const piece = await Promise.race([reader.read(), timer.passed]);
      if (piece === "passed") return stop(`only what came within ${Math.round(maxMs / 1000)} seconds`);
      if (piece.done) {
        take.end(decoder.decode());
        return stop(undefined);
      }
      const bytesOf: Uint8Array = piece.value;
      bytes += bytesOf.byteLength;
      take.text(decoder.decode(bytesOf, { stream: true }));
      if (items.length > MAX_ITEMS) return stop(`only the first ${MAX_ITEMS} items`);
      if (bytes > MAX_BYTES) return stop(`only the first ${MAX_BYTES / 1024 / 1024} MB`);
    }
  } catch (error) {
    if (items.length === 0 || signal.aborted) throw error;
    return stop(isSilence(error) ? "what came until nothing more did" : "the connection broke off before the end");
  } finally {
    timer.stop();
    // Nobody waits for what a vendor still has to say: the connection is dropped.
    reader.cancel().catch(() => undefined);
  }
}

/** Whether reading ended because nothing came for as long as undici waits between two pieces. */
function isSilence(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "UND_ERR_BODY_TIMEOUT";
}

interface Taker {
  readonly text: (text: string) => void;
  /** The end, with what the decoder still held. */
  readonly end: (text: string) => void;
}

async function taker(kind: SequenceKind, see: (item: unknown) => void): Promise<Taker> {
  if (kind === "lines") return lines(see);
  const { createParser } = await import("eventsource-parser"); // only for those who stream
  const parser = createParser({
    onEvent: ({ event, id, data }) =>
      see({ ...(event !== undefined && { event }), ...(id !== undefined && { id }), data: jsonOr(data) }),
  });
  return {
    text: (text) => parser.feed(text),
    end: (text) => parser.feed(`${text}\n\n`), // an event at the very end counts, though browsers drop it
  };
}

function lines(see: (item: unknown) => void): Taker {
  let rest = "";
  const takeLine = (line: string) => {
    const text = (line.startsWith("\u001E") ? line.slice(1) : line).trim(); // RFC 7464 §2.2: a separator before each value
    if (text !== "") see(jsonOr(text));
  };
  const text = (piece: string) => {
    const [first = "", ...others] = piece.split("\n");
    rest += first;
    for (const other of others) {
      takeLine(rest);
      rest = other;
    }
  };
  return {
    text,
    end: (piece) => {
      text(piece);
      takeLine(rest);
    },
  };
}

function jsonOr(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function startTimer(ms: number): { readonly passed: Promise<"passed">; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<"passed">((resolve) => (timer = setTimeout(() => resolve("passed"), ms)));
  return { passed, stop: () => clearTimeout(timer) };
}
