import type { Clock } from '@chasqui/domain';

/**
 * Limits the reports of a frequent occurrence: `tell` is called at once, and then at most every `everyMs`, with the
 * number of occurrences since the last call. For log lines that outsiders can cause.
 */
export function seldom<Args extends unknown[]>(
  clock: Pick<Clock, 'monotonic'>,
  everyMs: number,
  tell: (times: number, ...args: Args) => void,
): (...args: Args) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (...args) => {
    untold++;
    const now = clock.monotonic();
    if (now - toldAt < everyMs) return;
    const times = untold;
    [toldAt, untold] = [now, 0];
    tell(times, ...args);
  };
}
