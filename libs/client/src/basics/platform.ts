// biome-ignore-all lint/style/noRestrictedGlobals: these are the defaults behind the client's Clock and Random.
// biome-ignore-all lint/plugin: the same.
import type { Clock, Random } from '@chasqui/domain';

/** The platform's clock: the client's only source of real time, unless another clock is given. */
export const platformClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** 32 random bits from the platform's cryptographic source: message ids of two devices must not collide. */
export const platformRandom: Random = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
