import { CONVERSATION_TOPIC, shardOf } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { expectSound, statusesOf } from './final-state.ts';
import { House } from './house.ts';

test.each(['delivered', 'read'] as const)(
  'C7: a %s receipt that overtakes its message is told after it',
  async (state) => {
    const house = new House();
    await house.connect('ann', 'bob');
    house.start();
    const { message, receipt } = eventsOf(house);
    const [known, late] = [message('ann', 'bob', 'known'), message('ann', 'bob', 'late')];
    await house.publish([known]);
    await house.quiet();
    await house.publish([receipt(state, known, late)]);
    await house.clock.advance(2_000);
    expect((await statusesOf(house)).get('known')).toBe(state);
    await house.publish([late]);
    await house.quiet();
    expect((await statusesOf(house)).get('late')).toBe(state);
    await expectSound(house);
  },
);

test('C7: a receipt whose message comes a moment later is told at once', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, receipt } = eventsOf(house);
  // More than is handled together, so that the message is not there when its receipt is handled.
  const others = Array.from({ length: 64 }, (_, n) => message('ann', 'bob', `other ${n}`));
  const late = message('ann', 'bob', 'late');
  const shard = shardOf(late.message.conversationId, house.bus.shards(CONVERSATION_TOPIC));
  for (const event of [receipt('delivered', late), ...others, late]) await house.publish([event], { shard });
  house.start();
  await house.clock.advance(100);
  expect((await statusesOf(house)).get('late')).toBe('delivered');
  await house.quiet();
  await expectSound(house);
});

test('C16: a receipt for what never comes is given up, and causes nothing', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, receipt } = eventsOf(house);
  const lag = () => house.bus.lag('conversation', 'business');
  await house.publish([receipt('delivered', message('ann', 'bob', 'nothing'))]);
  await house.clock.advance(20_000);
  expect(await lag()).not.toEqual([]);
  await house.clock.advance(20_000);
  expect(await lag()).toEqual([]);
  expect(house.shown).toEqual([]);
  expect(await house.inboxes.page('ann', 0, 10)).toMatchObject({ entries: [], head: 0 });
});

test('C15: nobody acks for another: a receipt by the sender changes nothing', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, receipt } = eventsOf(house);
  const sent = message('ann', 'bob', 'one');
  await house.publish([sent]);
  await house.quiet();
  await house.publish([{ ...receipt('delivered', sent), by: 'ann' }]);
  await house.quiet();
  expect((await statusesOf(house)).get('one')).toBe('stored');
});
