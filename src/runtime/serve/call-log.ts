import type { Caller } from "../deployment.ts";
import { StartError } from "../load/start-error.ts";
import { Problem } from "../problem.ts";

/** One call, for the operator: no arguments, no answer, nothing of the vendor. */
export interface CallRecord {
  readonly api: string;
  readonly tool: string;
  /** `ok`, or the code of the problem. */
  readonly status: string;
  readonly ms: number;
  /** Requests to the vendor, retries included. */
  readonly attempts?: number;
  /** W3C trace id; undefined: the call belongs to no trace. */
  readonly trace?: string | undefined;
  /** Who it was. Of this only the key's digest, the subject and the client are written. */
  readonly caller?: Caller | undefined;
}

/**
 * One line of JSON for a log: the time, these fields and no other. Control characters are escaped, so that no name can write a line of its own or
 * speak to a terminal.
 *
 *     {"time":"…","api":"acme","tool":"fetchThing","status":"ok","ms":12,"attempts":1,"trace":"4bf9…4736","caller":"…","subject":"…","client":"…"}
 */
export function callLogLine({ api, tool, status, ms, attempts, trace, caller }: CallRecord): string {
  const who = caller && { caller: caller.key, subject: caller.subject, client: caller.clientId };
  return jsonLine({ api, tool, status, ms, attempts, trace, ...who });
}

/**
 * One line of JSON about a fault: where it was thrown, and not its message, which may quote a request with its secrets.
 * Only a {@link Problem} is known to hold none, and a {@link StartError}, which names what the operator has to mend.
 */
export function faultLogLine(error: Error): string {
  if (error instanceof Problem) return jsonLine({ fault: error.code, message: error.message });
  if (error instanceof StartError) return jsonLine({ fault: "operator", message: error.message, help: error.help });
  const { name, message, stack = "" } = error;
  const start = stack.indexOf(message); // a message may look like a stack itself
  const frames = start < 0 ? [] : stack.slice(start + message.length).split("\n");
  return jsonLine({ fault: name, at: frames.flatMap((line) => line.match(/^\s+at (.*)/)?.[1] ?? []).slice(0, 5) });
}

function jsonLine(fields: object): string {
  const line = JSON.stringify({ time: new Date().toISOString(), ...fields });
  // JSON escapes what is below U+0020; terminals and viewers also act on these.
  return line.replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
