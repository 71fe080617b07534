import type { StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { House } from './house.ts';

/** What a message to bob comes to, without any event but its own. */
async function sentTo({ isOnline = false, times = 1 }) {
  const house = new House();
  await house.connect('ann', ...(isOnline ? ['bob'] : []));
  house.start();
  const sent = eventsOf(house).message('ann', 'bob', 'one');
  for (let n = 0; n < times; n++) {
    await house.publish([sent]);
    await house.quiet();
  }
  const { message } = sent.encoded;
  const [stored] = await house.messages.get([message]);
  const [cached] = await house.offlineCache.get('bob', [message.messageId]);
  const receipts = house.shown.flatMap(({ userId, frame }) =>
    userId === 'ann' && frame.type === 'receipt' ? [frame.state] : [],
  );
  return { house, message, stored, cached, receipts, tasks: house.pushTasks.map(({ to }) => to) };
}

/** No frame shows a message's steps, so the cache need not have them. */
const withoutSteps = (message: StoredMessage | null | undefined) => message && { ...message, steps: [] };

test('C7, C9: who is away when a message is stored counts as unread, whatever its node says', async () => {
  const { stored, receipts, tasks } = await sentTo({});
  expect(stored?.statuses).toEqual({ bob: 'unread' });
  expect(receipts).toEqual(['unread']);
  expect(tasks).toEqual(['bob']);
});

test('who is there when a message is stored does not', async () => {
  const { stored, receipts, tasks, cached } = await sentTo({ isOnline: true });
  expect([stored?.statuses, receipts, tasks, cached]).toEqual([{}, [], [], null]);
});

test('the offline cache has the message as the store has it', async () => {
  const { stored, cached } = await sentTo({});
  expect(cached).not.toBeNull();
  expect(withoutSteps(cached)).toEqual(withoutSteps(stored));
});

test('C4, C7: a copy of it changes nothing, and of what became of the first one the store tells', async () => {
  const { receipts, tasks, cached, stored } = await sentTo({ times: 2 });
  expect([receipts, tasks]).toEqual([['unread'], ['bob']]);
  expect(withoutSteps(cached)).toEqual(withoutSteps(stored));
});
