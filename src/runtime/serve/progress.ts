/** Tells the client how far a call is. */
export type Progress = (done: number, total: number | undefined, message: string) => void;

/** What of the SDK's request context progress needs. */
interface Asking {
  readonly _meta?: { readonly progressToken?: string | number | undefined } | undefined;
  notify(notification: {
    readonly method: "notifications/progress";
    readonly params: { progressToken: string | number; progress: number; total?: number; message: string };
  }): Promise<void>;
}

/**
 * Progress notifications for a client that asked for them, and nothing for one that did not.
 *
 * What it reports only grows, as the protocol demands, and ends with the signal. To a client that has gone nothing can be sent:
 * the SDK then throws in the older revisions, which is no reason for a call to fail.
 */
export function progressFor(request: Asking, signal: AbortSignal): Progress {
  const { _meta: meta } = request;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = Number.NEGATIVE_INFINITY;
  return (done, total, message) => {
    if (signal.aborted || !(done > last)) return;
    last = done;
    const params = { progressToken, progress: done, message, ...(total !== undefined && { total }) };
    void request.notify({ method: "notifications/progress", params }).catch(() => {});
  };
}
