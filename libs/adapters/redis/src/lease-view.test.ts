import { createManualClock } from '@chasqui/contracts';
import { beforeEach, expect, test } from 'vitest';
import type { RedisClient } from './client.ts';
import { createKeys } from './keys.ts';
import { LeaseView } from './lease-view.ts';
import { RedisLink } from './redis-link.ts';

const clock = createManualClock();
/** The server's answer: node and remaining milliseconds of its lease. */
let leases: Readonly<Record<string, number>>;
let asked: number;
let delayMs: number;
let view: LeaseView;

beforeEach(() => {
  leases = {};
  asked = 0;
  delayMs = 0;
  const evalsha = () => {
    asked++;
    const answer = Object.entries(leases).flat();
    return new Promise((resolve) => clock.after(delayMs, () => resolve(answer)));
  };
  const link = new RedisLink({ client: { evalsha } as unknown as RedisClient, clock, timeoutMs: 60_000 });
  view = new LeaseView(link, createKeys('t:'), clock);
});

async function stand(nodeId: string, incarnation = '1'): Promise<boolean | undefined> {
  const standing = view.stand([{ nodeId, incarnation }]);
  await clock.advance(delayMs);
  return (await standing)[0];
}

test('C9: a lease counts from before the question was sent, and is asked for anew once it has run out', async () => {
  leases = { n1: 1_000 };
  delayMs = 100;
  expect(await stand('n1')).toBe(true);
  await clock.advance(899);
  expect(await stand('n1')).toBe(true);
  expect(asked).toBe(1);
  await clock.advance(1);
  leases = {};
  expect(await stand('n1')).toBe(false);
  expect(asked).toBe(2);
});

test('a question that is under way is not enough for one who comes later: they share the next', async () => {
  delayMs = 100;
  const early = view.stand([{ nodeId: 'n1', incarnation: '1' }]);
  await clock.advance(50);
  leases = { n1: 10_000 };
  const late = [1, 2, 3].map(() => view.stand([{ nodeId: 'n1', incarnation: '1' }]));
  await clock.advance(300);
  expect(await early).toEqual([false]);
  expect(await Promise.all(late)).toEqual([[true], [true], [true]]);
  expect(asked).toBe(2);
});

test('an incarnation whose lease has ended is believed so for a second; its next one, and one without, are asked for', async () => {
  expect(await stand('n1', '1')).toBe(false);
  leases = { n1: 10_000 };
  expect(await stand('n1', '1')).toBe(false);
  expect(asked).toBe(1);
  expect(await stand('n1', '2')).toBe(true);
  leases = {};
  expect(await stand('n2', '')).toBe(false);
  leases = { n2: 10_000 };
  expect(await stand('n2', '')).toBe(true);
});
