import { decodeEvents, encodeEvent, joinEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { statusesOf, syncedPage } from './final-state.ts';
import { House, sessionOf } from './house.ts';

async function started(): Promise<House> {
  const house = new House();
  await house.connect('ann', 'bob', 'cid');
  return house;
}

const letters = (house: House) => house.bus.deadLetters(CONVERSATION_TOPIC, 'business', 100);

/** The frames that a session received about a message that cannot be processed. */
const refusal = (ref: string) => ({
  userId: 'ann',
  onlySession: sessionOf('ann'),
  frame: expect.objectContaining({ type: 'error', code: 'unprocessable', retry: 'never', ref }),
});

describe('no event holds its shard', () => {
  test('C3: content that is nested too deeply, on the bus of an earlier version, is set aside alone', async () => {
    const house = await started();
    const { message } = eventsOf(house);
    const bad = message('ann', 'bob', 'bad', { content: { data: {} } });
    const deep = encodeEvent(bad).replace('"data":{}', `"data":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`);
    const [one, two, three] = ['one', 'two', 'three'].map((name) => encodeEvent(message('ann', 'bob', name)));
    const other = encodeEvent(message('cid', 'bob', 'other'));
    const body = joinEvents([one, deep, two, other] as string[]);
    await house.publish([], { body });
    await house.publish([], { body: joinEvents([three as string]) });
    // As every engine behaves.
    const { put } = house.messages;
    house.messages.put = async (all) => put(JSON.parse(JSON.stringify(all)));
    house.start();
    await house.quiet();
    const acked = house.shown.flatMap(({ frame }) => (frame.type === 'server_ack' ? [frame.clientMessageId] : []));
    expect(acked).toEqual(['one', 'two', 'other', 'three']);
    expect(house.shown).toContainEqual(refusal('bad'));
    const { messageId, conversationId } = bad.encoded.message;
    expect(house.shown).toContainEqual({ userId: 'bob', frame: { type: 'retract', messageId, conversationId } });
    const [letter, ...others] = await letters(house);
    expect(others).toEqual([]);
    expect(letter?.body).toContain(deep);
    expect(letter?.error).toBe('unprocessable: handling it ends in a RangeError each time');
    const shown = (await statusesOf(house)).keys();
    expect([...shown].filter((name) => name !== 'bad').toSorted()).toEqual(['one', 'other', 'three', 'two']);
    expect((await house.messages.get([bad.encoded.message]))[0]?.content ?? {}).toEqual({});
    expect((await syncedPage(house, 'bob')).caughtUp).toBe(true);
  });

  test.each([
    ['logs take and the message store refuses', 'messages'],
    ['the message store takes and logs refuse', 'conversations'],
  ] as const)(
    'C3, C10: a message that %s for good is nowhere, or taken back; nobody’s sync ends at it',
    async (_, where) => {
      const house = await started();
      const { message } = eventsOf(house);
      const refuse = ({ content }: { content: { text?: string } }) => {
        if (content.text === 'bad') throw new ImError('unprocessable', 'the database permanently refuses this value');
      };
      if (where === 'messages') {
        const { put } = house.messages;
        house.messages.put = async (all) => {
          for (const { message: one } of all) refuse(one);
          return put(all);
        };
      } else {
        const { record } = house.conversations;
        house.conversations.record = async (all) => {
          for (const one of all) refuse(one);
          return record(all);
        };
      }
      const bad = message('ann', 'bob', 'bad');
      await house.publish([message('ann', 'bob', 'before'), bad, message('ann', 'bob', 'after')]);
      house.start();
      await house.quiet();
      expect(house.shown).toContainEqual(refusal('bad'));
      expect(await letters(house)).toHaveLength(1);
      for (const user of ['ann', 'bob']) {
        const { updates, caughtUp } = await syncedPage(house, user);
        expect(caughtUp).toBe(true);
        const texts = updates.flatMap((update) =>
          update.type === 'chat' ? [update.content?.text ?? 'taken back'] : [],
        );
        expect(texts.filter((text) => text !== 'taken back')).toEqual(['before', 'after']);
      }
      const found = await house.messages.page(bad.encoded.message.conversationId, { limit: 10 });
      expect(found.map(({ content }) => content.text).filter((text) => text !== undefined)).toEqual([
        'after',
        'before',
      ]);
    },
  );

  test('C3: a recall that can never be made is refused for good', async () => {
    const house = await started();
    const { message, recall } = eventsOf(house);
    const sent = message('ann', 'bob', 'one');
    const { apply } = house.messages;
    house.messages.apply = () => Promise.reject(new TypeError('a fault of ours'));
    await house.publish([sent, { ...recall(sent), ref: 'r1' }, message('ann', 'bob', 'two')]);
    house.start();
    await house.quiet();
    house.messages.apply = apply;
    expect(house.shown).toContainEqual(refusal('r1'));
    expect(decodeEvents((await letters(house))[0]?.body ?? '')).toMatchObject([{ event: { type: 'recall' } }]);
    expect([...(await statusesOf(house)).keys()].toSorted()).toEqual(['one', 'two']);
  });

  test('C3: a store that is away beside a fault of ours: nothing is set aside until it is back', async () => {
    const house = await started();
    const { message } = eventsOf(house);
    const { record } = house.conversations;
    const { put } = house.messages;
    house.conversations.record = () => Promise.reject(new ImError('store_unavailable', 'away'));
    house.messages.put = () => Promise.reject(new ImError('store_unavailable', 'away'));
    await house.publish([message('ann', 'bob', 'one')]);
    house.start();
    await house.clock.advance(120_000);
    expect(await letters(house)).toEqual([]);
    Object.assign(house.conversations, { record });
    Object.assign(house.messages, { put });
    await house.quiet();
    expect([...(await statusesOf(house)).keys()]).toEqual(['one']);
  });
});
