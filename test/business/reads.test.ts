import { directAudience, type MessageEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { expectSound, inbox, statusesOf } from './final-state.ts';
import { House, sessionOf } from './house.ts';

/**
 * bob, now offline, has read ann's message. No other event says that he received it, and the node that knew has ended.
 */
async function afterReading(...names: string[]) {
  const house = new House();
  await house.connect('ann', 'bob');
  const events = eventsOf(house);
  const first = house.start();
  const sent = names.map((name) => events.message('ann', 'bob', name));
  await house.publish(sent);
  await house.quiet();
  await house.publish([events.receipt('read', sent.at(-1) as MessageEvent)]);
  await house.quiet();
  await house.stop(first);
  await house.presence.unregister({ userId: 'bob', deviceId: 'phone', sessionId: sessionOf('bob') });
  return { house, sent, events, one: sent[0] as MessageEvent };
}

const receiptsOf = async (house: House) =>
  (await inbox(house, 'ann')).flatMap((entry) => (entry.type === 'receipt' ? [entry.state] : []));

test('C7: reading writes one row, however much is read: no message is looked for, written or indexed', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, receipt } = eventsOf(house);
  const process = house.start();
  const sent = Array.from({ length: 450 }, (_, n) => message('ann', 'bob', `text ${n}`));
  await house.publish(sent);
  await house.quiet();
  process.arm(null);
  await house.publish([receipt('read', ...sent.slice(-2))]);
  await house.quiet();
  expect(process.steps.filter((step) => !/^(presence|registry|peers)\./.test(step))).toEqual([
    ...['messages.get', 'conversations.entries', 'conversations.markRead', 'unreadCache.set', 'logs.append'],
    // What the host application is told.
    'bus.publish',
  ]);
  expect(new Set((await statusesOf(house)).values())).toEqual(new Set(['read']));
  await expectSound(house);
});

test('C7: the mark says when and on which node, for traces', async () => {
  const { house, one } = await afterReading('one');
  const { conversationId } = one.encoded.message;
  const [entry] = await house.conversations.entries([{ userId: 'bob', conversationId }]);
  expect(entry?.read).toEqual({
    upTo: one.encoded.message.messageId,
    at: expect.any(Number),
    node: one.nodeId,
  });
});

test.each<[string, (events: ReturnType<typeof eventsOf>, one: MessageEvent) => Parameters<House['publish']>[0]]>([
  ['a push of it that nobody acked', ({ offline }, one) => [offline(one, 'bob')]],
  ['another device that acks it', ({ receipt }, one) => [receipt('delivered', one)]],
  ['another device that syncs it', ({ synced }) => [synced('bob', 1)]],
  ['a second copy of it, while nobody is there', (_, one) => [one]],
])('C7, C17: after %s its sender is told nothing less than read, and nobody is notified', async (_, later) => {
  const { house, events, one } = await afterReading('one', 'two');
  expect(await receiptsOf(house)).toEqual(['read']);
  house.start();
  await house.publish(later(events, one));
  await house.quiet();
  expect(new Set(await receiptsOf(house))).toEqual(new Set(['read']));
  expect(house.pushTasks).toEqual([]);
  expect((await statusesOf(house)).get('one')).toBe('read');
});

test('C7, C13: who may not see a message cannot read it: the mark stays', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, receipt } = eventsOf(house);
  const seen = message('ann', 'bob', 'seen');
  const unheard = message('ann', 'bob', 'unheard', { audience: directAudience('ann', 'bob', true) });
  await house.publish([seen, unheard]);
  await house.quiet();
  await house.publish([receipt('read', seen, unheard)]);
  await house.quiet();
  const { conversationId, messageId } = seen.encoded.message;
  const [entry] = await house.conversations.entries([{ userId: 'bob', conversationId }]);
  expect(entry?.read.upTo).toBe(messageId);
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ seen: 'read', unheard: 'unread' });
  await expectSound(house);
});
