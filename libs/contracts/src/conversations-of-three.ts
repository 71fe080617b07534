import { expect, test } from 'vitest';
import {
  ANN,
  BOB,
  CAT,
  type ConversationsHarness,
  conversationsFixture,
  positionsIn,
  recorded,
  THREE,
  toThree,
} from './conversations-fixture.ts';
import { toRecord } from './samples.ts';

/** Messages to three inboxes. */
export function threeTests(harness: ConversationsHarness): void {
  const { samples, conversations, record, markRead, entry, noDrift, inbox } = conversationsFixture(harness);
  /** A message from Ann to Bob, who silently blocks her. */
  test('C3, C8: a message to three inboxes is in each of them, and counts for everybody but its sender', async () => {
    const own = await record({ to: CAT });
    const { messageId, clientMessageId, outcome, sentAt } = await record(toThree(ANN));
    expect(positionsIn(outcome, ANN, BOB, CAT)).toEqual([2, 1, 2]);
    expect(outcome.unread.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))).toEqual([
      { userId: BOB, conversationId: THREE, count: 1, total: 1, position: 1 },
      { userId: CAT, conversationId: THREE, count: 1, total: 2, position: 2 },
    ]);
    for (const user of [ANN, BOB, CAT]) {
      const update = { type: 'message', conversationId: THREE, messageId, from: ANN, clientMessageId };
      expect((await inbox(user)).at(-1)).toMatchObject(update);
      expect(await entry(user, THREE)).toMatchObject({
        userId: user,
        lastMessageId: messageId,
        lastFrom: ANN,
        unread: user === ANN ? 0 : 1,
        updatedAt: sentAt,
      });
    }
    expect(own.outcome.places).toHaveLength(2);
    await noDrift();
  });

  test('C3: an id that any other of three has is never given to a second message', async () => {
    const users = [ANN, BOB, CAT];
    for (const [first, second] of users.flatMap((one) => users.map((other) => [one, other] as const))) {
      if (first === second) continue;
      await record(toThree(second));
      const messageId = samples.nextId();
      expect((await record({ ...toThree(first), messageId })).messageId).toBe(messageId);
      expect((await record({ ...toThree(second), messageId })).messageId > messageId).toBe(true);
    }
  });

  test('C4, C5: of three senders each keeps the order of its devices, and copies are found', async () => {
    const id = samples.nextId();
    const before = await record(toThree(BOB));
    for (const from of [ANN, CAT]) await record(toThree(from));
    const last = await record({ ...toThree(BOB), messageId: id });
    expect(last.messageId > before.messageId).toBe(true);
    const again = recorded((await conversations().record([{ ...last, messageId: id }]))[0]);
    expect(again).toMatchObject({ result: 'duplicate', messageId: last.messageId, places: last.outcome.places });
    expect(again.unread.map(({ userId }) => userId).toSorted()).toEqual([ANN, CAT]);
  });

  test('C4: the same clientMessageId in another conversation is a conflict', async () => {
    const first = await record({ ...toThree(ANN), clientMessageId: 'same', text: 'yes' });
    const elsewhere = { ...first, conversationId: 'four', audience: [ANN, BOB] };
    expect(await conversations().record([toRecord(elsewhere)])).toMatchObject([{ result: 'conflict' }]);
  });

  test('C8: each of three reads for themselves', async () => {
    const [first, second] = [await record(toThree(ANN)), await record(toThree(CAT))];
    expect((await markRead(BOB, THREE, first.messageId, 1)).unread).toMatchObject({ count: 1, total: 1 });
    expect((await entry(BOB, THREE))?.read).toEqual({ upTo: first.messageId, at: 1, node: 'node-1' });
    expect((await entry(CAT, THREE))?.read).toEqual({ upTo: '', at: 0, node: '' });
    const counts = async () =>
      Promise.all([ANN, BOB, CAT].map(async (user) => (await conversations().unread(user)).total));
    expect(await counts()).toEqual([1, 1, 1]);
    expect((await markRead(BOB, THREE, second.messageId, 2)).from).toBe(first.messageId);
    expect(await counts()).toEqual([1, 0, 1]);
    expect((await inbox(CAT)).map(({ type }) => type)).toEqual(['message', 'message']);
    await noDrift();
  });
}
