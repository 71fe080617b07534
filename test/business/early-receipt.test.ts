import { CONVERSATION_TOPIC, type ReceiptEvent, shardOf } from '@chasqui/domain';
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
  // More events than are handled in one batch, so that the message is not stored when its receipt is handled.
  const others = Array.from({ length: 64 }, (_, n) => message('ann', 'bob', `other ${n}`));
  const late = message('ann', 'bob', 'late');
  const shard = shardOf(late.encoded.message.conversationId, house.bus.shards(CONVERSATION_TOPIC));
  for (const event of [receipt('delivered', late), ...others, late]) await house.publish([event], { shard });
  house.start();
  await house.clock.advance(100);
  expect((await statusesOf(house)).get('late')).toBe('delivered');
  await house.quiet();
  await expectSound(house);
});

test('C7: a field of a newer version goes with a receipt that is put back', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, receipt } = eventsOf(house);
  const bodies: string[] = [];
  const { publish } = house.bus;
  house.bus.publish = (publication) => {
    if (publication.topic === CONVERSATION_TOPIC) bodies.push(publication.body);
    return publish(publication);
  };
  house.start();
  const event = { ...receipt('delivered', message('ann', 'bob', 'late')), later: { of: 'tomorrow' } };
  await house.publish([JSON.stringify(event)]);
  await house.clock.advance(2_000);
  expect(bodies.length).toBeGreaterThan(2);
  for (const body of bodies) expect(body).toContain('"later":{"of":"tomorrow"}');
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
  expect(await house.logs.page('ann', 0, 10)).toMatchObject({ entries: [], head: 0 });
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

const asUnseen = (event: ReceiptEvent): ReceiptEvent => ({ ...event, unseen: true });

/** The bodies that the house, and processes that start after the call, publish on the conversations' topic. */
function listenTo(house: House): string[] {
  const bodies: string[] = [];
  const { publish } = house.bus;
  house.bus.publish = async (publication) => {
    if (publication.topic === CONVERSATION_TOPIC) bodies.push(publication.body);
    await publish(publication);
  };
  return bodies;
}

test.each(['delivered', 'read'] as const)(
  'C7: a %s ack that comes after a reconnection to a node that never pushed the message counts',
  async (state) => {
    const house = new House();
    await house.connect('ann', 'bob');
    house.start();
    const { message, receipt } = eventsOf(house);
    const [stored, onTheBus] = [message('ann', 'bob', 'stored'), message('ann', 'bob', 'on the bus')];
    await house.publish([stored]);
    await house.quiet();
    await house.publish([onTheBus, asUnseen(receipt(state, stored, onTheBus))]);
    await house.quiet();
    const statuses = await statusesOf(house);
    expect([statuses.get('stored'), statuses.get('on the bus')]).toEqual([state, state]);
    await expectSound(house);
  },
);

test.each(['delivered', 'read'] as const)(
  'C7: a %s ack to such a node that overtakes its message, as its sender is still publishing it, counts too',
  async (state) => {
    const house = new House();
    await house.connect('ann', 'bob');
    house.start();
    const { message, receipt } = eventsOf(house);
    const late = message('ann', 'bob', 'late');
    await house.publish([asUnseen(receipt(state, late))]);
    await house.clock.advance(house.limits.publishDeadlineMs - 500);
    await house.publish([late]);
    await house.quiet();
    expect((await statusesOf(house)).get('late')).toBe(state);
    await expectSound(house);
  },
);

test.each(['delivered', 'read'] as const)(
  'C16: a %s ack of what no node pushed is not repeated, and once at most while it may still come',
  async (state) => {
    const house = new House();
    await house.connect('ann', 'bob');
    const bodies = listenTo(house);
    house.start();
    const { message, receipt } = eventsOf(house);
    await house.publish([message('ann', 'bob', 'known')]);
    await house.quiet();
    const { length } = bodies;
    const old = message('ann', 'bob', 'invented');
    await house.clock.advance(house.limits.publishDeadlineMs);
    await house.publish([asUnseen(receipt(state, old))]);
    await house.clock.advance(60_000);
    expect(bodies).toHaveLength(length + 1);
    await house.publish([asUnseen(receipt(state, message('ann', 'bob', 'invented too')))]);
    await house.clock.advance(60_000);
    expect(bodies).toHaveLength(length + 3);
    expect(await house.bus.lag(CONVERSATION_TOPIC, 'business')).toEqual([]);
    expect((await statusesOf(house)).get('known')).toBe('stored');
  },
);

test('C16: recalls of invented messages are refused with one look for all of them', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, recall } = eventsOf(house);
  const sent = message('ann', 'bob', 'one');
  const invented = Array.from({ length: 50 }, (_, n) => recall(message('ann', 'bob', `invented ${n}`)));
  let looks = 0;
  const { get } = house.messages;
  house.messages.get = (keys) => {
    looks++;
    return get(keys);
  };
  await house.publish([sent, ...invented, recall(sent)]);
  house.start();
  await house.quiet();
  expect(looks).toBeLessThan(20);
  const refused = house.shown.filter(({ frame }) => frame.type === 'error');
  expect(refused).toHaveLength(50);
  expect(house.shown.filter(({ frame }) => frame.type === 'recall').map(({ userId }) => userId)).toEqual([
    'ann',
    'bob',
  ]);
});
