import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  CAT,
  type ConversationsHarness,
  conversationsFixture,
  positionsIn,
} from './conversations-fixture.ts';
import { toRecord } from './samples.ts';

/** Messages that are recorded again, and others under the same `clientMessageId`. */
export function copyTests(harness: ConversationsHarness): void {
  const { conversations, samples, record, entry, inbox } = conversationsFixture(harness);

  test('C4: a second copy, under whatever id, is a duplicate: it gets what the first one got and changes nothing', async () => {
    const first = await record();
    const later = await record();
    const [again] = await conversations().record([
      { ...first, messageId: samples.nextId(), sentAt: first.sentAt + 60_000 },
    ]);
    expect(again).toEqual({
      result: 'duplicate',
      messageId: first.messageId,
      places: first.outcome.places,
      unread: [{ userId: BOB, conversationId: ANN_BOB, count: 2, total: 2, position: 2 }],
    });
    expect(positionsIn(first.outcome, ANN, BOB)).toEqual([1, 1]);
    expect(await inbox(BOB)).toHaveLength(2);
    expect(await entry(BOB)).toMatchObject({
      unread: 2,
      lastMessageId: later.messageId,
      updatedAt: later.sentAt,
    });
  });

  test('C4: a second copy whose data has its keys in another order is a duplicate; with another value it is a conflict', async () => {
    const first = await record({ content: { text: 'x', data: { z: [1, { b: 1, a: 2 }], a: null } } });
    const results = async (content: object) =>
      (await conversations().record([toRecord({ ...first, messageId: samples.nextId(), content })])).map(
        ({ result }) => result,
      );
    expect(await results({ data: { a: null, z: [1, { a: 2, b: 1 }] }, text: 'x' })).toEqual(['duplicate']);
    expect(await results({ data: { a: null, z: [1, { a: 2, b: 2 }] }, text: 'x' })).toEqual(['conflict']);
  });

  test('C4: the digests that came with a message tell copies from other messages, also a former one', async () => {
    const first = await record({ content: { data: { a: 1 } } });
    const results = async (...digests: [string, string?]) =>
      (await conversations().record([{ ...first, digests }])).map(({ result }) => result);
    expect(await results('another')).toEqual(['conflict']);
    expect(await results('another', first.digests[0])).toEqual(['duplicate']);
  });

  test('C4: a second copy in the same batch, or at the same time, is a duplicate too', async () => {
    const message = toRecord(samples.message({ from: ANN, to: BOB }));
    const copy = { ...message, messageId: samples.nextId() };
    const batch = await conversations().record([message, copy]);
    expect(batch.map(({ result }) => result)).toEqual(['recorded', 'duplicate']);
    expect(batch.map(({ messageId }) => messageId)).toEqual([message.messageId, message.messageId]);

    const other = toRecord(samples.message({ from: ANN, to: BOB }));
    const racing = await Promise.all(Array.from({ length: 5 }, () => conversations().record([other])));
    expect(
      racing
        .flat()
        .map(({ result }) => result)
        .sort(),
    ).toEqual([...['duplicate', 'duplicate', 'duplicate', 'duplicate', 'recorded']]);
    expect(await inbox(BOB)).toHaveLength(2);
  });

  test('C4: the same clientMessageId with other content, or to someone else, is a conflict and changes nothing', async () => {
    const first = await record({ text: 'yes' });
    const conflicts = await conversations().record([
      toRecord({ ...first, content: { text: 'no' } }),
      toRecord({ ...first, content: { text: 'yes', data: { image: 1 } } }),
      toRecord(samples.message({ from: ANN, to: CAT, clientMessageId: first.clientMessageId, content: first.content })),
    ]);
    expect(conflicts).toEqual(Array(3).fill({ result: 'conflict', messageId: first.messageId }));
    expect(await inbox(ANN)).toHaveLength(1);
    expect(await inbox(CAT)).toEqual([]);
    expect((await conversations().unread(BOB)).total).toBe(1);
  });

  test('C4: a clientMessageId is its sender’s own: another sender may use the same', async () => {
    await record({ clientMessageId: 'same' });
    expect((await record({ from: BOB, to: ANN, clientMessageId: 'same' })).outcome.result).toBe('recorded');
    expect((await record({ from: CAT, clientMessageId: 'same' })).outcome.result).toBe('recorded');
  });
}
