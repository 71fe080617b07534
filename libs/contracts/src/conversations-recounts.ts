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

/** Counts of unread messages when inboxes are trimmed, and their recount. */
export function recountTests(harness: ConversationsHarness): void {
  const { conversations, logs, record, entry, markRead, noDrift } = conversationsFixture(harness);
  const BOB_CAT = directConversation(BOB, CAT);

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
