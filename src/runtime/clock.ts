/**
 * Milliseconds since the epoch by a clock that only goes forward: the wall clock as it was when the process began, and from there on
 * monotonic. Deadlines are told in it, so that a wall clock that is set right, or wrong, ends no call and lengthens none.
 */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Timers count in whole milliseconds and may fire a little before the time that they were set for. */
const TIMER_SLACK_MS = 20;

/** Whether a time of {@link now} has come, or is so near that the timer which was set for it may have fired. */
export function isOver(time: number): boolean {
  return now() + TIMER_SLACK_MS >= time;
}
