import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture, LINK } from './groups-fixture.ts';

/** Counts of members who join and return, also while many post and read. */
export function newcomerTests(harness: GroupsHarness): void {
  const { create, change, post, offer, read, head, counts, drift, log } = groupsFixture(harness);

  test('C21: whoever joins begins with nothing unread, however they join', async () => {
    await create([BOB], { join: 'approval' });
    await change('link', { linkId: LINK, expiresAt: 0, uses: null });
    await post(ANN, { mentions: 'all' });
    await change('add', { users: [CAT] });
    await change('join', { linkId: LINK }, { by: DAN });
    await change('approve', { users: [DAN] });
    await change('update', { settings: { join: 'open' } });
    await change('join', { linkId: LINK }, { by: EVE });
    expect(await counts(BOB, CAT, DAN, EVE)).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    await post(BOB);
    expect(await counts(BOB, CAT, DAN, EVE)).toEqual([
      [1, 1],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });

  test('C20, C21: open-im-server: a rejoined member’s history is not wrong by one', async () => {
    await create([BOB], { history: 'since_join' });
    const before = await post(ANN);
    await change('remove', { users: [BOB] });
    const missed = await post(ANN, { mentions: 'all' });
    await change('add', { users: [BOB] });
    expect(await counts(BOB)).toEqual([[0, 0]]);
    const after = await post(ANN);
    expect(await counts(BOB)).toEqual([[1, 0]]);
    const { member } = await head(BOB);
    const seenBy = ({ messageId, outcome }: typeof after) => {
      const position = outcome.places[0]?.position ?? 0;
      return member.intervals.map(({ after, afterId, upTo = Infinity, upToId = '~' }) => [
        position > after && position <= upTo,
        messageId > afterId && messageId <= upToId,
      ]);
    };
    expect([before, missed, after].map(seenBy)).toEqual([
      [...[[true, true]], [false, false]],
      [...[[false, false]], [false, false]],
      [...[[false, false]], [true, true]],
    ]);
  });

  test('C21: counts are exact when many post, read, join and leave at once', async () => {
    await create([BOB, CAT, DAN]);
    const first = await post(ANN);
    await Promise.all(
      [ANN, BOB, CAT, DAN].flatMap((user, n) => [
        offer(user, { mentions: [BOB] }),
        read(BOB, first.messageId, n + 1),
        offer(user),
        n === 3 ? change('leave', {}, { by: DAN }) : offer(user, { mentions: [CAT] }),
        change('add', { users: [`new-${n}`] }),
      ]),
    );
    const entries = await log();
    const messages = entries.filter((entry) => entry.type === 'message');
    const unreadAfter = (user: string, start: string) =>
      messages.filter(({ messageId, from }) => messageId > start && from !== user).length;
    for (const user of [ANN, BOB, CAT, 'new-0', 'new-1', 'new-2', 'new-3']) {
      const { unread, read, member } = await head(user);
      expect([user, unread]).toEqual([user, unreadAfter(user, read.upTo)]);
      const isNew = user.startsWith('new');
      const start = member.intervals[0]?.after ?? 0;
      const before = messages.findLast(({ position }) => position <= start)?.messageId ?? '';
      expect(read.upTo).toBe(isNew ? before : user === BOB ? first.messageId : '');
    }
    expect((await counts(BOB))?.[0]?.[1]).toBe(3);
    expect(await drift()).toEqual([]);
  });
}
