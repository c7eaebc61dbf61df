/**
 * Waits for work that others wait for too, so that it goes on when this caller has gone.
 *
 * @throws the reason of the signal as soon as it is aborted; otherwise what the work throws.
 */
export async function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let cancel = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => reject(signal.reason as Error); // an AbortSignal's reason is what its `throwIfAborted` throws
    signal.addEventListener("abort", cancel, { once: true });
  });
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
