import type { Clock } from '@chasqui/domain';

/**
 * A clock whose `now` never goes back, for times that are stored: if the machine's clock is set back, this one
 * continues from where it was, ahead of the machine's. `from`: Unix ms that it reached before, in another process.
 */
export function steadyClock(clock: Clock, from = 0): Clock {
  let at = clock.monotonic();
  let reached = Math.max(clock.now(), from);
  return {
    now() {
      const monotonic = clock.monotonic();
      reached = Math.max(clock.now(), reached + Math.max(0, monotonic - at));
      at = monotonic;
      return Math.floor(reached);
    },
    monotonic: () => clock.monotonic(),
    after: (delayMs, callback) => clock.after(delayMs, callback),
  };
}
