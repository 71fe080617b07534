import { ImError } from '@chasqui/domain';
import { afterEach, expect, test, vi } from 'vitest';
import { eventsOf } from './events.ts';
import { House } from './house.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** cid is offline; a message for cid is in the offline cache and is recalled while the cache does not answer. */
async function recalledWhileAway() {
  const house = new House();
  const { message, recall } = eventsOf(house);
  const process = house.start();
  const secret = message('ann', 'cid', 'secret');
  const { messageId } = secret.encoded.message;
  await house.publish([secret]);
  await house.quiet();
  expect(await house.offlineCache.get('cid', [messageId])).toMatchObject([{ content: { text: 'secret' } }]);
  const drop = vi.spyOn(house.offlineCache, 'drop');
  drop.mockRejectedValue(new ImError('presence_unavailable', 'away'));
  await house.publish([recall(secret)]);
  await house.clock.advance(500);
  const found = () => house.offlineCache.get('cid', [messageId]);
  return { house, process, drop, found };
}

test('what was recalled while the offline cache was away leaves it when it is back', async () => {
  const { house, drop, found } = await recalledWhileAway();
  expect(await found()).not.toEqual([null]);
  await house.clock.advance(3_000);
  drop.mockRestore();
  await house.clock.advance(1_000);
  expect(await found()).toEqual([null]);
});

test('a process that stops drops it before it ends', async () => {
  const { house, process, drop, found } = await recalledWhileAway();
  drop.mockRestore();
  await house.stop(process);
  expect(await found()).toEqual([null]);
});
