import { directConversation } from '@chasqui/domain';
import type { DriftReport } from '@chasqui/ports';
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
  const { conversations, logs, samples, record, entry, markRead, noDrift, inbox } = conversationsFixture(harness);
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

  test('C8: a recount finds drift, reports it, and repairs it when asked to', async () => {
    await record();
    await record();
    await record({ from: CAT });
    await harness.spoilCount(BOB, ANN_BOB, 7);
    const drift = [{ userId: BOB, conversationId: ANN_BOB, count: 'unread', stored: 7, recomputed: 2 }];
    expect((await conversations().recount(null, { repair: false, limit: 100 })).drift).toEqual(drift);
    expect((await entry(BOB))?.unread).toBe(7);
    expect((await conversations().recount(null, { repair: true, limit: 100 })).drift).toEqual(drift);
    expect((await entry(BOB))?.unread).toBe(2);
    expect(await conversations().unread(BOB)).toMatchObject({
      total: 3,
      byConversation: { [ANN_BOB]: 2, [BOB_CAT]: 1 },
    });
    expect((await conversations().recount(null, { repair: false, limit: 100 })).drift).toEqual([]);
  });

  /** Three messages whose inbox entries are trimmed, one of another conversation between them, and two that are kept. */
  async function trimmedAndKept() {
    const trimmed = [await record(), await record(), await record()];
    await record({ from: CAT });
    await harness.advance(30);
    expect(await logs().trim(harness.clock.now(), 100)).toBe(8);
    return { trimmed, kept: [await record(), await record()] };
  }

  test('C8, C10: unread messages stay unread when their inbox entries are trimmed, and a recount knows of them', async () => {
    await trimmedAndKept();
    expect(await conversations().unread(BOB)).toMatchObject({
      total: 6,
      byConversation: { [ANN_BOB]: 5, [BOB_CAT]: 1 },
    });
    await noDrift();
    await harness.spoilCount(BOB, ANN_BOB, 2);
    const drift = [{ userId: BOB, conversationId: ANN_BOB, count: 'unread', stored: 2, recomputed: 5 }];
    expect((await conversations().recount(null, { repair: true, limit: 100 })).drift).toEqual(drift);
    expect(await conversations().unread(BOB)).toMatchObject({
      total: 6,
      byConversation: { [ANN_BOB]: 5, [BOB_CAT]: 1 },
    });
    await noDrift();
  });

  test('C8, C10: reading up to a message that is kept reads all that is trimmed before it', async () => {
    const { kept } = await trimmedAndKept();
    const { unread } = await markRead(BOB, ANN_BOB, kept[0]?.messageId ?? '', 1);
    expect(unread).toMatchObject({ count: 1, total: 2 });
    await noDrift();
    expect(unreadOf((await record()).outcome, BOB)).toMatchObject({ count: 2, total: 3 });
  });

  test('C8, C10: reading up to a message that is trimmed leaves no less than what is unread, until a kept one is read', async () => {
    const { trimmed, kept } = await trimmedAndKept();
    const { unread } = await markRead(BOB, ANN_BOB, trimmed[1]?.messageId ?? '', 1);
    expect(unread.count).toBeGreaterThanOrEqual(3);
    expect(unread.count).toBeLessThanOrEqual(5);
    expect(unread.total).toBe(unread.count + 1);
    await noDrift();
    expect((await markRead(BOB, ANN_BOB, kept[1]?.messageId ?? '', 2)).unread).toMatchObject({
      count: 0,
      total: 1,
    });
    await noDrift();
  });

  test('C8: a recount goes through all users page by page', async () => {
    const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
    for (const user of users) await record({ from: ANN, to: user });
    for (const user of users) await harness.spoilCount(user, directConversation(ANN, user), 9);
    const found: DriftReport[] = [];
    let counted = 0;
    for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
      const page: Awaited<ReturnType<ReturnType<typeof conversations>['recount']>> = await conversations().recount(
        cursor,
        {
          repair: true,
          limit: 2,
        },
      );
      expect(page.users).toBeLessThanOrEqual(2);
      expect(pages).toBeLessThan(10);
      counted += page.users;
      found.push(...page.drift);
      cursor = page.cursor;
    }
    expect(counted).toBe(6);
    expect(found.map(({ userId }) => userId).sort()).toEqual(users);
  });
}
