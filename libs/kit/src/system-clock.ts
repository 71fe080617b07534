import type { Clock, Random } from '@chasqui/domain';

/** The machine's clock. Timers hold the process open: an owner cancels its timers when it is disposed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Good enough for jitter and tags; secrets come from node:crypto. */
export const systemRandom: Random = () => Math.random();
