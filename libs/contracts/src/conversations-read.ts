import { directConversation } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  CAT,
  type ConversationsHarness,
  conversationsFixture,
  unreadOf,
} from './conversations-fixture.ts';

export function readTests(harness: ConversationsHarness): void {
  const { conversations, samples, record, entry, markRead, inbox } = conversationsFixture(harness);
  const BOB_CAT = directConversation(BOB, CAT);

  test('C8: each incoming message raises the count of its conversation and the total; one’s own never do', async () => {
    const [first, second] = [await record(), await record()];
    const third = await record({ from: CAT });
    await record({ from: BOB, to: ANN });
    expect(first.outcome.unread).toHaveLength(1);
    expect([first, second, third].map(({ outcome }) => unreadOf(outcome, BOB))).toEqual([
      { userId: BOB, conversationId: ANN_BOB, count: 1, total: 1, position: 1 },
      { userId: BOB, conversationId: ANN_BOB, count: 2, total: 2, position: 2 },
      { userId: BOB, conversationId: BOB_CAT, count: 1, total: 3, position: 3 },
    ]);
    expect(await conversations().unread(BOB)).toEqual({
      userId: BOB,
      total: 3,
      position: 4,
      byConversation: { [ANN_BOB]: 2, [BOB_CAT]: 1 },
    });
    expect((await conversations().unread(ANN)).byConversation).toEqual({ [ANN_BOB]: 1 });
    expect(await conversations().unread('nobody')).toEqual({
      userId: 'nobody',
      total: 0,
      byConversation: {},
      position: 0,
    });
  });

  test('C8: reading up to a message leaves what came in later, and is an update in the reader’s inbox alone', async () => {
    const [first, second] = [await record(), await record(), await record()];
    await record({ from: CAT });
    const at = harness.clock.now();
    expect(await markRead(BOB, ANN_BOB, second.messageId, at)).toEqual({
      changed: true,
      from: '',
      upTo: second.messageId,
      position: 5,
      unread: { userId: BOB, conversationId: ANN_BOB, count: 1, total: 2, position: 5 },
    });
    expect((await inbox(BOB)).at(-1)).toEqual({
      type: 'read',
      conversationId: ANN_BOB,
      upTo: second.messageId,
      at,
      position: 5,
    });
    expect(await inbox(ANN)).toHaveLength(3);
    expect(await entry(BOB)).toMatchObject({
      unread: 1,
      read: { upTo: second.messageId, at, node: `node-${at}` },
    });
    expect(first.messageId < second.messageId).toBe(true);
  });

  test('C7: reading never moves back: an earlier or equal mark writes nothing', async () => {
    const [first, second] = [await record(), await record()];
    await markRead(BOB, ANN_BOB, first.messageId, 1);
    expect(await markRead(BOB, ANN_BOB, second.messageId, 2)).toMatchObject({ from: first.messageId });
    for (const { messageId } of [first, second]) {
      const again = await markRead(BOB, ANN_BOB, messageId, 3);
      expect(again).toMatchObject({ changed: false, unread: { count: 0, total: 0, position: 4 } });
    }
    expect(await inbox(BOB)).toHaveLength(4);
    expect((await entry(BOB))?.read).toEqual({ upTo: second.messageId, at: 2, node: 'node-2' });
  });

  test('who has no such conversation has nothing to read: nothing is written', async () => {
    const { messageId } = await record();
    expect(await markRead(CAT, ANN_BOB, messageId, 1)).toMatchObject({ changed: false, from: '' });
    expect(await entry(CAT)).toBeNull();
    expect(await inbox(CAT)).toEqual([]);
  });

  test('C8: of the same mark made at the same time one counts', async () => {
    const { messageId } = await record();
    const marks = await Promise.all([1, 2, 3, 4].map((at) => markRead(BOB, ANN_BOB, messageId, at)));
    expect(marks.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await inbox(BOB)).toHaveLength(2);
  });

  test('C8: a message that is recorded late, below what its receiver has read, is not unread', async () => {
    const early = samples.nextId();
    const own = await record({ from: BOB, to: ANN });
    await markRead(BOB, ANN_BOB, own.messageId, 1);
    const late = await record({ messageId: early });
    expect(late.messageId).toBe(early);
    expect(unreadOf(late.outcome, BOB)).toMatchObject({ count: 0, total: 0 });
    expect(unreadOf((await record()).outcome, BOB)).toMatchObject({ count: 1, total: 1 });
    expect((await conversations().unread(BOB)).byConversation).toEqual({ [ANN_BOB]: 1 });
  });
}
