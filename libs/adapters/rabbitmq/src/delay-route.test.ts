import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DELAY_LEVELS, DELAY_UNIT_MS, delayRoute, duePattern, levelPattern } from './delay-route.ts';
import { namesOf } from './names.ts';

const names = namesOf('p-');
const route = (delayMs: number) => delayRoute(names, { topic: 'conversation', shard: 7, delayMs });

/** How RabbitMQ matches a routing key of a topic exchange. */
function matches(pattern: string, key: string): boolean {
  const expression = pattern
    .replaceAll('.', '\\.')
    .replaceAll('*', '[^.]+')
    .replace('#\\.', '(.*\\.)?')
    .replace('\\.#', '(\\..*)?');
  return new RegExp(`^${expression}$`).test(key);
}

/** Follows the bindings of the levels. */
function travel({ exchange, routingKey }: { exchange: string; routingKey: string }): { waitedMs: number; end: string } {
  let at = exchange;
  let waitedMs = 0;
  for (let level = DELAY_LEVELS - 1; level >= 0; level--) {
    if (at !== names.delay(level)) continue;
    const waits = matches(levelPattern(level, 1), routingKey);
    expect(matches(levelPattern(level, 0), routingKey)).toBe(!waits);
    if (waits) waitedMs += DELAY_UNIT_MS * 2 ** level;
    at = level === 0 ? names.due : names.delay(level - 1);
  }
  return { waitedMs, end: at };
}

test('whatever the delay, a message waits for it, rounded up to a unit, and then reaches its shard alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: (2 ** DELAY_LEVELS - 1) * DELAY_UNIT_MS }), (delayMs) => {
      const { waitedMs, end } = travel(route(delayMs));
      expect(end).toBe(names.due);
      expect(waitedMs).toBeGreaterThanOrEqual(delayMs);
      expect(waitedMs - delayMs).toBeLessThan(DELAY_UNIT_MS);
    }),
  );
  expect(matches(duePattern('conversation', 7), route(500).routingKey)).toBe(true);
  expect(matches(duePattern('conversation', 17), route(500).routingKey)).toBe(false);
  expect(matches(duePattern('push', 7), route(500).routingKey)).toBe(false);
});

test('a short delay enters at its own level, not at the highest', () => {
  expect(route(DELAY_UNIT_MS).exchange).toBe('p-delay.0');
  expect(route(60_000).exchange).toBe('p-delay.9');
});

test('a delay above what the levels can hold is refused', () => {
  expect(() => route(2 ** DELAY_LEVELS * DELAY_UNIT_MS)).toThrow(RangeError);
});
