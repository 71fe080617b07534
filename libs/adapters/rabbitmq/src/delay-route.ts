import type { Names } from './names.ts';

/** The shortest delay; any other is rounded up to a multiple of it, ms. */
export const DELAY_UNIT_MS = 100;
/** Level n delays by 2ⁿ units: together 29 hours. */
export const DELAY_LEVELS = 20;

const MAX_UNITS = 2 ** DELAY_LEVELS - 1;

export interface DelayRoute {
  exchange: string;
  routingKey: string;
}

/**
 * The way of a delayed message through the levels: one bit of the delay for each level, the highest first, then the
 * topic and the shard. It enters at its highest level. Errors: `RangeError` for more than 29 hours.
 */
export function delayRoute(names: Names, { topic, shard, delayMs }: { topic: string; shard: number; delayMs: number }) {
  const units = Math.ceil(delayMs / DELAY_UNIT_MS);
  if (units > MAX_UNITS) throw new RangeError(`a delay has at most ${MAX_UNITS * DELAY_UNIT_MS} ms, not ${delayMs}`);
  const bits = [...units.toString(2).padStart(DELAY_LEVELS, '0')];
  const highest = DELAY_LEVELS - 1 - bits.indexOf('1');
  return { exchange: names.delay(highest), routingKey: `${bits.join('.')}.${topic}.${shard}` } satisfies DelayRoute;
}

/** Matches the routing keys whose bit of a level has this value. */
export function levelPattern(level: number, bit: 0 | 1): string {
  return `${'*.'.repeat(DELAY_LEVELS - 1 - level)}${bit}.#`;
}

/** Matches the routing keys of a shard's delayed messages. */
export const duePattern = (topic: string, shard: number): string => `#.${topic}.${shard}`;
