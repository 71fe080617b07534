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
