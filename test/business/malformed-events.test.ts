import { type BusEvent, encodeEvent, type MessageEventValue } from '@chasqui/core';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { expectSound, statusesOf } from './final-state.ts';
import { House } from './house.ts';

async function started(): Promise<House> {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  return house;
}

/** Published on the bus unchanged. */
function busValueOf<Value extends object>(event: BusEvent): Value {
  return JSON.parse(encodeEvent(event));
}

async function buried(house: House): Promise<string[]> {
  const letters = await house.bus.deadLetters(CONVERSATION_TOPIC, 'business', 100);
  return letters.map(({ body }) => body).reverse();
}

test.each([
  ['is not JSON', 'no JSON'],
  ['is no array', '{"type":"message"}'],
])('C3: a bus message that %s is buried alone', async (_, body) => {
  const house = await started();
  const { message } = eventsOf(house);
  await house.publish([message('ann', 'bob', 'before')]);
  await house.publish([], { body });
  await house.publish([message('ann', 'bob', 'after')]);
  await house.quiet();
  expect(await buried(house)).toEqual([body]);
  expect([...(await statusesOf(house)).keys()]).toEqual(['after', 'before']);
  await expectSound(house);
});

test('C3: an event that nobody could handle is buried alone, not with the neighbours of its bus message', async () => {
  const house = await started();
  const { message, receipt } = eventsOf(house);
  const [one, two] = [message('ann', 'bob', 'one'), message('ann', 'bob', 'two')];
  const { message: _, ...rest } = busValueOf<MessageEventValue>(message('ann', 'bob', 'broken'));
  const broken = [rest, { type: 7 }, 7].map((event) => JSON.stringify(event)) as [string, string, string];
  await house.publish([one, broken[0], two, broken[1], receipt('delivered', one), broken[2]]);
  await house.quiet();
  expect(await buried(house)).toEqual(broken.map((event) => `[${event}]`));
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ one: 'delivered', two: 'stored' });
  await expectSound(house);
});

const sample = (house: House) => eventsOf(house).message('ann', 'bob', 'sample');
const sampleValue = (house: House) => busValueOf<MessageEventValue>(sample(house));

test.each<[string, (house: House) => object]>([
  [
    'a message without its sender',
    (house) => {
      const { message, ...event } = sampleValue(house);
      const { from, ...rest } = message;
      return { ...event, message: rest };
    },
  ],
  [
    'a message of a conversation that is not of its users',
    (house) => {
      const { message, ...event } = sampleValue(house);
      return { ...event, message: { ...message, conversationId: 'ann~cid' } };
    },
  ],
  [
    'a message whose text is none',
    (house) => {
      const { message, ...event } = sampleValue(house);
      return { ...event, message: { ...message, content: { text: 7 } } };
    },
  ],
  ['an offline event without ids', (house) => ({ ...eventsOf(house).offline(sample(house)), messageIds: undefined })],
  ['a receipt of somebody else', (house) => ({ ...eventsOf(house).receipt('read', sample(house)), by: 'eve' })],
  ['a receipt of an unknown state', (house) => ({ ...eventsOf(house).receipt('read', sample(house)), state: 'eaten' })],
  [
    'a recall of what is no message id',
    (house) => ({ ...busValueOf(eventsOf(house).recall(sample(house))), messageId: 'x' }),
  ],
  ['a confirmation of what is no position', (house) => ({ ...eventsOf(house).synced('ann', 1), position: -1 })],
])('C3: %s is buried and holds nobody up', async (_, broken) => {
  const house = await started();
  const event = JSON.stringify(broken(house));
  await house.publish([event]);
  await house.publish([eventsOf(house).message('ann', 'bob', 'after')]);
  await house.quiet();
  expect(await buried(house)).toEqual([`[${event}]`]);
  expect([...(await statusesOf(house)).keys()]).toEqual(['after']);
});
