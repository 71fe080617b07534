import type { Clock } from '@chasqui/domain';

/**
 * A clock whose `now` never goes back, for what is due at a time that is written down: where the machine's clock is set back,
 * it goes on as if nothing had happened, ahead of that. `from`: Unix ms that it has reached before, in another process.
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
