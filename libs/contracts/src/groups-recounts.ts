import { expect, test } from 'vitest';
import { ANN, BOB, CAT, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

/** Counts of logs that are trimmed, and their recount. */
export function recountTests(harness: GroupsHarness): void {
  const { spoilCount } = harness;
  const { logs, create, post, mention, read, counts, drift } = groupsFixture(harness);

  test('C21: what is unread stays so when the log is trimmed, and is read as before', async () => {
    await create();
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push((await post(ANN, { mentions: 'all' })).messageId);
    await harness.advance(30);
    await logs().trim(harness.clock.now(), 100);
    expect(await counts(BOB)).toEqual([[4, 4]]);
    const fresh = await post(CAT);
    expect(await counts(BOB)).toEqual([[5, 4]]);
    expect(await drift()).toEqual([]);
    await read(BOB, ids[1] ?? '');
    expect(await counts(BOB)).toEqual([[3, 2]]);
    expect(await drift()).toEqual([]);
    await read(BOB, fresh.messageId);
    expect(await counts(BOB, CAT)).toEqual([
      [0, 0],
      [4, 4],
    ]);
  });

  if (spoilCount !== undefined) {
    test('C21: a recount finds a wrong count, reports it, and repairs it when asked to', async () => {
      await create();
      const ids: string[] = [];
      for (const from of [ANN, BOB, ANN, CAT]) ids.push((await post(from, { mentions: [CAT] })).messageId);
      await read(CAT, ids[0] ?? '');
      await spoilCount(CAT, TEAM, 7, 2);
      expect(await counts(CAT)).toEqual([[7, 2]]);
      const wrong = [{ userId: CAT, conversationId: TEAM, count: 'unread', stored: 7, recomputed: 2 }];
      expect(await drift()).toEqual(wrong);
      expect(await drift(true)).toEqual(wrong);
      expect(await counts(BOB, CAT)).toEqual([
        [3, 0],
        [2, 2],
      ]);
      expect(await drift()).toEqual([]);
      await post(ANN);
      expect(await counts(CAT)).toEqual([[3, 2]]);
    });

    test('C21: so it does with wrong counts of mentions, by name and of all, also where the log is trimmed', async () => {
      await create([BOB, CAT], { mentionAll: 'all' });
      const first = await post(ANN, { mentions: [CAT] });
      await post(ANN, { mentions: 'all' });
      await post(BOB, { mentions: [BOB, CAT] });
      await post(CAT, { mentions: 'all' });
      await harness.advance(30);
      await logs().trim(harness.clock.now(), 100);
      await post(BOB, { mentions: 'all' });
      await read(CAT, first.messageId);
      const right = [
        [3, 2],
        [3, 3],
      ];
      expect(await counts(BOB, CAT)).toEqual(right);
      expect(await drift()).toEqual([]);
      await spoilCount(CAT, TEAM, 3, 0);
      const wrong = [{ userId: CAT, conversationId: TEAM, count: 'mentions', stored: 0, recomputed: 3 }];
      expect(await drift()).toEqual(wrong);
      await spoilCount(CAT, TEAM, 0, 9);
      const both = [
        { userId: CAT, conversationId: TEAM, count: 'unread', stored: 0, recomputed: 3 },
        { userId: CAT, conversationId: TEAM, count: 'mentions', stored: 9, recomputed: 3 },
      ];
      expect(await drift(true)).toEqual(both);
      expect(await counts(BOB, CAT)).toEqual(right);
      expect(await drift()).toEqual([]);
      await mention(ANN, [CAT]);
      expect(await counts(CAT)).toEqual([[4, 4]]);
    });
  }
}
