import type { Clock } from '@chasqui/domain';

/**
 * Tells of something that may happen very often: `tell` is called at once, and then at most every `everyMs`, with how many
 * happened since it was told last. For log lines that somebody from outside can cause.
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
