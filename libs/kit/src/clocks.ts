import type { Clock, Random } from '@chasqui/domain';

/** The machine's clock. Timers keep the process alive, so their owner must cancel them when it is disposed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Sufficient for jitter and tags; secrets use node:crypto. */
export const systemRandom: Random = () => Math.random();

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
