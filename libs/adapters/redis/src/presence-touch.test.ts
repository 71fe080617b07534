import { createManualClock } from '@chasqui/contracts';
import { expect, test, vi } from 'vitest';
import type { RedisClient } from './client.ts';
import { createKeys } from './keys.ts';
import { PresenceTouch } from './presence-touch.ts';
import { RedisLink } from './redis-link.ts';

const MINUTE = 60_000;

function touchOf(pages: readonly string[][]) {
  const clock = createManualClock();
  const left = [...pages];
  const zrangebylex = vi.fn(async (_set: string, _after: string) => left.shift() ?? []);
  const client = { zrangebylex, pexpire: async () => 1, evalsha: async () => 1, zrem: async () => 0 };
  const link = new RedisLink({ client: client as unknown as RedisClient, clock, timeoutMs: 1_000 });
  return { clock, touch: new PresenceTouch(link, createKeys('t:'), clock), zrangebylex };
}

const registration = (i: number) => JSON.stringify([`user${i}`, 'phone', `s${i}`, '1']);

test('a node’s entries are gone through a page a minute, however often it renews, and then from the beginning', async () => {
  const full = Array.from({ length: 500 }, (_, i) => registration(i));
  const { clock, touch, zrangebylex } = touchOf([full, [registration(500)], []]);
  const renewFor = async (minutes: number) => {
    for (let i = 0; i < minutes * 30; i++) {
      touch.soon('n1');
      await clock.advance(2_000);
    }
  };
  await renewFor(1);
  expect(zrangebylex).not.toHaveBeenCalled();
  await renewFor(3);
  expect(zrangebylex.mock.calls.map(([, after]) => after)).toEqual(['-', `(${registration(499)}`, '-']);
});

test('a page that fails is taken up again a minute later', async () => {
  const { clock, touch, zrangebylex } = touchOf([]);
  zrangebylex.mockRejectedValueOnce(new Error('away'));
  touch.soon('n1');
  await clock.advance(MINUTE);
  touch.soon('n1');
  await clock.advance(MINUTE);
  touch.soon('n1');
  await clock.advance(1);
  expect(zrangebylex.mock.calls.map(([, after]) => after)).toEqual(['-', '-']);
});
