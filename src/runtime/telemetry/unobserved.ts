import type { Attempt, Telemetry } from "./telemetry.ts";

/** What a server without telemetry does: it counts attempts and knows the client's trace, for the log, and tells nobody. */
export const UNOBSERVED: Telemetry = {
  begin({ meta }) {
    let attempts = 0;
    return {
      traceId: traceIdOf(meta.traceparent),
      attempts: () => attempts,
      request: () => ({
        attempt() {
          attempts++;
          return NOTHING;
        },
      }),
      renewal: () => {},
      end: () => {},
    };
  },
  close: () => Promise.resolve(),
};

const NOTHING: Attempt = { headers: {}, answered: () => {}, failed: () => {} };

/** The trace id of a `traceparent` (W3C Trace Context §3.2.2); undefined when it is none. */
function traceIdOf(traceparent: string | undefined): string | undefined {
  const [, id] =
    /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent ?? "") ?? [];
  return id;
}
